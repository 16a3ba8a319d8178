package kiln.math;

/// Solution of `L X = B` or `Lᵀ X = B` for lower triangular `L`, in blocks of rows.
///
/// **Order**, the same for one and for many columns: row `i` of `X` is row `i` of `B` minus the products with the rows solved before it,
/// one fused multiply-add each in the order in which they were solved, divided by the diagonal. `L` solves from the first row on, `Lᵀ`
/// from the last.
public final class TriangularSystem {
    private static final RankUpdate RANK = RankUpdate.best();

    private final int n;
    private final int columns;
    private final boolean transposed;
    private final double[][] rows;
    private final double[] row;

    /// Room for systems of one size.
    ///
    /// @param n          number of rows
    /// @param columns    number of right-hand sides
    /// @param transposed whether `Lᵀ` stands on the left
    public TriangularSystem(int n, int columns, boolean transposed) {
        this.n = n;
        this.columns = columns;
        this.transposed = transposed;
        this.rows = new double[columns == 1 ? 1 : n][columns == 1 ? n : columns];
        this.row = new double[transposed && columns == 1 ? n : 0];
    }

    /// Replaces the right-hand sides by the solution.
    ///
    /// @param l holds `L` from `l0` on, row by row; the lower triangle is read
    /// @param b holds `B` from `b0` on, row by row
    public void solve(double[] l, int l0, double[] b, int b0) {
        if (columns != 1) {
            many(l, l0, b, b0);
            return;
        }
        double[] x = rows[0];
        System.arraycopy(b, b0, x, 0, n);
        if (transposed) {
            backward(l, l0, x);
        } else {
            forward(l, l0, x);
        }
        System.arraycopy(x, 0, b, b0, n);
    }

    /// Rows in the order in which they are solved; the factor of a row and an earlier one lies in `L` at fixed strides.
    private void many(double[] l, int l0, double[] b, int b0) {
        int first = transposed ? l0 + n * n - 1 : l0;
        int own = transposed ? -1 : n;
        int earlier = transposed ? -n : 1;
        for (int i = 0; i < n; i++) {
            System.arraycopy(b, b0 + place(i) * columns, rows[i], 0, columns);
        }
        for (int i0 = 0; i0 < n; i0 += RankUpdate.BLOCK) {
            int i1 = Math.min(n, i0 + RankUpdate.BLOCK);
            RANK.run(-1, l, first + i0 * own, own, earlier, rows, i0, i1 - i0, rows, 0, i0, 0, columns);
            for (int i = i0; i < i1; i++) {
                int at = first + i * own;
                RANK.run(-1, l, at + i0 * earlier, own, earlier, rows, i, 1, rows, i0, i - i0, 0, columns);
                Rows.divide(rows[i], l[at + i * earlier], 0, columns);
            }
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows[i], 0, b, b0 + place(i) * columns, columns);
        }
    }

    private int place(int i) {
        return transposed ? n - 1 - i : i;
    }

    /// Four rows side by side: independent chains hide the latency of the additions.
    private void forward(double[] l, int l0, double[] x) {
        int i = 0;
        for (; i + 3 < n; i += 4) {
            double s0 = x[i];
            double s1 = x[i + 1];
            double s2 = x[i + 2];
            double s3 = x[i + 3];
            int at0 = l0 + i * n;
            int at1 = at0 + n;
            int at2 = at1 + n;
            int at3 = at2 + n;
            for (int j = 0; j < i; j++) {
                double v = x[j];
                s0 = Math.fma(-l[at0 + j], v, s0);
                s1 = Math.fma(-l[at1 + j], v, s1);
                s2 = Math.fma(-l[at2 + j], v, s2);
                s3 = Math.fma(-l[at3 + j], v, s3);
            }
            s0 /= l[at0 + i];
            s1 = Math.fma(-l[at1 + i], s0, s1) / l[at1 + i + 1];
            s2 = Math.fma(-l[at2 + i + 1], s1, Math.fma(-l[at2 + i], s0, s2)) / l[at2 + i + 2];
            s3 = Math.fma(-l[at3 + i + 2], s2, Math.fma(-l[at3 + i + 1], s1, Math.fma(-l[at3 + i], s0, s3))) / l[at3 + i + 3];
            x[i] = s0;
            x[i + 1] = s1;
            x[i + 2] = s2;
            x[i + 3] = s3;
        }
        for (; i < n; i++) {
            int at = l0 + i * n;
            double s = x[i];
            for (int j = 0; j < i; j++) {
                s = Math.fma(-l[at + j], x[j], s);
            }
            x[i] = s / l[at + i];
        }
    }

    /// A solved element is taken off all earlier ones with a row of `L`.
    private void backward(double[] l, int l0, double[] x) {
        for (int j = n - 1; j >= 0; j--) {
            int at = l0 + j * n;
            x[j] /= l[at + j];
            System.arraycopy(l, at, row, 0, j);
            Rows.subtract(x[j], row, x, j);
        }
    }
}
