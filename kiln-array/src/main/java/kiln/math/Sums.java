package kiln.math;

/// Sums in a fixed order: the one definition that the interpreter, compiled code and library kernels share.
///
/// The order is a contract, because floating addition is not associative and the same program must give the same bits on every
/// machine: neither the vector width nor the number of threads takes part in it.
public final class Sums {
    /// The number of lanes of a sum: lane `i` adds the elements `i`, `i + LANES`, `i + 2·LANES`, … in order.
    public static final int LANES = 480;

    private static final int ACCUMULATORS = 8;

    private Sums() {}

    /// The sum of `n` elements: each of [#LANES] lanes adds its elements in order, then the lanes are folded by [#fold].
    ///
    /// @param x      the elements
    /// @param offset index of the first
    /// @param n      how many; 0 gives 0
    public static double sum(double[] x, int offset, int n) {
        if (n <= LANES) {
            return fold(x, offset, n);
        }
        double[] lanes = new double[LANES];
        int at = offset;
        for (int left = n; left > 0; left -= LANES, at += LANES) {
            int m = Math.min(left, LANES);
            for (int i = 0; i < m; i++) {
                lanes[i] += x[at + i];
            }
        }
        return fold(lanes, 0, LANES);
    }

    /// The fold of `m ≤ LANES` lanes: accumulator `j` of eight adds the lanes `j, j + 8, …` in order, and the eight are added as
    /// `((a₀+a₄)+(a₂+a₆)) + ((a₁+a₅)+(a₃+a₇))`.
    ///
    /// @param x      the lanes
    /// @param offset index of the first
    /// @param m      how many; 0 gives 0
    public static double fold(double[] x, int offset, int m) {
        double a0 = 0;
        double a1 = 0;
        double a2 = 0;
        double a3 = 0;
        double a4 = 0;
        double a5 = 0;
        double a6 = 0;
        double a7 = 0;
        int i = offset;
        int whole = offset + m - m % ACCUMULATORS;
        for (; i < whole; i += ACCUMULATORS) {
            a0 += x[i];
            a1 += x[i + 1];
            a2 += x[i + 2];
            a3 += x[i + 3];
            a4 += x[i + 4];
            a5 += x[i + 5];
            a6 += x[i + 6];
            a7 += x[i + 7];
        }
        int rest = offset + m - i;
        a0 += rest > 0 ? x[i] : 0;
        a1 += rest > 1 ? x[i + 1] : 0;
        a2 += rest > 2 ? x[i + 2] : 0;
        a3 += rest > 3 ? x[i + 3] : 0;
        a4 += rest > 4 ? x[i + 4] : 0;
        a5 += rest > 5 ? x[i + 5] : 0;
        a6 += rest > 6 ? x[i + 6] : 0;
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }

    /// The inner product of `n` pairs, by eight accumulators of fused multiply-add that are added as in [#fold].
    ///
    /// @param x  first factors, from `xOffset`
    /// @param y  second factors, from `yOffset`
    /// @param n  how many; 0 gives 0
    public static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double a0 = 0;
        double a1 = 0;
        double a2 = 0;
        double a3 = 0;
        double a4 = 0;
        double a5 = 0;
        double a6 = 0;
        double a7 = 0;
        int i = 0;
        for (; i + 7 < n; i += ACCUMULATORS) {
            int p = xOffset + i;
            int q = yOffset + i;
            a0 = Math.fma(x[p], y[q], a0);
            a1 = Math.fma(x[p + 1], y[q + 1], a1);
            a2 = Math.fma(x[p + 2], y[q + 2], a2);
            a3 = Math.fma(x[p + 3], y[q + 3], a3);
            a4 = Math.fma(x[p + 4], y[q + 4], a4);
            a5 = Math.fma(x[p + 5], y[q + 5], a5);
            a6 = Math.fma(x[p + 6], y[q + 6], a6);
            a7 = Math.fma(x[p + 7], y[q + 7], a7);
        }
        for (; i < n; i++) {
            double product = x[xOffset + i];
            double factor = y[yOffset + i];
            switch (i % ACCUMULATORS) {
                case 0 -> a0 = Math.fma(product, factor, a0);
                case 1 -> a1 = Math.fma(product, factor, a1);
                case 2 -> a2 = Math.fma(product, factor, a2);
                case 3 -> a3 = Math.fma(product, factor, a3);
                case 4 -> a4 = Math.fma(product, factor, a4);
                case 5 -> a5 = Math.fma(product, factor, a5);
                default -> a6 = Math.fma(product, factor, a6);
            }
        }
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }
}
