package kiln.math;

/// Logarithms and powers to the bases 2 and 10, and the inverse hyperbolic functions that are logarithms.
public final class Logarithms {
    private Logarithms() {}

    /// `ln 2`
    public static final double LN_2 = 0.6931471805599453;
    /// `ln 10`
    public static final double LN_10 = 2.302585092994046;

    private static final double LOG2_E = 1.4426950408889634;
    private static final double SQRT_2 = 1.4142135623730951;

    /// Above it `x² + 1` is `x²`.
    private static final double LARGE = 0x1p28;

    /// `2^x`, exact for integers; error of about 1 ulp.
    ///
    /// @param x any value
    /// @return `2^x`
    public static double exp2(double x) {
        if (!(Math.abs(x) < 1100)) {
            return x > 0 ? Double.POSITIVE_INFINITY : x < 0 ? 0 : x;
        }
        double n = Math.rint(x);
        return Math.scalb(Elementary.exp((x - n) * LN_2), (int) n);
    }

    /// The logarithm to base 2: the exponent, and the logarithm of the significand in `[√½, √2]`. Exact for powers of two,
    /// error of about 2 ulp.
    ///
    /// @param x ≥ 0
    /// @return `log₂ x`; −∞ at 0, NaN below
    public static double log2(double x) {
        if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
            return Elementary.log(x);
        }
        if (x < Double.MIN_NORMAL) {
            return log2(x * 0x1p54) - 54;
        }
        int exponent = Math.getExponent(x);
        double m = Math.scalb(x, -exponent);
        if (m > SQRT_2) {
            m *= 0.5;
            exponent++;
        }
        return exponent + Elementary.log(m) * LOG2_E;
    }

    /// {@return the logarithm to base 10, [StrictMath#log10(double)]}
    /// @param x ≥ 0
    public static double log10(double x) {
        return StrictMath.log10(x);
    }

    /// `ln(x + √(x² + 1))`, through `log1p` so that small arguments do not cancel; error of a few ulp.
    ///
    /// @param x any value
    /// @return the number whose hyperbolic sine is `x`
    public static double asinh(double x) {
        double a = Math.abs(x);
        double y = a > LARGE ? Elementary.log(a) + LN_2 : Elementary.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(y, x);
    }

    /// `ln(x + √(x² − 1))`, through `log1p` so that arguments near 1 do not cancel; error of a few ulp.
    ///
    /// @param x ≥ 1
    /// @return the non-negative number whose hyperbolic cosine is `x`; NaN for `x < 1`
    public static double acosh(double x) {
        if (x > LARGE) {
            return Elementary.log(x) + LN_2;
        }
        double t = x - 1;
        return Elementary.log1p(t + Math.sqrt(2 * t + t * t));
    }
}
