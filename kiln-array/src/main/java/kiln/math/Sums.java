package kiln.math;

/// The one order of summation of Kiln: every reduction, interpreted or compiled, on any number of threads, adds in this order.
///
/// Floating-point addition is not associative, so "the same bits everywhere" needs a fixed order. It is chosen such that C2
/// vectorises it and the rounding error stays small. **This is a contract**: changing it changes every result of Kiln.
///
/// ```
/// lanes   acc[i] = x[i] + x[i + 480] + x[i + 960] + …          i < m = min(n, 480), left to right
/// fold    a[j]   = 0 + acc[j] + acc[j + 8] + acc[j + 16] + …    j < 8, left to right
/// sum            = ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7))
/// ```
///
/// From 48,000 elements on `x` is cut into `B = min(32, the largest power of two ≤ n / 24,000)` *blocks* of equal length (a multiple of 480;
/// the last one may be shorter), which several threads can share without any effect on the order:
///
/// ```
/// block   acc_b[i] = the lanes of block b
/// lanes   acc[i]   = acc_0[i] + acc_1[i] + acc_2[i] + …        left to right, then folded as above
/// ```
///
/// Blocks are few because each has lanes of its own to fill and to add, and their number is a power of two so that two or four threads get
/// the same amount of work.
///
/// A lane may start from 0 or from its first element: the accumulators of the fold start at +0, which makes the two
/// indistinguishable. The sum of nothing, and of negative zeros, is +0.
public final class Sums {
    private Sums() {}

    /// Lanes of a sum, and the tile length of compiled loops.
    public static final int LANES = TileScratch.LENGTH;

    /// The least number of elements of a block, where there are several.
    private static final int BLOCK = 50 * LANES;

    /// So few that the last one is never empty: rounding its length up to whole tiles takes less than a tile from each other one.
    private static final int MOST_BLOCKS = 32;

    /// {@return the number of blocks of a sum}
    ///
    /// @param n number of elements, ≥ 0
    public static int blocks(int n) {
        return n < 2 * BLOCK ? 1 : Math.min(Integer.highestOneBit(n / BLOCK), MOST_BLOCKS);
    }

    /// {@return the length of every block of a sum but the last one, which has the rest: a multiple of 480}
    ///
    /// @param n number of elements, ≥ 0
    public static int blockLength(int n) {
        return Math.ceilDiv(Math.ceilDiv(n, LANES), blocks(n)) * LANES;
    }

    /// {@return the sum whose blocks have left these lanes, the first of which are overwritten}
    ///
    /// @param lanes by block, the first 480 elements
    public static double fold(double[][] lanes) {
        for (int b = 1; b < lanes.length; b++) {
            add(lanes[0], lanes[b], LANES);
        }
        return fold(lanes[0], 0, LANES);
    }

    /// Joins what blocks have left for several sums at a time, left to right.
    ///
    /// @param blocks by block, then by sum
    /// @param out    receives the sums, as many as it has room for
    public static void join(double[][] blocks, double[] out) {
        int n = out.length;
        System.arraycopy(blocks[0], 0, out, 0, n);
        for (int b = 1; b < blocks.length; b++) {
            add(out, blocks[b], n);
        }
    }

    /// The sum of `n` elements in the order above.
    ///
    /// @param x array
    /// @param offset index of the first element
    /// @param n number of elements, ≥ 0
    /// @return `Σ x[offset + i]`
    public static double sum(double[] x, int offset, int n) {
        if (n <= LANES) {
            return fold(x, offset, n);
        }
        TileScratch s = TileScratch.ofThread();
        int length = blockLength(n);
        lanes(x, offset, Math.min(n, length), s.a, s.b);
        for (int from = length; from < n; from += length) {
            lanes(x, offset + from, Math.min(n - from, length), s.c, s.b);
            add(s.a, s.c, LANES);
        }
        return fold(s.a, 0, LANES);
    }

    /// The lanes of a block of a tile or more.
    private static void lanes(double[] x, int offset, int n, double[] acc, double[] tile) {
        System.arraycopy(x, offset, acc, 0, LANES);
        for (int from = LANES; from < n; from += LANES) {
            int m = Math.min(LANES, n - from);
            // Both arrays of a loop have to be indexed by i alone for C2 to vectorise it; the copy is cheaper than its loss.
            System.arraycopy(x, offset + from, tile, 0, m);
            add(acc, tile, m);
        }
    }

    private static void add(double[] acc, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            acc[i] += x[i];
        }
    }

    /// The last stage of a sum: folds lanes (or up to 480 elements) to one value.
    ///
    /// @param acc lanes
    /// @param offset index of the first lane
    /// @param m number of lanes, ≥ 0
    /// @return their sum, by eight accumulators
    public static double fold(double[] acc, int offset, int m) {
        double a0 = 0;
        double a1 = 0;
        double a2 = 0;
        double a3 = 0;
        double a4 = 0;
        double a5 = 0;
        double a6 = 0;
        double a7 = 0;
        int i = offset;
        int end = offset + (m & -8);
        for (; i < end; i += 8) {
            a0 += acc[i];
            a1 += acc[i + 1];
            a2 += acc[i + 2];
            a3 += acc[i + 3];
            a4 += acc[i + 4];
            a5 += acc[i + 5];
            a6 += acc[i + 6];
            a7 += acc[i + 7];
        }
        int rest = m & 7;
        a0 += rest > 0 ? acc[i] : 0;
        a1 += rest > 1 ? acc[i + 1] : 0;
        a2 += rest > 2 ? acc[i + 2] : 0;
        a3 += rest > 3 ? acc[i + 3] : 0;
        a4 += rest > 4 ? acc[i + 4] : 0;
        a5 += rest > 5 ? acc[i + 5] : 0;
        a6 += rest > 6 ? acc[i + 6] : 0;
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }

    /// The inner product, in an order of its own.
    ///
    /// ```
    /// a[j] = fma(x[j + 8k], y[j + 8k], a[j])   k = 0, 1, …,   from a[j] = 0,   then folded as in the sum
    /// ```
    ///
    /// @param x first array
    /// @param xOffset index of its first element
    /// @param y second array
    /// @param yOffset index of its first element
    /// @param n number of elements, ≥ 0
    /// @return `Σ x[xOffset + i] y[yOffset + i]`
    public static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double a0 = 0;
        double a1 = 0;
        double a2 = 0;
        double a3 = 0;
        double a4 = 0;
        double a5 = 0;
        double a6 = 0;
        double a7 = 0;
        int i = xOffset;
        int k = yOffset;
        int end = xOffset + (n & -8);
        for (; i < end; i += 8, k += 8) {
            a0 = Math.fma(x[i], y[k], a0);
            a1 = Math.fma(x[i + 1], y[k + 1], a1);
            a2 = Math.fma(x[i + 2], y[k + 2], a2);
            a3 = Math.fma(x[i + 3], y[k + 3], a3);
            a4 = Math.fma(x[i + 4], y[k + 4], a4);
            a5 = Math.fma(x[i + 5], y[k + 5], a5);
            a6 = Math.fma(x[i + 6], y[k + 6], a6);
            a7 = Math.fma(x[i + 7], y[k + 7], a7);
        }
        int rest = n & 7;
        a0 = rest > 0 ? Math.fma(x[i], y[k], a0) : a0;
        a1 = rest > 1 ? Math.fma(x[i + 1], y[k + 1], a1) : a1;
        a2 = rest > 2 ? Math.fma(x[i + 2], y[k + 2], a2) : a2;
        a3 = rest > 3 ? Math.fma(x[i + 3], y[k + 3], a3) : a3;
        a4 = rest > 4 ? Math.fma(x[i + 4], y[k + 4], a4) : a4;
        a5 = rest > 5 ? Math.fma(x[i + 5], y[k + 5], a5) : a5;
        a6 = rest > 6 ? Math.fma(x[i + 6], y[k + 6], a6) : a6;
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }
}
