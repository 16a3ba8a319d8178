package kiln.math;

/// The kernel in the shape that C2 vectorises: row arrays with one index, four products for one load and one store.
///
/// Six are hardly faster; eight are too many for C2, which then gives up vectorising (JDK 25).
final class PlainRankUpdate implements RankUpdate {
    /// Four rows of so many columns stay in the first-level cache while all rows of a block take them.
    private static final int COLUMNS = 512;

    @Override
    public void run(
            double sign, double[] c, int c0, int ci, int cp, double[][] y, int y0, int rows, double[][] x, int x0, int k, int from, int to) {
        for (int j0 = from; j0 < to; j0 += COLUMNS) {
            int j1 = Math.min(to, j0 + COLUMNS);
            int p = 0;
            for (; p + 3 < k; p += 4) {
                for (int i = 0; i < rows; i++) {
                    four(sign, c, c0 + i * ci + p * cp, cp, y[y0 + i], x, x0 + p, j0, j1);
                }
            }
            for (; p < k; p++) {
                for (int i = 0; i < rows; i++) {
                    Rows.axpy(sign * c[c0 + i * ci + p * cp], x[x0 + p], y[y0 + i], j0, j1);
                }
            }
        }
    }

    private static void four(double sign, double[] c, int at, int cp, double[] y, double[][] x, int x0, int from, int to) {
        axpy4(
                y,
                x[x0], x[x0 + 1], x[x0 + 2], x[x0 + 3],
                sign * c[at], sign * c[at + cp], sign * c[at + 2 * cp], sign * c[at + 3 * cp],
                from, to);
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
