package kiln.math;

/// The vectorising loops of [Tiles] for the gamma family; one method per loop, as in [ExpTiles].
///
/// `lgamma` and `digamma` take the elements below Stirling's range together into a shorter tile, compute both tiles and put those
/// elements back; `trigamma` computes both formulas and chooses with a weight of 0 or 1, which leaves the bits as they are.
final class GammaTiles {
    private GammaTiles() {}

    /// Range of the loops; the weights multiply what they reject by 0, so nothing may overflow.
    static final double LGAMMA_LOW = Double.MIN_NORMAL;

    static final double LGAMMA_HIGH = 1e300;
    static final double DIGAMMA_LOW = 1e-100;
    static final double DIGAMMA_HIGH = 1e100;

    private static final long LGAMMA_LOW_BITS = Double.doubleToRawLongBits(LGAMMA_LOW);
    private static final long LGAMMA_HIGH_BITS = Double.doubleToRawLongBits(LGAMMA_HIGH);
    private static final long HALF_BITS = Double.doubleToRawLongBits(0.5);
    private static final long ONE_AND_A_HALF_BITS = Double.doubleToRawLongBits(1.5);
    private static final long STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.STIRLING);
    private static final long DIGAMMA_LOW_BITS = Double.doubleToRawLongBits(DIGAMMA_LOW);
    private static final long DIGAMMA_HIGH_BITS = Double.doubleToRawLongBits(DIGAMMA_HIGH);
    private static final long TRIGAMMA_STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.TRIGAMMA_STIRLING);

    /// The shorter tile is filled up to a multiple of this, so that its loops have no rest of single elements.
    private static final int BLOCK = 32;

    static boolean lgamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, LGAMMA_LOW_BITS, LGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        int count = takeLow(x, n, s);
        if (count < n) {
            LogTiles.logOfBits(s.c, n, s);
            inverses(x, s.d, n);
            stirlingLoop(x, s.c, s.d, y, n);
        }
        if (count > 0) {
            int padded = prepareLow(count, s);
            lgammaOfLow(s.g, padded, s);
            putLow(s.g, y, count, s);
        }
        return true;
    }

    static boolean digamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        int count = takeLow(x, n, s);
        if (count < n) {
            LogTiles.logOfBits(s.c, n, s);
            inverses(x, s.d, n);
            digammaLoop(x, s.c, s.d, y, n);
        }
        if (count > 0) {
            int padded = prepareLow(count, s);
            digammaOfLow(s.g, padded, s);
            putLow(s.g, y, count, s);
        }
        return true;
    }

    /// `lgamma` in `y`, `digamma` in `z`.
    static boolean lgammaDigamma(double[] x, double[] y, double[] z, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        int count = takeLow(x, n, s);
        if (count < n) {
            LogTiles.logOfBits(s.c, n, s);
            inverses(x, s.d, n);
            stirlingLoop(x, s.c, s.d, y, n);
            digammaLoop(x, s.c, s.d, z, n);
        }
        if (count > 0) {
            int padded = prepareLow(count, s);
            digammaOfLow(s.h, padded, s);
            putLow(s.h, z, count, s);
            lgammaOfLow(s.h, padded, s);
            putLow(s.h, y, count, s);
        }
        return true;
    }

    /// The elements below Stirling's range, whose bits are in `s.k`, go to `s.g`, their places to `s.index`; returns how many they are.
    private static int takeLow(double[] x, int n, TileScratch s) {
        if (!anyBelow(s.k, n, STIRLING_BITS)) {
            return 0;
        }
        int count = 0;
        for (int i = 0; i < n; i++) {
            s.index[count] = i;
            count += (int) ((s.k[i] - STIRLING_BITS) >>> 63);
        }
        for (int i = 0; i < count; i++) {
            s.g[i] = x[s.index[i]];
        }
        return count;
    }

    /// Fills `s.g` up to whole blocks and makes the weights of its elements: 1 in `s.e` up to 1/2, in `s.w` below 1.5, else 0.
    private static int prepareLow(int count, TileScratch s) {
        int padded = (count + BLOCK - 1) / BLOCK * BLOCK;
        for (int i = count; i < padded; i++) {
            s.g[i] = 1;
        }
        s.bitsToK(s.g, padded);
        below(s.k, s.l, padded, HALF_BITS + 1);
        s.bitsFromL(s.e, padded);
        below(s.k, s.l, padded, ONE_AND_A_HALF_BITS);
        s.bitsFromL(s.w, padded);
        return padded;
    }

    private static void putLow(double[] values, double[] y, int count, TileScratch s) {
        for (int i = 0; i < count; i++) {
            y[s.index[i]] = values[i];
        }
    }

    private static void lgammaOfLow(double[] y, int n, TileScratch s) {
        divisors(s.g, s.w, s.e, s.d, n);
        s.bitsToK(s.d, n);
        LogTiles.logOfBits(s.c, n, s);
        lgammaNearTwoLoop(s.g, s.c, y, n);
    }

    private static void digammaOfLow(double[] y, int n, TileScratch s) {
        digammaSteps(s.g, s.w, s.e, s.d, n);
        digammaNearTwoLoop(s.g, s.d, y, n);
    }

    static boolean trigamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        if (!anyBelow(s.k, n, TRIGAMMA_STIRLING_BITS)) {
            trigammaLoop(x, y, n);
            return true;
        }
        below(s.k, s.l, n, TRIGAMMA_STIRLING_BITS);
        s.bitsFromL(s.w, n);
        shift(x, s.w, s.w, s.d, n);
        trigammaLoop(s.d, s.d, n);
        addTrigammaSteps(x, s.w, s.d, y, n);
        return true;
    }

    /// Whether one of the first `n`, bits of positive numbers, is below a bound.
    private static boolean anyBelow(long[] k, int n, long bound) {
        return LogTiles.outside(k, n, bound, Long.MAX_VALUE) < 0;
    }

    /// Bits of 1 for what is below the bound, else of 0.
    static void below(long[] k, long[] l, int n, long bound) {
        for (int i = 0; i < n; i++) {
            l[i] = ((k[i] - bound) >> 63) & Kernels.ONE_BITS;
        }
    }

    static void divisors(double[] x, double[] belowOne, double[] belowHalf, double[] p, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = GammaKernels.divisor(x[i], belowOne[i], belowHalf[i]);
        }
    }

    static void lgammaNearTwoLoop(double[] x, double[] log, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.lgammaNearTwo(x[i] - GammaKernels.nearest(x[i])) - log[i];
        }
    }

    static void digammaNearTwoLoop(double[] x, double[] step, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.digammaNearTwo(x[i] - GammaKernels.nearest(x[i])) - step[i];
        }
    }

    static void inverses(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.inverse(x[i]);
        }
    }

    static void stirlingLoop(double[] x, double[] log, double[] inverse, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.stirling(x[i], log[i], inverse[i]);
        }
    }

    static void shift(double[] x, double[] one, double[] another, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] + (one[i] + another[i]);
        }
    }

    static void digammaLoop(double[] x, double[] log, double[] inverse, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.digamma(x[i], log[i], inverse[i]);
        }
    }

    static void trigammaLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.trigamma(x[i]);
        }
    }

    static void digammaSteps(double[] x, double[] belowOne, double[] belowHalf, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.digammaStep(x[i], belowOne[i], belowHalf[i]);
        }
    }

    static void addTrigammaSteps(double[] x, double[] w, double[] v, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = v[i] + GammaKernels.trigammaStep(w[i] * x[i], w[i]);
        }
    }
}
