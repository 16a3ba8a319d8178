package kiln.math;

/// The distribution function of Student's t and its derivative by the degrees of freedom `ν`.
///
/// The probability of a tail is an incomplete beta function of `ν / (ν + t²)` or of its complement, whichever is the smaller one and has all
/// digits; far out, where `1 + ν/t²` is 1, a power of t. Of the derivatives of that function by shape and value a multiple of ν cancels: where
/// that costs digits the derivative is an integral of its own,
///
/// ```
/// ∂P(T > z)/∂ν = ∫_z^∞ p s dt = −∫₀ᶻ p s dt,  2 s = δ − q + (1 + 1/ν)(1 − e^−q),  q = log(1 + t²/ν),  δ = ψ((ν + 1)/2) − ψ(ν/2) − 1/ν
/// ```
///
/// from the side on which the derivative s of the log density keeps its sign, in the variable q.
public final class StudentT {
    private StudentT() {}

    /// In units of √ν, from where on the tail is a power.
    private static final double POWER = 1e9;

    /// Up to here the derivatives of the incomplete beta function by shape and value leave at least some hundredths of their terms.
    private static final double FEW = 60;

    /// From here on the distribution is that of a normal variable after Hill's transformation, to rounding.
    private static final double NORMAL = 2e10;

    /// From this shape on the series of δ is exact to rounding.
    private static final double SERIES = 25;

    /// `P(T ≤ t)`
    ///
    /// @param df degrees of freedom, > 0
    /// @param t  any value
    /// @return from 0 to 1; NaN outside the domain
    public static double cdf(double df, double t) {
        double tail = tail(df, Math.abs(t));
        return t < 0 ? tail : 1 - tail;
    }

    private static double tail(double df, double size) {
        double root = Math.sqrt(df);
        double half = 0.5 * df;
        if (df > NORMAL) {
            return Erf.ndtr(-normal(df, size));
        }
        if (size > root * POWER) {
            double power = half * (Elementary.log(df) - 2 * Elementary.log(size));
            return Elementary.exp(power - Elementary.log(df) - Gamma.lbeta(half, 0.5));
        }
        double square = size * size;
        return 0.5 * (size < root ? Beta.betaincc(0.5, half, square / (df + square)) : Beta.betainc(half, 0.5, df / (df + square)));
    }

    /// `√((ν − ½) log(1 + t²/ν))`, whose tail is that of t to `(z⁴ + 3z²)/(48 ν²)` of it.
    ///
    /// Source: G. W. Hill, *Algorithm 395: Student's t-distribution* (1970).
    private static double normal(double df, double size) {
        double root = Math.sqrt(df);
        return df == Double.POSITIVE_INFINITY ? size : root * Math.sqrt((1 - 0.5 / df) * Elementary.log1p(size / root * (size / root)));
    }

    /// `t` with `P(T > t) = q`: from the log odds `log t²/ν`, near the centre from below, in a tail from above.
    ///
    /// @param df degrees of freedom, > 0
    /// @param q  probability in `[0, 1]`
    /// @return any value
    public static double isf(double df, double q) {
        double tail = Math.min(q, 1 - q);
        return Math.signum(0.5 - q) * (df > NORMAL ? normalQuantile(df, tail) : size(df, tail));
    }

    private static double size(double df, double tail) {
        double half = 0.5 * df;
        double logOdds = tail > 0.25 ? Beta.betaincinvLogit(0.5, half, 1 - 2 * tail) : -Beta.betaincinvLogit(half, 0.5, 2 * tail);
        return Math.sqrt(df) * Elementary.exp(0.5 * logOdds);
    }

    private static double normalQuantile(double df, double q) {
        double z = -Erf.ndtri(q);
        double root = Math.sqrt(df);
        return df == Double.POSITIVE_INFINITY ? z : root * Math.sqrt(Elementary.expm1(z / root * (z / root) / (1 - 0.5 / df)));
    }

    /// `∂P(T ≤ t)/∂ν`, with a relative error below 1e-12 in both tails.
    ///
    /// @param df degrees of freedom, > 0
    /// @param t  any value
    /// @return the derivative; 0 at 0, ∞ and −∞; NaN outside the domain
    public static double cdfDdf(double df, double t) {
        if (!(df > 0) || Double.isNaN(t)) {
            return Double.NaN;
        }
        double size = Math.abs(t);
        if (size == 0 || size == Double.POSITIVE_INFINITY || df == Double.POSITIVE_INFINITY) {
            return 0;
        }
        double end = size < Elementary.HUGE * Math.min(Math.sqrt(df), 1)
                ? Elementary.log1p(size / df * size)
                : 2 * Elementary.log(size) - Elementary.log(df);
        double slope = slope(df, size, end);
        return t < 0 ? slope : -slope;
    }

    /// `∂P(T > size)/∂ν`
    private static double slope(double df, double size, double end) {
        if (size < 1e-100) {
            // Its square is no double any more: the density and its derivative are those at 0.
            return -0.5 * size * Elementary.exp(-Gamma.lbeta(0.5 * df, 0.5)) / Math.sqrt(df) * delta(df);
        }
        if (df < FEW && size < 1e100) {
            // Where little cancels, by the shape and the value of the incomplete beta function, which is faster.
            double square = size * size;
            double y = square / (df + square);
            double byShape = 0.5 * BetaSlope.scaled(0.5 * df, 0.5, df / (df + square), y);
            double both = byShape + 1 / df;
            if (Math.abs(both) > 0.02 * Math.abs(byShape)) {
                return 0.5 * Elementary.exp(-0.5 * df * end - Gamma.lbeta(0.5 * df, 0.5)) * Math.sqrt(y) * both;
            }
        }
        double delta = delta(df);
        return score(end, df, delta) < 0 ? outer(end, df, delta) : -inner(end, df, delta);
    }

    /// `∫_z^∞ p s dt` with `q = end + 2 r/ν`
    private static double outer(double end, double df, double delta) {
        double height = Elementary.exp(-0.5 * df * end - Gamma.lbeta(0.5 * df, 0.5)) / df;
        return height * HalfLine.integral(r -> {
            double q = end + 2 * r / df;
            return Elementary.exp(-r) * score(q, df, delta) / Math.sqrt(-Elementary.expm1(-q));
        });
    }

    /// `∫₀ᶻ p s dt` with `q = end v²`, which takes the root of q out of the integrand, and `v = 1 − e^−r`
    private static double inner(double end, double df, double delta) {
        double height = end * Elementary.exp(-Gamma.lbeta(0.5 * df, 0.5));
        return height * HalfLine.integral(r -> {
            double v = -Elementary.expm1(-r);
            double q = end * v * v;
            return Elementary.exp(-r - 0.5 * df * q) * score(q, df, delta) * v / Math.sqrt(-Elementary.expm1(-q));
        });
    }

    /// `∂ log p/∂ν` where `log(1 + t²/ν) = q`
    private static double score(double q, double df, double delta) {
        double rest = -Elementary.expm1(-q);
        return 0.5 * (delta + rest / df - (q < 0.2 ? beyondLinear(q) : q - rest));
    }

    /// `q − 1 + e^−q` by its series
    private static double beyondLinear(double q) {
        double sum = 0;
        for (int k = 12; k >= 2; k--) {
            sum = (1 - sum) * q / k;
        }
        return sum * q;
    }

    /// `ψ((ν + 1)/2) − ψ(ν/2) − 1/ν`
    private static double delta(double df) {
        double h = 0.5 * df;
        if (h < SERIES) {
            return BetaSlope.digammaStep(h, h + 0.5, 0.5) - 1 / df;
        }
        double j = 1 / (h * h);
        return -j * Math.fma(j, Math.fma(j, Math.fma(j, 17.0 / 2048, -1.0 / 128), 1.0 / 64), -1.0 / 8);
    }

    /// `∂²P(T ≤ t)/∂ν²`, by differences of the first derivative; relative to its largest value over t the error is about 1e-9.
    ///
    /// @param df degrees of freedom, > 0
    /// @param t  any value
    /// @return the second derivative; NaN outside the domain
    public static double cdfDdfDdf(double df, double t) {
        return Differences.derivative(s -> cdfDdf(s, t), df, Differences.shapeStep(df));
    }
}
