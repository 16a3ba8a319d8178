package kiln.math;

/// The vectorising loops of [Tiles] for the functions built on the exponential.
///
/// Each loop is a method of its own: C2 then compiles it as it stands, instead of whatever inlining leaves of it.
final class ExpTiles {
    private ExpTiles() {}

    /// Bits of `MAGIC + n` for the exponents `n` that the tile loops accept, strictly inside the scalar functions' fast range.
    private static final long LOWEST = Double.doubleToRawLongBits(Kernels.MAGIC) - 1020;

    private static final long HIGHEST = Double.doubleToRawLongBits(Kernels.MAGIC) + 1020;

    /// A range that the loops accept: somewhat inside that of the exponents.
    static final double RANGE = 706;

    /// Range of the loops of `log1mexp`, and where it changes its formula.
    static final double LOG1MEXP_LOW = -700;

    static final double LOG1MEXP_HIGH = -1e-300;
    private static final long LOG1MEXP_LOW_BITS = Double.doubleToRawLongBits(-LOG1MEXP_LOW);
    private static final long LOG1MEXP_HIGH_BITS = Double.doubleToRawLongBits(-LOG1MEXP_HIGH);
    private static final long LN_2_BITS = Double.doubleToRawLongBits(-Elementary.LN_HALF);

    static boolean exp(double[] x, double[] y, int n, TileScratch s) {
        exponents(x, s.a, n);
        if (!scales(s.a, n, s)) {
            return false;
        }
        expLoop(x, s.a, y, n);
        return true;
    }

    static boolean expm1(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (hasMinusZero(s.k, n)) {
            return false;
        }
        exponents(x, s.a, n);
        if (!scales(s.a, n, s)) {
            return false;
        }
        expm1Loop(x, s.a, y, n);
        return true;
    }

    static boolean sigmoid(double[] x, double[] y, int n, TileScratch s) {
        if (!expOfMinusAbs(x, s.a, s.b, n, s)) {
            return false;
        }
        sigmoidLoop(x, s.b, s.c, y, n);
        return true;
    }

    static boolean softplus(double[] x, double[] y, int n, TileScratch s) {
        if (!expOfMinusAbs(x, s.a, s.b, n, s)) {
            return false;
        }
        softplusLoop(x, s.b, s.c, y, n);
        return true;
    }

    /// The softplus in `y`, the sigmoid in `z`; both hold intermediate values before, because little else fits into the first-level cache.
    static boolean softplusSigmoid(double[] x, double[] y, double[] z, int n, TileScratch s) {
        if (!expOfMinusAbs(x, z, y, n, s)) {
            return false;
        }
        sigmoidLoop(x, y, s.c, z, n);
        softplusLoop(x, y, s.c, y, n);
        return true;
    }

    /// `exp(−|x|)` in `e` and its rounding error in `s.c`; false if an exponent is outside the range. Overwrites `scale`.
    private static boolean expOfMinusAbs(double[] x, double[] scale, double[] e, int n, TileScratch s) {
        exponentsOfMinusAbs(x, scale, n);
        if (!scales(scale, n, s)) {
            return false;
        }
        expAndErrors(x, scale, e, s.c, n);
        return true;
    }

    static boolean logSigmoid(double[] x, double[] y, int n, TileScratch s) {
        negate(x, s.d, n);
        if (!softplus(s.d, s.d, n, s)) {
            return false;
        }
        negate(s.d, y, n);
        return true;
    }

    static boolean tanh(double[] x, double[] y, int n, TileScratch s) {
        minusTwiceAbs(x, s.b, n);
        exponents(s.b, s.a, n);
        if (!scales(s.a, n, s)) {
            return false;
        }
        reduce(s.b, s.c, n);
        tanhLoop(s.c, s.a, s.b, n);
        s.bitsToK(x, n);
        signs(s.k, n);
        s.bitsFromK(s.c, n);
        applySigns(s.b, s.c, y, n);
        return true;
    }

    static boolean log1mexp(double[] x, double[] y, int n, TileScratch s) {
        s.bitsToK(x, n);
        if (outsideNegative(s.k, n, LOG1MEXP_HIGH_BITS, LOG1MEXP_LOW_BITS) < 0) {
            return false;
        }
        magnitudeBelow(s.k, n, LN_2_BITS);
        s.bitsFromK(s.w, n);
        exponents(x, s.a, n);
        s.bitsToL(s.a, n);
        scaleBits(s.l, n);
        s.bitsFromL(s.a, n);
        reduce(x, s.b, n);
        expm1Reduced(s.b, s.b, n);
        log1mexpArguments(s.b, s.a, s.w, s.d, s.c, n);
        LogTiles.correctedLog(s.c, y, n, s);
        return true;
    }

    /// From `MAGIC + n` to `2^n`, in place; false if an exponent is outside the range.
    static boolean scales(double[] exponents, int n, TileScratch s) {
        s.bitsToL(exponents, n);
        if (checkedScaleBits(s.l, n) < 0) {
            return false;
        }
        s.bitsFromL(exponents, n);
        return true;
    }

    /// Negative if one of the first `n` is not a negative number of a magnitude in `[low, high]`, given as bits.
    static long outsideNegative(long[] k, int n, long low, long high) {
        long bad = 0;
        for (int i = 0; i < n; i++) {
            long magnitude = k[i] & Long.MAX_VALUE;
            bad |= ~k[i] | (magnitude - low) | (high - magnitude);
        }
        return bad;
    }

    /// Bits of 1 for magnitudes below a bound, else of 0.
    static void magnitudeBelow(long[] k, int n, long bound) {
        for (int i = 0; i < n; i++) {
            k[i] = (((k[i] & Long.MAX_VALUE) - bound) >> 63) & Kernels.ONE_BITS;
        }
    }

    /// The argument of the logarithm in `log(1 − eˣ)`, `−expm1(x)` or `1 − exp(x)`, and what corrects the rounding of the latter.
    static void log1mexpArguments(double[] p, double[] scale, double[] w, double[] correction, double[] u, int n) {
        for (int i = 0; i < n; i++) {
            double minusExp = -((1 + p[i]) * scale[i]);
            double sum = 1 + minusExp;
            correction[i] = (1 - w[i]) * Kernels.correctionBelowOne(sum, Kernels.onePlusError(minusExp, sum));
            u[i] = Math.fma(w[i], -Math.fma(scale[i], p[i], scale[i] - 1), (1 - w[i]) * sum);
        }
    }

    static void exponents(double[] x, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = Kernels.exponent(x[i]);
        }
    }

    /// [#scaleBits(long[], int)]; negative if one exponent is outside `[LOWEST, HIGHEST]`, as those of NaN, infinities and huge values are.
    static long checkedScaleBits(long[] l, int n) {
        long bad = 0;
        for (int i = 0; i < n; i++) {
            long exponent = l[i];
            bad |= (exponent - LOWEST) | (HIGHEST - exponent);
            l[i] = Kernels.scaleBits(exponent);
        }
        return bad;
    }

    static void scaleBits(long[] l, int n) {
        for (int i = 0; i < n; i++) {
            l[i] = Kernels.scaleBits(l[i]);
        }
    }

    static boolean hasMinusZero(long[] k, int n) {
        long bad = 0;
        for (int i = 0; i < n; i++) {
            // Negative for the bits of −0 only, the one integer besides 0 that is its own negative.
            bad |= k[i] & -k[i];
        }
        return bad < 0;
    }

    static void expLoop(double[] x, double[] s, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.exp(x[i], s[i]);
        }
    }

    static void expm1Loop(double[] x, double[] s, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.expm1(Kernels.reduce(x[i], Kernels.exponent(x[i]) - Kernels.MAGIC), s[i]);
        }
    }

    static void negate(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -x[i];
        }
    }

    static void minusTwiceAbs(double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -2 * Math.abs(x[i]);
        }
    }

    static void reduce(double[] x, double[] r, int n) {
        for (int i = 0; i < n; i++) {
            r[i] = Kernels.reduce(x[i], Kernels.exponent(x[i]) - Kernels.MAGIC);
        }
    }

    static void expm1Reduced(double[] r, double[] p, int n) {
        for (int i = 0; i < n; i++) {
            p[i] = Kernels.expm1Reduced(r[i]);
        }
    }

    static void exponentsOfMinusAbs(double[] x, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = Kernels.exponentOfMinus(Math.abs(x[i]));
        }
    }

    /// `exp(−|x|)` and its error, from the scales `s`.
    static void expAndErrors(double[] x, double[] s, double[] e, double[] error, int n) {
        for (int i = 0; i < n; i++) {
            double a = Math.abs(x[i]);
            double p = Kernels.expm1Reduced(Kernels.reduce(-a, Kernels.exponentOfMinus(a) - Kernels.MAGIC));
            e[i] = Kernels.expOfReduced(p, s[i]);
            error[i] = Kernels.expError(p, s[i]);
        }
    }

    static void sigmoidLoop(double[] x, double[] e, double[] error, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.sigmoid(x[i], e[i], error[i]);
        }
    }

    static void softplusLoop(double[] x, double[] e, double[] error, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.softplus(x[i], e[i], error[i]);
        }
    }

    static void tanhLoop(double[] r, double[] s, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Kernels.tanhAbs(r[i], s[i]);
        }
    }

    /// Bits of ±1 with the sign of each.
    static void signs(long[] k, int n) {
        for (int i = 0; i < n; i++) {
            k[i] = (k[i] & Kernels.SIGN_MASK) | Kernels.ONE_BITS;
        }
    }

    static void applySigns(double[] v, double[] sign, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.abs(v[i]) * sign[i];
        }
    }
}
