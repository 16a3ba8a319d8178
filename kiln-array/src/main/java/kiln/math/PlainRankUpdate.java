package kiln.math;

/// The kernel in the shape that C2 vectorises: row arrays with one index, eight products for one load and one store.
final class PlainRankUpdate implements RankUpdate {
    /// Eight rows of so many columns stay in the first-level cache while all rows of a block take them.
    private static final int COLUMNS = 256;

    @Override
    public void run(
            double sign, double[] c, int c0, int ci, int cp, double[][] y, int y0, int rows, double[][] x, int x0, int k, int from, int to) {
        for (int j0 = from; j0 < to; j0 += COLUMNS) {
            int j1 = Math.min(to, j0 + COLUMNS);
            int p = 0;
            for (; p + 7 < k; p += 8) {
                for (int i = 0; i < rows; i++) {
                    eight(sign, c, c0 + i * ci + p * cp, cp, y[y0 + i], x, x0 + p, j0, j1);
                }
            }
            if (p + 3 < k) {
                for (int i = 0; i < rows; i++) {
                    four(sign, c, c0 + i * ci + p * cp, cp, y[y0 + i], x, x0 + p, j0, j1);
                }
                p += 4;
            }
            for (; p < k; p++) {
                for (int i = 0; i < rows; i++) {
                    Rows.axpy(sign * c[c0 + i * ci + p * cp], x[x0 + p], y[y0 + i], j0, j1);
                }
            }
        }
    }

    private static void eight(double sign, double[] c, int at, int cp, double[] y, double[][] x, int x0, int from, int to) {
        axpy8(
                y,
                x[x0], x[x0 + 1], x[x0 + 2], x[x0 + 3], x[x0 + 4], x[x0 + 5], x[x0 + 6], x[x0 + 7],
                sign * c[at], sign * c[at + cp], sign * c[at + 2 * cp], sign * c[at + 3 * cp],
                sign * c[at + 4 * cp], sign * c[at + 5 * cp], sign * c[at + 6 * cp], sign * c[at + 7 * cp],
                from, to);
    }

    private static void four(double sign, double[] c, int at, int cp, double[] y, double[][] x, int x0, int from, int to) {
        axpy4(
                y,
                x[x0], x[x0 + 1], x[x0 + 2], x[x0 + 3],
                sign * c[at], sign * c[at + cp], sign * c[at + 2 * cp], sign * c[at + 3 * cp],
                from, to);
    }

    private static void axpy8(
            double[] y,
            double[] x0, double[] x1, double[] x2, double[] x3, double[] x4, double[] x5, double[] x6, double[] x7,
            double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7,
            int from, int to) {
        for (int j = from; j < to; j++) {
            double low = Math.fma(c3, x3[j], Math.fma(c2, x2[j], Math.fma(c1, x1[j], Math.fma(c0, x0[j], y[j]))));
            y[j] = Math.fma(c7, x7[j], Math.fma(c6, x6[j], Math.fma(c5, x5[j], Math.fma(c4, x4[j], low))));
        }
    }

    /// Four multiples at a time: the same order of additions as four calls of [Rows#axpy] with a quarter of the loads and stores.
    static void axpy4(
            double[] y,
            double[] x0, double[] x1, double[] x2, double[] x3,
            double c0, double c1, double c2, double c3,
            int from, int to) {
        for (int j = from; j < to; j++) {
            y[j] = Math.fma(c3, x3[j], Math.fma(c2, x2[j], Math.fma(c1, x1[j], Math.fma(c0, x0[j], y[j]))));
        }
    }
}
