package kiln.math;

/// Gaussian elimination with partial pivoting, `P A = L U`, and the solution of systems by it.
public final class LuFactor {
    private final int n;
    private final double[][] lu;
    private final int[] order;
    private int singular;
    private int sign = 1;

    private LuFactor(double[][] lu) {
        this.n = lu.length;
        this.lu = lu;
        this.order = new int[n];
    }

    /// Factors a matrix; the pivot is the element of largest size in its column, the first of several.
    ///
    /// @param a an `n × n` matrix, row by row; not changed
    public static LuFactor of(double[] a, int n) {
        var f = new LuFactor(Rows.of(a, n, n));
        f.eliminate();
        return f;
    }

    private void eliminate() {
        singular = -1;
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int k = 0; k < n; k++) {
            int best = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(lu[i][k]) > Math.abs(lu[best][k])) {
                    best = i;
                }
            }
            double[] row = lu[best];
            sign = best == k ? sign : -sign;
            lu[best] = lu[k];
            lu[k] = row;
            int from = order[best];
            order[best] = order[k];
            order[k] = from;
            if (row[k] == 0) {
                // The whole column below is zero too, so that there is nothing to eliminate.
                singular = singular < 0 ? k : singular;
                continue;
            }
            for (int i = k + 1; i < n; i++) {
                double c = lu[i][k] / row[k];
                lu[i][k] = c;
                Rows.axpy(-c, row, lu[i], k + 1, n);
            }
        }
    }

    /// {@return the index of the first pivot that is exactly 0, −1 if there is none}
    public int singular() {
        return singular;
    }

    /// {@return the determinant of `P`, 1 or −1}
    public int sign() {
        return sign;
    }

    /// {@return element `(i, j)` of `P`: 1 where row `i` of `P A` is row `j` of `A`}
    public double permutation(int i, int j) {
        return order[i] == j ? 1 : 0;
    }

    /// {@return element `(i, j)` of the unit lower triangular `L`}
    public double lower(int i, int j) {
        return i == j ? 1 : i > j ? lu[i][j] : 0;
    }

    /// {@return element `(i, j)` of the upper triangular `U`}
    public double upper(int i, int j) {
        return i <= j ? lu[i][j] : 0;
    }

    /// Solves `A X = B`; infinities and NaN if `A` is singular.
    ///
    /// @param b an `n × k` matrix, row by row; not changed
    /// @return `X`, row by row
    public double[] solve(double[] b, int k) {
        double[][] x = new double[n][k];
        for (int i = 0; i < n; i++) {
            System.arraycopy(b, order[i] * k, x[i], 0, k);
            for (int j = 0; j < i; j++) {
                Rows.axpy(-lu[i][j], x[j], x[i], 0, k);
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int j = i + 1; j < n; j++) {
                Rows.axpy(-lu[i][j], x[j], x[i], 0, k);
            }
            for (int c = 0; c < k; c++) {
                x[i][c] /= lu[i][i];
            }
        }
        return Rows.flat(x, k);
    }
}
