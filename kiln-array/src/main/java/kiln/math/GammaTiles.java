package kiln.math;

/// The vectorising loops of [Tiles] for the gamma family; one method per loop, as in [ExpTiles].
///
/// A tile all of whose elements are in Stirling's range skips the loops of the other one; in a mixed tile both are computed and
/// a weight of 0 or 1 chooses, which leaves the bits as they are.
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
    private static final long LGAMMA_STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.LGAMMA_STIRLING);
    private static final long DIGAMMA_LOW_BITS = Double.doubleToRawLongBits(DIGAMMA_LOW);
    private static final long DIGAMMA_HIGH_BITS = Double.doubleToRawLongBits(DIGAMMA_HIGH);
    private static final long DIGAMMA_STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.DIGAMMA_STIRLING);

    static boolean lgamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, LGAMMA_LOW_BITS, LGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        if (!anyBelow(s.k, n, LGAMMA_STIRLING_BITS)) {
            LogTiles.logOfBits(s.c, n, s);
            stirlingLoop(x, s.c, y, n);
            return true;
        }
        below(s.k, s.l, n, HALF_BITS + 1);
        s.bitsFromL(s.a, n);
        belowOrFrom(s.k, s.l, n, ONE_AND_A_HALF_BITS, LGAMMA_STIRLING_BITS);
        s.bitsFromL(s.b, n);
        below(s.k, s.l, n, LGAMMA_STIRLING_BITS);
        s.bitsFromL(s.w, n);
        divisors(x, s.b, s.a, s.d, n);
        s.bitsToK(s.d, n);
        LogTiles.logOfBits(s.c, n, s);
        nearTwo(x, s.w, s.d, n);
        stirlingLoop(x, s.c, s.b, n);
        chooseDifference(s.w, s.d, s.c, s.b, y, n);
        return true;
    }

    static boolean digamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        if (!anyBelow(s.k, n, DIGAMMA_STIRLING_BITS)) {
            LogTiles.logOfBits(s.c, n, s);
            digammaLoop(x, s.c, y, n);
            return true;
        }
        below(s.k, s.l, n, DIGAMMA_STIRLING_BITS);
        s.bitsFromL(s.w, n);
        below(s.k, s.l, n, Kernels.ONE_BITS);
        s.bitsFromL(s.c, n);
        shift(x, s.w, s.c, s.d, n);
        digammaSteps(x, s.w, s.c, s.w, n);
        s.bitsToK(s.d, n);
        LogTiles.logOfBits(s.c, n, s);
        digammaLoop(s.d, s.c, s.c, n);
        subtract(s.c, s.w, y, n);
        return true;
    }

    static boolean trigamma(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS) < 0) {
            return false;
        }
        if (!anyBelow(s.k, n, DIGAMMA_STIRLING_BITS)) {
            trigammaLoop(x, y, n);
            return true;
        }
        below(s.k, s.l, n, DIGAMMA_STIRLING_BITS);
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

    /// Bits of 0 for what is in `[low, high)`, else of 1.
    static void belowOrFrom(long[] k, long[] l, int n, long low, long high) {
        for (int i = 0; i < n; i++) {
            l[i] = (((k[i] - low) | (high - 1 - k[i])) >> 63) & Kernels.ONE_BITS;
        }
    }

    /// [GammaKernels#divisor(double, double, double)] below 2.5; from there on the weights make it `x`.
    static void divisors(double[] x, double[] belowOne, double[] belowHalf, double[] p, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = GammaKernels.divisor(x[i], belowOne[i], belowHalf[i]);
        }
    }

    static void nearTwo(double[] x, double[] w, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double near = w[i] * x[i];
            y[i] = GammaKernels.lgammaNearTwo(near - GammaKernels.nearest(near));
        }
    }

    static void stirlingLoop(double[] x, double[] log, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.stirling(x[i], log[i]);
        }
    }

    /// `a − b` where the weight is 1, `c` where it is 0.
    static void chooseDifference(double[] w, double[] a, double[] b, double[] c, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(w[i], a[i] - b[i], (1 - w[i]) * c[i]);
        }
    }

    static void shift(double[] x, double[] one, double[] another, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] + (one[i] + another[i]);
        }
    }

    static void digammaLoop(double[] x, double[] log, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.digamma(x[i], log[i]);
        }
    }

    static void trigammaLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.trigamma(x[i]);
        }
    }

    static void digammaSteps(double[] x, double[] belowTwo, double[] belowOne, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.digammaStep(belowTwo[i] * x[i], belowTwo[i], belowOne[i]);
        }
    }

    static void subtract(double[] a, double[] b, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] - b[i];
        }
    }

    static void addTrigammaSteps(double[] x, double[] w, double[] v, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = v[i] + GammaKernels.trigammaStep(w[i] * x[i], w[i]);
        }
    }
}
