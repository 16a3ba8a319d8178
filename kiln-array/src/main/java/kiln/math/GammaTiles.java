package kiln.math;

import java.util.Arrays;

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
    private static final long STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.STIRLING);
    private static final long DIGAMMA_LOW_BITS = Double.doubleToRawLongBits(DIGAMMA_LOW);
    private static final long DIGAMMA_HIGH_BITS = Double.doubleToRawLongBits(DIGAMMA_HIGH);
    private static final long TRIGAMMA_STIRLING_BITS = Double.doubleToRawLongBits(GammaKernels.TRIGAMMA_STIRLING);

    /// The shorter tile is filled up to a multiple of this, so that its loops have no rest of single elements.
    private static final int BLOCK = 32;

    // From Stirling's range on: the logarithm in s.c, the inverse in s.d.
    private static final Stage LOG = (x, y, z, n, s) -> LogTiles.logOfBits(s.c, n, s);
    private static final Stage INVERSE = (x, y, z, n, s) -> inverses(x, s.d, n);
    private static final Stage STIRLING = (x, y, z, n, s) -> stirlingLoop(x, s.c, s.d, y, n);
    private static final Stage STIRLING_DERIVATIVE = (x, y, z, n, s) -> digammaLoop(x, s.c, s.d, z, n);

    // Below it, of the elements in s.g; put where they belong from s.h.
    private static final Stage LOW_LOG = (x, y, z, n, s) -> {
        int padded = padded(n);
        divisors(s.g, s.d, padded);
        s.bitsToK(s.d, padded);
        LogTiles.logOfBits(s.c, padded, s);
    };
    private static final Stage LOW = (x, y, z, n, s) -> {
        lgammaNearTwoLoop(s.g, s.c, s.h, padded(n));
        put(s.h, y, n, s);
    };
    private static final Stage LOW_DERIVATIVE = (x, y, z, n, s) -> {
        digammaNearTwoLoop(s.g, s.h, padded(n));
        put(s.h, z, n, s);
    };

    private static final Stage[] LGAMMA = {LOG, INVERSE, STIRLING};
    private static final Stage[] LGAMMA_LOW_PART = {LOW_LOG, LOW};
    private static final Stage[] DIGAMMA = {LOG, INVERSE, STIRLING_DERIVATIVE};
    private static final Stage[] DIGAMMA_LOW_PART = {LOW_DERIVATIVE};
    private static final Stage[] BOTH = {LOG, INVERSE, STIRLING, STIRLING_DERIVATIVE};
    private static final Stage[] BOTH_LOW_PART = {LOW_LOG, LOW, LOW_DERIVATIVE};

    static boolean lgamma(double[] x, double[] y, int n, TileScratch s) {
        return run(LGAMMA, LGAMMA_LOW_PART, LGAMMA_LOW_BITS, LGAMMA_HIGH_BITS, x, y, y, n, s);
    }

    static boolean digamma(double[] x, double[] y, int n, TileScratch s) {
        return run(DIGAMMA, DIGAMMA_LOW_PART, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS, x, y, y, n, s);
    }

    /// `lgamma` in `y`, `digamma` in `z`.
    static boolean lgammaDigamma(double[] x, double[] y, double[] z, int n, TileScratch s) {
        return run(BOTH, BOTH_LOW_PART, DIGAMMA_LOW_BITS, DIGAMMA_HIGH_BITS, x, y, z, n, s);
    }

    /// False if an element is outside a range, given as bits.
    private static boolean run(
            Stage[] stirling, Stage[] below, long lowest, long highest, double[] x, double[] y, double[] z, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, lowest, highest) < 0) {
            return false;
        }
        int count = s.placesBelow(STIRLING_BITS, n);
        for (int i = 0; i < count; i++) {
            s.g[i] = x[s.index[i]];
        }
        Arrays.fill(s.g, count, padded(count), 1);
        if (count < n) {
            Stage.run(stirling, x, y, z, n, s);
        }
        if (count > 0) {
            Stage.run(below, x, y, z, count, s);
        }
        return true;
    }

    private static int padded(int count) {
        return Math.ceilDiv(count, BLOCK) * BLOCK;
    }

    private static void put(double[] values, double[] y, int count, TileScratch s) {
        for (int i = 0; i < count; i++) {
            y[s.index[i]] = values[i];
        }
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

    static void divisors(double[] x, double[] p, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = GammaKernels.divisor(x[i], GammaKernels.nearest(x[i]));
        }
    }

    static void lgammaNearTwoLoop(double[] x, double[] log, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = GammaKernels.lgammaNearTwo(x[i] - GammaKernels.nearest(x[i])) - log[i];
        }
    }

    static void digammaNearTwoLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double nearest = GammaKernels.nearest(x[i]);
            y[i] = GammaKernels.digammaNearTwo(x[i] - nearest) - GammaKernels.digammaStep(x[i], nearest);
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

    static void addTrigammaSteps(double[] x, double[] w, double[] v, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = v[i] + GammaKernels.trigammaStep(w[i] * x[i], w[i]);
        }
    }
}
