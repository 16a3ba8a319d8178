package kiln.math;

/// Matrices as Java arrays of rows, and the row operations that the decompositions are made of.
///
/// Loops over two different row arrays with one index are what C2 vectorises; a flat matrix with offsets it does not.
final class Rows {
    private Rows() {}

    /// {@return a copy of an `m × n` matrix that lies in `a` row by row}
    static double[][] of(double[] a, int m, int n) {
        double[][] rows = new double[m][n];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, i * n, rows[i], 0, n);
        }
        return rows;
    }

    /// {@return the columns of an `m × n` matrix, as rows}
    static double[][] columns(double[] a, int m, int n) {
        double[][] columns = new double[n][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                columns[j][i] = a[i * n + j];
            }
        }
        return columns;
    }

    /// Elements `from ≤ i < to` of a column, of which element `i` lies at `at + i · stride`, into a row.
    static void column(double[] a, int at, int stride, double[] row, int from, int to) {
        for (int i = from, k = at + from * stride; i < to; i++, k += stride) {
            row[i] = a[k];
        }
    }

    /// Elements `from ≤ i < to` of a row into a column, where element `i` comes to lie at `at + i · stride`.
    static void toColumn(double[] row, int from, int to, double[] a, int at, int stride) {
        for (int i = from, k = at + from * stride; i < to; i++, k += stride) {
            a[k] = row[i];
        }
    }

    /// {@return the rows one after the other}
    static double[] flat(double[][] rows, int n) {
        double[] out = new double[rows.length * n];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, out, i * n, n);
        }
        return out;
    }

    /// {@return the matrix whose columns are given, row by row}
    static double[] transposed(double[][] columns, int m) {
        int n = columns.length;
        double[] out = new double[m * n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                out[i * n + j] = columns[j][i];
            }
        }
        return out;
    }

    /// {@return the identity}
    static double[][] identity(int n) {
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            rows[i][i] = 1;
        }
        return rows;
    }

    /// `y[i] += c x[i]` for `from ≤ i < to`.
    static void axpy(double c, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.fma(c, x[i], y[i]);
        }
    }

    /// `y[i] −= x[i] c` for `i < to`.
    static void subtract(double c, double[] x, double[] y, int to) {
        for (int i = 0; i < to; i++) {
            y[i] = Math.fma(-x[i], c, y[i]);
        }
    }

    /// `x[i] /= c` for `from ≤ i < to`.
    static void divide(double[] x, double c, int from, int to) {
        for (int i = from; i < to; i++) {
            x[i] /= c;
        }
    }

    /// The rotation `(x, y) ← (c x − s y, s x + c y)` of the first `n` elements.
    static void rotate(double[] x, double[] y, double c, double s, int n) {
        for (int i = 0; i < n; i++) {
            double a = x[i];
            double b = y[i];
            x[i] = Math.fma(c, a, -(s * b));
            y[i] = Math.fma(s, a, c * b);
        }
    }

    /// {@return a power of two near the largest absolute element, 1 for a zero matrix, NaN if an element is not finite}
    static double scale(double[] a, int n) {
        double top = 0;
        for (int i = 0; i < n; i++) {
            double v = Math.abs(a[i]);
            if (!(v <= Double.MAX_VALUE)) {
                return Double.NaN;
            }
            top = Math.max(top, v);
        }
        return top == 0 ? 1 : Math.scalb(1.0, Math.clamp(Math.getExponent(top), -1021, 1022));
    }

    /// Multiplies a row by −1 if its element of largest size is negative, the first of several: a sign that every machine picks.
    ///
    /// @return whether the sign was changed
    static boolean normalizeSign(double[] row) {
        double best = 0;
        for (double v : row) {
            // A hundredth of slack, so that rounding does not choose between elements of equal size.
            if (Math.abs(v) > 1.01 * Math.abs(best)) {
                best = v;
            }
        }
        if (best < 0) {
            for (int i = 0; i < row.length; i++) {
                row[i] = -row[i];
            }
        }
        return best < 0;
    }
}
