package kiln.math;

/// Elementary functions of one double whose results are the same bits on every machine.
///
/// `exp`, `expm1`, `log`, `log1p`, `tanh`, `sigmoid`, `softplus`, `sin`, `cos`, `tan` and `pow` are Kiln's own (`Math.exp`
/// and its kin are intrinsics that differ between processors); the array versions in [Tiles] give the same bits. The inverse
/// trigonometric functions, `cbrt`, `sinh` and `cosh` are those of [StrictMath], which are bit-stable by specification.
///
/// Stated errors are the largest ones measured against 80-digit arithmetic on seeded samples (those of `log1mexp`, `sin`, `cos` and `tan`
/// against mpmath), in units in the last place; `ElementaryAccuracyTest` and `SpecialAccuracyTest` hold them. NaN gives NaN everywhere.
public final class Elementary {
    /// No datum and no parameter is as large: where a number is, a density is on its way out of the doubles, and the compiler takes what is
    /// asked whether it is larger for smaller (`kiln.compile.Precautions`).
    public static final double HUGE = 1e100;

    private Elementary() {}

    /// Up to this magnitude `exp(x)` and `exp(−x)` are normal numbers: the range of the fast, branch-free formulas.
    static final double EXP_FAST = 708;

    /// From here `log1p` is `log`.
    static final double LOG1P_FAST = 0x1p1000;

    /// Up to this magnitude `tanh` is computed; it has been ±1 for long.
    static final double TANH_FAST = 350;

    private static final double EXP_OVERFLOW = 709.782712893384;
    private static final double EXP_UNDERFLOW = -745.1332191019412;
    static final double LN_HALF = -0.6931471805599453;
    private static final double LN_2 = 0.6931471805599453;

    private static double scale(double exponent) {
        return Double.longBitsToDouble(Kernels.scaleBits(Double.doubleToRawLongBits(exponent)));
    }

    /// The exponential function.
    ///
    /// ```
    /// exp(x) = 2^n exp(r),  n = rint(x / ln 2),  |r| ≤ ln(2)/2
    /// ```
    ///
    /// Error below 1 ulp. `exp(−∞) = 0`, overflows to `∞` above 709.78, underflows gradually below −708.4 and to 0
    /// below −745.13.
    ///
    /// @param x any value
    /// @return `e^x`
    public static double exp(double x) {
        if (!(Math.abs(x) <= EXP_FAST)) {
            return expEdge(x);
        }
        return Kernels.exp(x, scale(Kernels.exponent(x)));
    }

    private static double expEdge(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (x > EXP_OVERFLOW) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < EXP_UNDERFLOW) {
            return 0;
        }
        double n = Kernels.exponent(x) - Kernels.MAGIC;
        double p = 1 + Kernels.expm1Reduced(Kernels.reduce(x, n));
        // Two exact steps but one: only the last product rounds, also where the result is subnormal.
        double shift = x > 0 ? 1 : -1000;
        return p * scale(Kernels.MAGIC + (n - shift)) * scale(Kernels.MAGIC + shift);
    }

    /// `exp(x) − 1`, accurate also near 0.
    ///
    /// Error below 2 ulp. `expm1(±0) = ±0`, `expm1(−∞) = −1`.
    ///
    /// @param x any value
    /// @return `e^x − 1`
    public static double expm1(double x) {
        if (!(Math.abs(x) <= EXP_FAST) || x == 0) {
            return x == 0 ? x : x < 0 ? -1 : expEdge(x);
        }
        double exponent = Kernels.exponent(x);
        return Kernels.expm1(Kernels.reduce(x, exponent - Kernels.MAGIC), scale(exponent));
    }

    /// The natural logarithm.
    ///
    /// ```
    /// log(2^k m) = k ln 2 + f − (f²/2 − s (f²/2 + R(s²))),  f = m − 1,  s = f/(2 + f),  sqrt(1/2) ≤ m < sqrt 2
    /// ```
    ///
    /// Error below 1 ulp. `log(±0) = −∞`, `log(∞) = ∞`, NaN for negative arguments; subnormal arguments are exact inputs.
    ///
    /// Source: the reduction is that of Tang and of Ng (1986, FDLIBM); the polynomial is our own.
    ///
    /// @param x ≥ 0
    /// @return `ln x`
    public static double log(double x) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return logEdge(x);
        }
        return logOfNormal(x, 0);
    }

    private static double logOfNormal(double x, double shift) {
        long split = Kernels.split(Double.doubleToRawLongBits(x));
        double k = Double.longBitsToDouble(Kernels.exponentAsDoubleBits(split)) - Kernels.EXPONENT_OFFSET;
        return Kernels.log(Double.longBitsToDouble(Kernels.significandBits(split)), k - shift);
    }

    private static double logEdge(double x) {
        if (x == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (x < 0) {
            return Double.NaN;
        }
        return x < Double.MIN_NORMAL ? logOfNormal(x * 0x1p54, 54) : x;
    }

    /// `log(1 + x)`, accurate also near 0.
    ///
    /// Error below 1 ulp. `log1p(±0) = ±0`, `log1p(−1) = −∞`, NaN below −1.
    ///
    /// @param x ≥ −1
    /// @return `ln(1 + x)`
    public static double log1p(double x) {
        if (!(x > -1 && x < LOG1P_FAST) || x == 0) {
            return x == 0 ? x : x == -1 ? Double.NEGATIVE_INFINITY : log(x);
        }
        double u = 1 + x;
        long split = Kernels.split(Double.doubleToRawLongBits(u));
        double k = Double.longBitsToDouble(Kernels.exponentAsDoubleBits(split)) - Kernels.EXPONENT_OFFSET;
        double c = Kernels.onePlusError(x, u) * Double.longBitsToDouble(Kernels.inverseScaleBits(split));
        double m = Double.longBitsToDouble(Kernels.significandBits(split));
        return Kernels.log(m, k, Kernels.correction(m, c));
    }

    /// `log(1 − exp(x))`, the logarithm of a complementary probability.
    ///
    /// Switches at `−ln 2` between `log(−expm1(x))` and `log1p(−exp(x))`, so that neither cancels; error below 2.5 ulp.
    /// `log1mexp(0) = −∞`, NaN for `x > 0`.
    ///
    /// Source: M. Mächler, *Accurately computing log(1 − exp(−|a|))* (2012).
    ///
    /// @param x ≤ 0
    /// @return `ln(1 − e^x)`
    public static double log1mexp(double x) {
        return x > LN_HALF ? log(-expm1(x)) : logOneMinus(exp(x));
    }

    /// `log(1 − e)` for `0 ≤ e ≤ 1/2`: what [#log1p(double)] is there, shorter.
    static double logOneMinus(double e) {
        double u = 1 - e;
        long split = Kernels.split(Double.doubleToRawLongBits(u));
        double k = Double.longBitsToDouble(Kernels.exponentAsDoubleBits(split)) - Kernels.EXPONENT_OFFSET;
        double correction = Kernels.correctionBelowOne(u, Kernels.onePlusError(-e, u));
        return Kernels.log(Double.longBitsToDouble(Kernels.significandBits(split)), k, correction);
    }

    /// The hyperbolic tangent.
    ///
    /// ```
    /// tanh|x| = −t/(2 + t),  t = exp(−2|x|) − 1
    /// ```
    ///
    /// Error below 1.5 ulp; odd to the last bit; ±1 at ±∞.
    ///
    /// @param x any value
    /// @return `tanh x`
    public static double tanh(double x) {
        double a = -2 * Math.abs(x);
        if (!(a >= -2 * TANH_FAST)) {
            return Double.isNaN(x) ? x : Math.copySign(1, x);
        }
        double exponent = Kernels.exponent(a);
        return Math.copySign(Kernels.tanhAbs(Kernels.reduce(a, exponent - Kernels.MAGIC), scale(exponent)), x);
    }

    /// The inverse hyperbolic tangent.
    ///
    /// ```
    /// atanh|x| = log1p(2|x| / (1 − |x|)) / 2
    /// ```
    ///
    /// Error of a few ulp; ±∞ at ±1, NaN outside.
    ///
    /// @param x in `[−1, 1]`
    /// @return `atanh x`
    public static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(0.5 * log1p(2 * a / (1 - a)), x);
    }

    /// The logistic function.
    ///
    /// Error below 1.3 ulp, also in the lower tail, where the result becomes `exp(x)`.
    ///
    /// @param x any value
    /// @return `1/(1 + e^−x)`, in `[0, 1]`
    public static double sigmoid(double x) {
        if (!(Math.abs(x) <= EXP_FAST)) {
            return x > 0 ? 1 : expEdge(x);
        }
        double a = -Math.abs(x);
        double exponent = Kernels.exponent(a);
        double p = Kernels.expm1Reduced(Kernels.reduce(a, exponent - Kernels.MAGIC));
        double s = scale(exponent);
        return Kernels.sigmoid(x, Kernels.expOfReduced(p, s), Kernels.expError(p, s));
    }

    /// The inverse of [#sigmoid(double)].
    ///
    /// Near 1/2, where `log(p/(1−p))` would cancel, it is `log1p((2p − 1)/(1 − p))`, whose argument is exact up to one division.
    ///
    /// @param p in `[0, 1]`
    /// @return `log(p/(1 − p))`; ∓∞ at 0 and 1, NaN outside
    public static double logit(double p) {
        if (p > 0.25 && p < 0.75) {
            return log1p((2 * p - 1) / (1 - p));
        }
        return log(p) - log1p(-p);
    }

    /// `log(sigmoid(x)) = −softplus(−x)`.
    ///
    /// Error below 1.2 ulp.
    ///
    /// @param x any value
    /// @return a value ≤ 0
    public static double logSigmoid(double x) {
        return -softplus(-x);
    }

    /// `log(1 + exp(x))`, a smooth maximum of 0 and `x`.
    ///
    /// ```
    /// softplus(x) = max(x, 0) + log1p(exp(−|x|))
    /// ```
    ///
    /// Error below 1.2 ulp, in the lower tail too, where the result becomes `exp(x)`.
    ///
    /// @param x any value
    /// @return a value ≥ 0
    public static double softplus(double x) {
        if (!(Math.abs(x) <= EXP_FAST)) {
            return x > 0 ? x : expEdge(x);
        }
        double a = -Math.abs(x);
        double exponent = Kernels.exponent(a);
        double p = Kernels.expm1Reduced(Kernels.reduce(a, exponent - Kernels.MAGIC));
        double s = scale(exponent);
        return Kernels.softplus(x, Kernels.expOfReduced(p, s), Kernels.expError(p, s));
    }

    /// The inverse of [#softplus(double)].
    ///
    /// @param y ≥ 0
    /// @return `log(exp(y) − 1) = y + log(1 − exp(−y))`; −∞ at 0, NaN below
    public static double softplusInverse(double y) {
        return y < 1 ? log(expm1(y)) : y + log1mexp(-y);
    }

    /// `log(exp(a) + exp(b))` without overflow.
    ///
    /// @param a any value, infinities included
    /// @param b any value, infinities included
    /// @return `max + log1p(exp(−|a − b|))`
    public static double logAddExp(double a, double b) {
        if (a == b) {
            return a + LN_2;
        }
        double high = Math.max(a, b);
        return high + log1p(exp(Math.min(a, b) - high));
    }

    /// `log(exp(a) − exp(b))` without overflow.
    ///
    /// @param a ≥ `b`
    /// @param b finite or −∞
    /// @return `a + log(1 − exp(b − a))`; −∞ for `a = b`, NaN for `a < b`
    public static double logSubExp(double a, double b) {
        return a == b ? Double.NEGATIVE_INFINITY : a + log1mexp(b - a);
    }

    /// `x log y`, with 0 for `x = 0` whatever `y` is (unless NaN).
    ///
    /// @param x factor, any value
    /// @param y ≥ 0
    /// @return `x ln y`
    public static double xlogy(double x, double y) {
        return x == 0 && !Double.isNaN(y) ? 0 : x * log(y);
    }

    /// `x log(1 + y)`, with 0 for `x = 0` whatever `y` is (unless NaN).
    ///
    /// @param x factor, any value
    /// @param y ≥ −1
    /// @return `x ln(1 + y)`
    public static double xlog1py(double x, double y) {
        return x == 0 && !Double.isNaN(y) ? 0 : x * log1p(y);
    }

    /// The sine. Error below 0.8 ulp; that of [StrictMath#sin(double)] above 1e6.
    ///
    /// @param x angle in radians
    /// @return `sin x`; NaN at ±∞
    public static double sin(double x) {
        return Math.abs(x) <= TrigKernels.RANGE && x != 0 ? TrigKernels.sinOfTurned(x, 0) : StrictMath.sin(x);
    }

    /// The cosine. Error below 0.8 ulp; that of [StrictMath#cos(double)] above 1e6.
    ///
    /// @param x angle in radians
    /// @return `cos x`; NaN at ±∞
    public static double cos(double x) {
        return Math.abs(x) <= TrigKernels.RANGE ? TrigKernels.sinOfTurned(x, 1) : StrictMath.cos(x);
    }

    /// The tangent. Error below 2 ulp; that of [StrictMath#tan(double)] above 1e6.
    ///
    /// @param x angle in radians
    /// @return `tan x`; NaN at ±∞
    public static double tan(double x) {
        return Math.abs(x) <= TrigKernels.RANGE && x != 0 ? TrigKernels.tan(x) : StrictMath.tan(x);
    }

    /// {@return the angle in radians whose sine is `x`, [StrictMath#asin(double)]}
    /// @param x in `[−1, 1]`
    public static double asin(double x) {
        return StrictMath.asin(x);
    }

    /// {@return the angle in radians whose cosine is `x`, [StrictMath#acos(double)]}
    /// @param x in `[−1, 1]`
    public static double acos(double x) {
        return StrictMath.acos(x);
    }

    /// {@return the angle in radians whose tangent is `x`, [StrictMath#atan(double)]}
    /// @param x any value
    public static double atan(double x) {
        return StrictMath.atan(x);
    }

    /// {@return the angle in radians of the point `(x, y)`, in `[−π, π]`, [StrictMath#atan2(double, double)]}
    /// @param y ordinate
    /// @param x abscissa
    public static double atan2(double y, double x) {
        return StrictMath.atan2(y, x);
    }

    /// The power function.
    ///
    /// ```
    /// x^y = exp(y log x),  the logarithm to 64 bits
    /// ```
    ///
    /// Error below 0.9 ulp, and exact for small integers; that of [StrictMath#pow(double, double)] for `x` that is no positive normal
    /// number and where the result is not far from overflow or underflow (`|y log x| > 708`).
    ///
    /// @param x base
    /// @param y exponent
    /// @return `x^y`, with the special values of [StrictMath#pow(double, double)]
    public static double pow(double x, double y) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return StrictMath.pow(x, y);
        }
        long split = Kernels.split(Double.doubleToRawLongBits(x));
        double k = Double.longBitsToDouble(Kernels.exponentAsDoubleBits(split)) - Kernels.EXPONENT_OFFSET;
        double m = Double.longBitsToDouble(Kernels.significandBits(split));
        double s = PowKernels.quotient(m);
        double sLow = PowKernels.quotientLow(m, s);
        double q = PowKernels.slope(s);
        double c = PowKernels.cubic(s, q);
        double log = PowKernels.log(k, s, c);
        double logLow = PowKernels.logLow(k, s, sLow, c, PowKernels.cubicLow(s, sLow, q));
        double p = PowKernels.product(y, log, logLow);
        if (!(Math.abs(p) <= EXP_FAST)) {
            return StrictMath.pow(x, y);
        }
        return PowKernels.exp(p, PowKernels.productLow(y, log, logLow, p), scale(Kernels.exponent(p)));
    }

    /// {@return the real cube root, [StrictMath#cbrt(double)]}
    /// @param x any value
    public static double cbrt(double x) {
        return StrictMath.cbrt(x);
    }

    /// {@return `sinh x`, [StrictMath#sinh(double)]}
    /// @param x any value
    public static double sinh(double x) {
        return StrictMath.sinh(x);
    }

    /// {@return `cosh x`, [StrictMath#cosh(double)]}
    /// @param x any value
    public static double cosh(double x) {
        return StrictMath.cosh(x);
    }
}
