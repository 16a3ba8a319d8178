package kiln.math;

import java.util.Arrays;

/// A matrix of some hundred rows at most that is multiplied by many vectors, kept by columns; it is never changed, so that threads can share it.
///
/// ```
/// up to [Products#SHORT] columns:   y = fma(a[·, k − 1], v[k − 1], … fma(a[·, 0], v[0], 0))
/// beyond:                           the same of the columns j, j + 8, j + 16, … for j < 8, folded as by [Sums#dot]
/// ```
///
/// These are the orders of [Products], so each bit is that of the product row by row; but the elements of a column are added at a time, in loops that C2 vectorises:
/// 132 instead of 315 ns for 40 × 40, 23 instead of 38 for 12 × 12 (JDK 25, AVX-512, other programs running). With the Vector API it would be faster still once compiled, but
/// the thousands of products that are interpreted before that take longer than a small model's whole run.
public final class KnownMatrix {
    private static final int LANES = 8;

    /// With fewer rows the loops are too short to gain.
    private static final int LEAST_ROWS = 12;

    /// The result and some columns stay in the first-level cache.
    private static final int MOST_ROWS = 512;

    private final int rows;
    private final double[][] columns;

    /// @param a `rows × columns` numbers, row by row; copied
    public KnownMatrix(double[] a, int rows, int columns) {
        this.rows = rows;
        this.columns = Rows.columns(a, rows, columns);
    }

    /// {@return whether products are the same as those of [Products], and faster}
    public static boolean pays(int rows, int columns) {
        return rows >= LEAST_ROWS && rows <= MOST_ROWS && columns >= 1 && columns < Products.LONG;
    }

    /// {@return what [#times] needs for one thread}
    public double[][] scratch() {
        return new double[columns.length <= Products.SHORT ? 0 : LANES][rows];
    }

    /// `y = A v`.
    ///
    /// @param y       takes the result from its beginning on
    /// @param scratch of [#scratch]
    public void times(double[] v, double[] y, double[][] scratch) {
        if (scratch.length == 0) {
            every(1, 0, v, y);
            return;
        }
        for (int j = 0; j < LANES; j++) {
            every(LANES, j, v, scratch[j]);
        }
        fold(y, scratch[0], scratch[1], scratch[2], scratch[3], scratch[4], scratch[5], scratch[6], scratch[7], rows);
    }

    /// The sum over the columns `first`, `first + step`, ….
    private void every(int step, int first, double[] v, double[] y) {
        Arrays.fill(y, 0, rows, 0);
        int p = first;
        for (; p + 3 * step < columns.length; p += 4 * step) {
            int q = p + step;
            int r = q + step;
            int s = r + step;
            PlainRankUpdate.axpy4(y, columns[p], columns[q], columns[r], columns[s], v[p], v[q], v[r], v[s], 0, rows);
        }
        for (; p < columns.length; p += step) {
            Rows.axpy(v[p], columns[p], y, 0, rows);
        }
    }

    private static void fold(
            double[] y, double[] a0, double[] a1, double[] a2, double[] a3, double[] a4, double[] a5, double[] a6, double[] a7, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ((a0[i] + a4[i]) + (a2[i] + a6[i])) + ((a1[i] + a5[i]) + (a3[i] + a7[i]));
        }
    }
}
