package kiln.math;

/// The vectorising loops of [Tiles] for the error function and the normal distribution; one method per loop, as in [ExpTiles].
///
/// All of them start from the tail `exp(−q) erfcx(z)`, computed for `|x|`; a weight of 0 or 1 made of the sign of `x` then
/// chooses between the tail and its complement, which leaves the bits as they are.
final class ErfTiles {
    private ErfTiles() {}

    /// Magnitudes whose tail is a normal number by a wide margin.
    static final double ERFC_RANGE = 26;

    static final double NDTR_RANGE = 37;

    /// Far below, `log Φ` is a logarithm and a square: no exponential is needed.
    static final double LOG_NDTR_LOW = -1e20;

    private static final long ERFC_RANGE_BITS = Double.doubleToRawLongBits(ERFC_RANGE);
    private static final long NDTR_RANGE_BITS = Double.doubleToRawLongBits(NDTR_RANGE);
    private static final long LOG_NDTR_LOW_BITS = Double.doubleToRawLongBits(-LOG_NDTR_LOW);
    private static final long ERFCX_HIGH_BITS = Double.doubleToRawLongBits(ErfKernels.ERFCX_HIGH);

    static boolean erf(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (outside(s.k, n, ERFC_RANGE_BITS, ERFC_RANGE_BITS) < 0) {
            return false;
        }
        if (outside(s.k, n, Kernels.ONE_BITS - 1, Kernels.ONE_BITS - 1) >= 0) {
            erfSmallLoop(x, y, n);
            return true;
        }
        ExpTiles.magnitudeBelow(s.k, n, Kernels.ONE_BITS);
        s.bitsFromK(s.w, n);
        exponentsOfSquares(x, s.a, n);
        scales(s.a, n, s);
        expOfSquares(x, s.a, s.b, n);
        erfcxLoop(x, s.c, n);
        s.bitsToK(x, n);
        ExpTiles.signs(s.k, n);
        s.bitsFromK(s.d, n);
        complementLoop(s.b, s.c, s.d, s.b, n);
        erfSmallLoop(x, s.c, n);
        choose(s.w, s.c, s.b, y, n);
        return true;
    }

    static boolean erfc(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (outside(s.k, n, ERFC_RANGE_BITS, ERFC_RANGE_BITS) < 0) {
            return false;
        }
        negative(s.k, n);
        s.bitsFromK(s.w, n);
        exponentsOfSquares(x, s.a, n);
        scales(s.a, n, s);
        expOfSquares(x, s.a, s.b, n);
        erfcxLoop(x, s.c, n);
        erfcLoop(s.b, s.c, s.w, y, n);
        return true;
    }

    static boolean ndtr(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (outside(s.k, n, NDTR_RANGE_BITS, NDTR_RANGE_BITS) < 0) {
            return false;
        }
        negative(s.k, n);
        s.bitsFromK(s.w, n);
        exponentsOfHalfSquares(x, s.a, n);
        scales(s.a, n, s);
        expOfHalfSquares(x, s.a, s.b, n);
        erfcxScaledLoop(x, s.c, n);
        ndtrLoop(s.b, s.c, s.w, y, n);
        return true;
    }

    // exp(−x²/2), where x ≥ 0, goes to the first array and erfcx to the second.
    private static final Stage TAIL_EXPONENTS = (x, e, erfcx, n, s) -> {
        positiveParts(x, s.w, erfcx, n);
        exponentsOfHalfSquares(erfcx, e, n);
        scales(e, n, s);
    };
    private static final Stage TAIL_EXP = (x, e, erfcx, n, s) -> expOfHalfSquares(erfcx, e, e, n);
    private static final Stage TAIL_ERFCX = (x, e, erfcx, n, s) -> erfcxScaledLoop(x, erfcx, n);
    private static final Stage LOG_ARGUMENTS = (x, e, erfcx, n, s) -> logNdtrArguments(e, erfcx, s.w, s.d, s.b, n);
    private static final Stage DERIVATIVE = (x, e, erfcx, n, s) -> logNdtrDerivativeLoop(e, erfcx, s.w, erfcx, n);
    private static final Stage LOG = (x, y, z, n, s) -> logOfLowerOrTail(x, y, n, s);

    private static final Stage[] LOG_NDTR = {TAIL_EXPONENTS, TAIL_EXP, TAIL_ERFCX, LOG_ARGUMENTS, LOG};
    private static final Stage[] LOG_NDTR_DERIVATIVE = {TAIL_EXPONENTS, TAIL_EXP, TAIL_ERFCX, DERIVATIVE};
    private static final Stage[] LOG_NDTR_AND_DERIVATIVE = {TAIL_EXPONENTS, TAIL_EXP, TAIL_ERFCX, LOG_ARGUMENTS, DERIVATIVE, LOG};

    static boolean logNdtr(double[] x, double[] y, int n, TileScratch s) {
        if (!negativeWeights(x, n, s)) {
            return false;
        }
        Stage.run(LOG_NDTR, x, s.c, s.e, n, s);
        System.arraycopy(s.c, 0, y, 0, n);
        return true;
    }

    static boolean logNdtrDerivative(double[] x, double[] y, int n, TileScratch s) {
        if (!negativeWeights(x, n, s)) {
            return false;
        }
        Stage.run(LOG_NDTR_DERIVATIVE, x, s.c, s.e, n, s);
        System.arraycopy(s.e, 0, y, 0, n);
        return true;
    }

    /// `log Φ` in `y`, its derivative in `z`; both hold intermediate values before, because little else fits into the first-level cache.
    static boolean logNdtrAndDerivative(double[] x, double[] y, double[] z, int n, TileScratch s) {
        if (!negativeWeights(x, n, s)) {
            return false;
        }
        Stage.run(LOG_NDTR_AND_DERIVATIVE, x, y, z, n, s);
        return true;
    }

    /// From the arguments of the logarithm in `s.b` and the corrections in `s.d` to `log Φ`.
    private static void logOfLowerOrTail(double[] x, double[] y, int n, TileScratch s) {
        LogTiles.correctedLog(s.b, s.b, n, s);
        subtractHalfSquares(x, s.w, s.b, y, n);
    }

    static boolean erfcx(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (LogTiles.outside(s.k, n, 0, ERFCX_HIGH_BITS) < 0) {
            return false;
        }
        erfcxLoop(x, y, n);
        return true;
    }

    /// 1 in `s.w` for `x < 0`, else 0; false if an element is outside the range of `log Φ`.
    private static boolean negativeWeights(double[] x, int n, TileScratch s) {
        s.bitsToL(x, n);
        if (outside(s.l, n, LOG_NDTR_LOW_BITS, NDTR_RANGE_BITS) < 0) {
            return false;
        }
        negative(s.l, n);
        s.bitsFromL(s.w, n);
        return true;
    }

    /// From `MAGIC + n` to `2^n`, in place.
    private static void scales(double[] exponents, int n, TileScratch s) {
        s.bitsToL(exponents, n);
        ExpTiles.scaleBits(s.l, n);
        s.bitsFromL(exponents, n);
    }

    /// Negative if one of the first `n` is below `−low` or above `high`, both given as bits of positive numbers, or NaN.
    static long outside(long[] k, int n, long low, long high) {
        long bad = 0;
        for (int i = 0; i < n; i++) {
            bad |= high + ((k[i] >> 63) & (low - high)) - (k[i] & Long.MAX_VALUE);
        }
        return bad;
    }

    /// Bits of 1 where the sign bit is set, else of 0.
    static void negative(long[] k, int n) {
        for (int i = 0; i < n; i++) {
            k[i] = (k[i] >> 63) & Kernels.ONE_BITS;
        }
    }

    /// `x` where the weight is 0, else 0.
    static void positiveParts(double[] x, double[] w, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (1 - w[i]) * x[i];
        }
    }

    static void exponentsOfSquares(double[] x, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = ErfKernels.exponentOfSquare(x[i]);
        }
    }

    static void exponentsOfHalfSquares(double[] x, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = ErfKernels.exponentOfHalfSquare(x[i]);
        }
    }

    static void expOfSquares(double[] x, double[] s, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ErfKernels.expOfSquare(x[i], s[i]);
        }
    }

    static void expOfHalfSquares(double[] x, double[] s, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ErfKernels.expOfHalfSquare(x[i], s[i]);
        }
    }

    static void erfcxLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ErfKernels.erfcx(Math.abs(x[i]));
        }
    }

    static void erfcxScaledLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ErfKernels.erfcx(Math.abs(x[i]) * ErfKernels.SQRT_HALF);
        }
    }

    static void erfSmallLoop(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = ErfKernels.erfSmall(x[i]);
        }
    }

    static void complementLoop(double[] e, double[] erfcx, double[] sign, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (1 - e[i] * erfcx[i]) * sign[i];
        }
    }

    /// `a` where the weight is 1, `b` where it is 0.
    static void choose(double[] w, double[] a, double[] b, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(w[i], a[i], (1 - w[i]) * b[i]);
        }
    }

    static void erfcLoop(double[] e, double[] erfcx, double[] w, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double tail = e[i] * erfcx[i];
            y[i] = Math.fma(w[i], 2 - tail, (1 - w[i]) * tail);
        }
    }

    static void ndtrLoop(double[] e, double[] erfcx, double[] w, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double tail = e[i] * (0.5 * erfcx[i]);
            y[i] = Math.fma(w[i], tail, (1 - w[i]) * (1 - tail));
        }
    }

    /// The argument of the logarithm in `log Φ`, `erfcx/2` or `1 − tail`, and what corrects the rounding of the latter.
    static void logNdtrArguments(double[] e, double[] erfcx, double[] w, double[] correction, double[] u, int n) {
        for (int i = 0; i < n; i++) {
            double half = 0.5 * erfcx[i];
            double tail = -(e[i] * half);
            double sum = 1 + tail;
            correction[i] = (1 - w[i]) * Kernels.correctionBelowOne(sum, Kernels.onePlusError(tail, sum));
            u[i] = Math.fma(w[i], half, (1 - w[i]) * sum);
        }
    }

    static void subtractHalfSquares(double[] x, double[] w, double[] v, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = v[i] - w[i] * (0.5 * x[i] * x[i]);
        }
    }

    static void logNdtrDerivativeLoop(double[] e, double[] erfcx, double[] w, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            double half = 0.5 * erfcx[i];
            double density = e[i] * ErfKernels.INV_SQRT_2PI;
            y[i] = Math.fma(w[i], ErfKernels.INV_SQRT_2PI, (1 - w[i]) * density)
                    / Math.fma(w[i], half, (1 - w[i]) * (1 - e[i] * half));
        }
    }
}
