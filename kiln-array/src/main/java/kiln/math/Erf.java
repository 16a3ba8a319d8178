package kiln.math;

/// The error function and its relatives: the cumulative distribution of the normal, its logarithm and its inverse.
///
/// Everything in the tails goes through the scaled function `erfcx`, which neither underflows nor cancels.
/// NaN gives NaN everywhere.
public final class Erf {
    private Erf() {}

    private static final double INV_SQRT_PI = 0.5641895835477563;
    private static final double EXP_MINUS_50 = 1.9287498479639178e-22;

    /// The error function.
    ///
    /// ```
    /// erf(x) = 2/sqrt(π) ∫₀ˣ exp(−t²) dt
    /// ```
    ///
    /// A polynomial in `x²` for `|x| < 1`, `1 − erfc(x)` beyond. Error below 1 ulp; odd; ±1 from `|x| = 6` on.
    ///
    /// @param x any value
    /// @return a value in `[−1, 1]`
    public static double erf(double x) {
        double a = Math.abs(x);
        if (a < 1) {
            return ErfKernels.erfSmall(x);
        }
        if (a >= 6) {
            return Math.copySign(1, x);
        }
        return Double.isNaN(x) ? x : Math.copySign(1 - erfcPositive(a), x);
    }

    /// The complementary error function `1 − erf(x)`, accurate in the upper tail.
    ///
    /// Error below 6 ulp, as long as the result is a normal number; 0 above 27.3, exactly 1 at 0.
    ///
    /// @param x any value
    /// @return a value in `[0, 2]`
    public static double erfc(double x) {
        return x >= 0 ? erfcPositive(x) : Double.isNaN(x) ? x : 2 - erfcPositive(-x);
    }

    /// For `x ≥ 0`: `exp(−x²) erfcx(x)`, where the rounding error of `x²` is put right.
    private static double erfcPositive(double x) {
        if (x > 28) {
            return 0;
        }
        double square = x * x;
        return expMinus(square, Math.fma(x, x, -square), erfcxPositive(x));
    }

    /// `exp(−(square + low)) · factor` without losing digits to a subnormal intermediate value.
    private static double expMinus(double square, double low, double factor) {
        if (square > 690) {
            double e = Elementary.exp(50 - square);
            return Math.fma(-low, e, e) * factor * EXP_MINUS_50;
        }
        double e = Elementary.exp(-square);
        return Math.fma(-low, e, e) * factor;
    }

    /// The scaled complementary error function.
    ///
    /// ```
    /// erfcx(x) = exp(x²) erfc(x)
    /// ```
    ///
    /// For `x ≥ 0` a polynomial in `(x − 3)/(x + 3)` over `x + 3`; error below 6 ulp there. Overflows to `∞` below −26.6.
    ///
    /// Source: M. M. Shepherd and J. G. Laframboise, *Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞* (1981),
    /// with another pole, another factor and coefficients of our own.
    ///
    /// @param x any value
    /// @return a value ≥ 0
    public static double erfcx(double x) {
        if (x >= 0) {
            return erfcxPositive(x);
        }
        if (x < -26.7) {
            return Double.POSITIVE_INFINITY;
        }
        double square = x * x;
        double e = Elementary.exp(square);
        return 2 * Math.fma(Math.fma(x, x, -square), e, e) - erfcxPositive(-x);
    }

    private static double erfcxPositive(double x) {
        return x > ErfKernels.ERFCX_HIGH ? INV_SQRT_PI / x : ErfKernels.erfcx(x);
    }

    /// The standard normal cumulative distribution function `Φ(x) = erfc(−x/sqrt 2)/2`.
    ///
    /// For `x < 0` it is `exp(−x²/2) erfcx(−x/sqrt 2)/2`, with the rounding error of `x²` put right, for `x > 0` the
    /// complement: error below 6 ulp down to −37.5, below which the result is subnormal; exactly 1/2 at 0.
    ///
    /// @param x any value
    /// @return a value in `[0, 1]`
    public static double ndtr(double x) {
        return x >= 0 ? 1 - ndtrLower(x) : Double.isNaN(x) ? x : ndtrLower(-x);
    }

    /// `Φ(−a)` for `a ≥ 0`.
    private static double ndtrLower(double a) {
        if (a > 39) {
            return 0;
        }
        double square = a * a;
        return expMinus(0.5 * square, 0.5 * Math.fma(a, a, -square), 0.5 * erfcxPositive(a * ErfKernels.SQRT_HALF));
    }

    /// The logarithm of [#ndtr(double)], accurate in both tails.
    ///
    /// ```
    /// log Φ(x) = −x²/2 + log(erfcx(−x/sqrt 2)/2)   for x < 0
    ///          = log1p(−Φ(−x))                     for x ≥ 0
    /// ```
    ///
    /// Error below 7 ulp.
    ///
    /// @param x any value
    /// @return a value ≤ 0; −∞ at −∞
    public static double logNdtr(double x) {
        if (x >= 0) {
            return Elementary.logOneMinus(ndtrLower(x));
        }
        if (x < ErfTiles.LOG_NDTR_LOW) {
            return -0.5 * x * x;
        }
        return Elementary.log(0.5 * erfcxPositive(-x * ErfKernels.SQRT_HALF)) - 0.5 * x * x;
    }

    /// The derivative of [#logNdtr(double)], `φ(x)/Φ(x)` (the inverse Mills ratio of `−x`). Error below 5 ulp.
    ///
    /// @param x any value
    /// @return a value ≥ 0, about `−x` in the lower tail
    public static double logNdtrDerivative(double x) {
        if (x < 0) {
            return ErfKernels.INV_SQRT_2PI / (0.5 * erfcxPositive(-x * ErfKernels.SQRT_HALF));
        }
        return ndtrDerivative(x) / ndtr(x);
    }

    /// The standard normal density `φ(x) = exp(−x²/2)/sqrt(2π)`.
    ///
    /// @param x any value
    /// @return a value in `[0, 0.3989…]`
    public static double ndtrDerivative(double x) {
        if (Math.abs(x) > 39) {
            return 0;
        }
        double square = x * x;
        return expMinus(0.5 * square, 0.5 * Math.fma(x, x, -square), ErfKernels.INV_SQRT_2PI);
    }

    /// The inverse of [#erf(double)].
    ///
    /// @param x in `[−1, 1]`
    /// @return the value whose error function is `x`; ±∞ at ±1, NaN outside
    public static double erfinv(double x) {
        // quantile(q) is the normal quantile of 1/2 + q, and 1 − |x| is exact where it is used.
        return quantile(0.5 * x, 0.5 * (1 - Math.abs(x))) * ErfKernels.SQRT_HALF;
    }

    /// `sqrt(2) erfinv(x)`, the normal quantile at `(1 + x)/2`.
    static double sqrt2Erfinv(double x) {
        return quantile(0.5 * x, 0.5 * (1 - Math.abs(x)));
    }

    /// Below it [#erfinvFloat] takes the first of its formulas.
    static final float FLOAT_CENTRE = 5;

    /// The inverse error function in single precision arithmetic, step by step as JAX evaluates it.
    ///
    /// Relative error about 3e-7, which is why the draws of a float32 normal are what they are.
    ///
    /// Source: M. Giles, *Approximating the erfinv function* (2010), single precision.
    ///
    /// @param x in `(−1, 1)`
    /// @return the value whose error function is `x`
    public static float erfinvFloat(float x) {
        float w = -(float) Elementary.log1p(-(x * x));
        float p;
        if (w < FLOAT_CENTRE) {
            p = centreFloat(w);
        } else {
            float t = (float) Math.sqrt(w) - 3;
            p = -0.00020021426f;
            p = 0.00010095056f + p * t;
            p = 0.0013493432f + p * t;
            p = -0.0036734284f + p * t;
            p = 0.0057395077f + p * t;
            p = -0.0076224613f + p * t;
            p = 0.0094388705f + p * t;
            p = 1.001674f + p * t;
            p = 2.8329768f + p * t;
        }
        return p * x;
    }

    /// The factor of `x` in the first formula, where `w = −log(1 − x²)`.
    static float centreFloat(float w) {
        float t = w - 2.5f;
        float p = 2.8102264e-08f;
        p = 3.4327394e-07f + p * t;
        p = -3.5233877e-06f + p * t;
        p = -4.3915065e-06f + p * t;
        p = 0.00021858087f + p * t;
        p = -0.001253725f + p * t;
        p = -0.0041776816f + p * t;
        p = 0.24664073f + p * t;
        return 1.5014094f + p * t;
    }

    /// The inverse of [#erfc(double)].
    ///
    /// @param x in `[0, 2]`
    /// @return the value whose complementary error function is `x`; ±∞ at 0 and 2, NaN outside
    public static double erfcinv(double x) {
        return -ndtri(0.5 * x) * ErfKernels.SQRT_HALF;
    }

    /// The quantile function of the standard normal, the inverse of [#ndtr(double)].
    ///
    /// Relative error about 1e-15, for subnormal `p` too.
    ///
    /// Source: M. J. Wichura, *Algorithm AS 241: the percentage points of the normal distribution* (1988), PPND16.
    ///
    /// @param p in `[0, 1]`
    /// @return the value whose cumulative probability is `p`; ∓∞ at 0 and 1, NaN outside
    public static double ndtri(double p) {
        return quantile(p - 0.5, p < 0.5 ? p : 1 - p);
    }

    /// The normal quantile at `1/2 + q`, where `tail = 1/2 − |q|` is given separately because it may be known better.
    private static double quantile(double q, double tail) {
        if (Math.abs(q) <= CENTRE) {
            double r = Math.fma(-q, q, CENTRE_SQUARE);
            return q * ratio(r, CENTRE_NUMERATOR, CENTRE_DENOMINATOR);
        }
        if (!(tail > 0)) {
            return tail == 0 ? Math.copySign(Double.POSITIVE_INFINITY, q) : Double.NaN;
        }
        double r = Math.sqrt(-Elementary.log(tail));
        double x = r <= 5
                ? ratio(r - 1.6, MIDDLE_NUMERATOR, MIDDLE_DENOMINATOR)
                : ratio(r - 5, FAR_NUMERATOR, FAR_DENOMINATOR);
        return Math.copySign(x, q);
    }

    private static double ratio(double r, double[] numerator, double[] denominator) {
        double a = numerator[7];
        double b = denominator[7];
        for (int i = 6; i >= 0; i--) {
            a = Math.fma(a, r, numerator[i]);
            b = Math.fma(b, r, denominator[i]);
        }
        return a / b;
    }

    /// Where the formula of the centre ends, and the square of it.
    static final double CENTRE = 0.425;

    static final double CENTRE_SQUARE = 0.180625;

    static final double[] CENTRE_NUMERATOR = {
        3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
        45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227
    };
    static final double[] CENTRE_DENOMINATOR = {
        1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751,
        21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854
    };
    static final double[] MIDDLE_NUMERATOR = {
        1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
        1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414
    };
    static final double[] MIDDLE_DENOMINATOR = {
        1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851,
        0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-09
    };
    private static final double[] FAR_NUMERATOR = {
        6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
        0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-05, 2.0103343992922881e-07
    };
    private static final double[] FAR_DENOMINATOR = {
        1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615,
        0.0007868691311456133, 1.8463183175100548e-05, 1.421511758316446e-07, 2.0442631033899397e-15
    };
}
