package kiln.math;

/// The regularised incomplete gamma functions, the cumulative distribution of Gamma, Poisson and chi-squared variables.
///
/// ```
/// P(a, x) = 1/Γ(a) ∫₀ˣ t^(a−1) e^−t dt,   Q = 1 − P
/// ```
///
/// A power series below `max(a + 1, 3/2)`, a continued fraction above; the factor `x^a e^−x / Γ(a + 1)` in Loader's
/// saddle-point form, so that large `a` does not cancel. The number of terms grows with `sqrt a`.
/// Relative error about 1e-14 times the condition number. Outside `0 < a ≤ 1e10, x ≥ 0` (and for NaN) the result is NaN.
///
/// Source: W. Gautschi, *A computational procedure for incomplete gamma functions* (1979); C. Loader (2000), see
/// [Gamma#stirlingError(double)].
public final class GammaInc {
    private GammaInc() {}

    private static final double SQRT_2PI = 2.5066282746310007;
    private static final double LOG_SQRT_2PI = 0.9189385332046728;
    private static final int MAX_TERMS = 4_000_000;

    /// The largest shape for which [#MAX_TERMS] suffice near the mean.
    private static final double LARGEST_SHAPE = 1e10;

    private static boolean isSeries(double a, double x) {
        return x < Math.max(a + 1, 1.5);
    }

    private static boolean isDomain(double a, double x) {
        return a > 0 && a <= LARGEST_SHAPE && x >= 0;
    }

    /// `log(x^a e^−x / Γ(a + 1))` for `0 < x < ∞`.
    private static double logPrefix(double a, double x) {
        if (a < 1) {
            return a * Elementary.log(x) - x - Gamma.lgamma1p(a);
        }
        return saddle(a, x) - LOG_SQRT_2PI - 0.5 * Elementary.log(a);
    }

    private static double prefix(double a, double x) {
        return a < 1 ? Elementary.exp(logPrefix(a, x)) : Elementary.exp(saddle(a, x)) / (SQRT_2PI * Math.sqrt(a));
    }

    private static double saddle(double a, double x) {
        double mu = (x - a) / a;
        double deviance = mu < -0.5 ? Elementary.log(x / a) - mu : Gamma.log1pmx(mu);
        return a * deviance - Gamma.stirlingError(a);
    }

    /// `P(a, x)`, the regularised lower function.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return a value in `[0, 1]`
    public static double gammainc(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == Double.POSITIVE_INFINITY) {
            return x == 0 ? 0 : 1;
        }
        return isSeries(a, x) ? prefix(a, x) * series(a, x) : 1 - upper(a, x);
    }

    /// `Q(a, x) = 1 − P(a, x)`, the regularised upper function.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return a value in `[0, 1]`
    public static double gammaincc(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == Double.POSITIVE_INFINITY) {
            return x == 0 ? 1 : 0;
        }
        if (!isSeries(a, x)) {
            return upper(a, x);
        }
        return a < 1 ? upperSmall(a, x) : 1 - prefix(a, x) * series(a, x);
    }

    /// `Q` for `a < 1`, `x < 3/2`: the leading 1 cancels against `x^a/Γ(a + 1)` inside `expm1`.
    private static double upperSmall(double a, double x) {
        double u = a * Elementary.log(x) - Gamma.lgamma1p(a);
        double sum = 0;
        double power = 1;
        for (int k = 1; k < 60; k++) {
            power *= -x / k;
            double term = power / (a + k);
            sum += term;
            if (Math.abs(term) <= 1e-18 * Math.abs(sum)) {
                break;
            }
        }
        return -Elementary.expm1(u) - Elementary.exp(u) * a * sum;
    }

    private static double upper(double a, double x) {
        return prefix(a, x) * a * new Fraction(a, x).value;
    }

    /// `Σ_k x^k / ((a + 1) … (a + k))`
    private static double series(double a, double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; k < MAX_TERMS && term > 1e-17 * sum; k++) {
            term *= x / (a + k);
            sum += term;
        }
        return sum;
    }

    /// The sum of [#series(double, double)] and its derivative in `a`.
    private static double[] seriesWithDerivative(double a, double x) {
        double sum = 1;
        double derivative = 0;
        double term = 1;
        double harmonic = 0;
        for (int k = 1; k < MAX_TERMS; k++) {
            term *= x / (a + k);
            harmonic -= 1 / (a + k);
            sum += term;
            derivative += term * harmonic;
            if (term <= 1e-17 * sum && term * -harmonic <= 1e-17 * -derivative) {
                break;
            }
        }
        return new double[] {sum, derivative};
    }

    /// The continued fraction of `Q(a, x) x^−a e^x Γ(a)` with the derivative of its logarithm in `a` (modified Lentz).
    private static final class Fraction {
        final double value;
        final double logDerivative;

        Fraction(double a, double x) {
            double b = x + 1 - a;
            double d = 1 / b;
            double dDot = d * d;
            // The first step replaces the infinite c of Lentz' start.
            double c = Double.POSITIVE_INFINITY;
            double cDot = 0;
            double h = d;
            double log = d;
            for (int i = 1; i < MAX_TERMS; i++) {
                double n = i * (a - i);
                b += 2;
                double denominator = n * d + b;
                double next = 1 / denominator;
                double nextDot = -next * next * (i * d + n * dDot - 1);
                cDot = -1 + i / c - n / c * (cDot / c);
                c = b + n / c;
                d = next;
                dDot = nextDot;
                double step = c * d;
                double logStep = dDot / d + cDot / c;
                h *= step;
                log += logStep;
                if (Math.abs(step - 1) <= 2e-16 && Math.abs(logStep) <= 1e-16 * (Math.abs(log) + 1e-3)) {
                    break;
                }
            }
            value = h;
            logDerivative = log;
        }
    }

    /// `log P(a, x)`, finite where `P` underflows.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return a value ≤ 0; −∞ at 0
    public static double gammaincLog(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == Double.POSITIVE_INFINITY) {
            return x == 0 ? Double.NEGATIVE_INFINITY : 0;
        }
        if (!isSeries(a, x)) {
            return Elementary.log1p(-upper(a, x));
        }
        double q = a < 1 ? upperSmall(a, x) : 1;
        return q < 0.5 ? Elementary.log1p(-q) : logPrefix(a, x) + Elementary.log(series(a, x));
    }

    /// `log Q(a, x)`, finite where `Q` underflows.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return a value ≤ 0; −∞ at ∞
    public static double gammainccLog(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == Double.POSITIVE_INFINITY) {
            return x == 0 ? 0 : Double.NEGATIVE_INFINITY;
        }
        if (!isSeries(a, x)) {
            return logPrefix(a, x) + Elementary.log(a) + Elementary.log(new Fraction(a, x).value);
        }
        double p = prefix(a, x) * series(a, x);
        return p < 0.5 ? Elementary.log1p(-p) : Elementary.log(gammaincc(a, x));
    }

    /// `∂P/∂x = x^(a−1) e^−x / Γ(a)`, the density of Gamma(a, 1).
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return the density; at 0 it is ∞, 1 or 0 for `a` below, at or above 1
    public static double gammaincDx(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0) {
            return a < 1 ? Double.POSITIVE_INFINITY : a == 1 ? 1 : 0;
        }
        return x == Double.POSITIVE_INFINITY ? 0 : prefix(a, x) * (a / x);
    }

    /// `∂P/∂a`, by differentiating the series or the fraction term by term; `∂Q/∂a` is its negative.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return a value ≤ 0; relative error about 1e-13 times the condition number
    public static double gammaincDa(double a, double x) {
        if (!isDomain(a, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == Double.POSITIVE_INFINITY) {
            return -0.0;
        }
        double prefix = prefix(a, x);
        return prefix == 0 ? -0.0 : prefix * scaledDa(a, x, Elementary.log(x));
    }

    /// `∂P/∂a` over `x^a e^−x / Γ(a + 1)`.
    private static double scaledDa(double a, double x, double log) {
        if (isSeries(a, x)) {
            double[] s = seriesWithDerivative(a, x);
            return s[0] * (log - Gamma.digamma(a + 1)) + s[1];
        }
        Fraction f = new Fraction(a, x);
        return -a * f.value * (log - Gamma.digamma(a) + f.logDerivative);
    }

    /// The derivative of a Gamma(a, 1) draw with respect to its shape, at a fixed probability.
    ///
    /// ```
    /// dx/da = −(∂P/∂a) / (∂P/∂x)
    /// ```
    ///
    /// The common factor `x^a e^−x` is cancelled before it can underflow.
    ///
    /// Source: M. Figurnov, S. Mohamed, A. Mnih, *Implicit reparameterization gradients* (2018).
    ///
    /// @param a shape, > 0
    /// @param x the draw, > 0
    /// @return `dx/da`, ≥ 0
    public static double implicitGradient(double a, double x) {
        return isDomain(a, x) && x < Double.POSITIVE_INFINITY && x > 0 ? -scaledDa(a, x, Elementary.log(x)) * (x / a) : Double.NaN;
    }

    /// The derivative of the logarithm of a Gamma(a, 1) draw with respect to its shape, at a fixed probability.
    ///
    /// It is [#implicitGradient(double, double)] over `x`, and stays finite where the draw itself underflows: there it is
    /// `(ψ(a + 1) − log x) / a`.
    ///
    /// @param a shape, > 0
    /// @param logx logarithm of the draw
    /// @return `d log x/da`, ≥ 0; ∞ at −∞
    public static double implicitGradientLog(double a, double logx) {
        double x = Elementary.exp(logx);
        return isDomain(a, x) && x < Double.POSITIVE_INFINITY ? -scaledDa(a, x, logx) / a : Double.NaN;
    }

    /// The derivative of [#implicitGradientLog(double, double)] by the shape at a fixed draw, by differences; its error is about 1e-9.
    ///
    /// @param a shape, > 0
    /// @param logx logarithm of the draw
    /// @return the partial derivative
    public static double implicitGradientLogDa(double a, double logx) {
        return Differences.derivative(s -> implicitGradientLog(s, logx), a, Differences.shapeStep(a));
    }

    /// The inverse of [#gammainc(double, double)] in `x`, the quantile function of Gamma(a, 1).
    ///
    /// @param a shape, > 0
    /// @param p probability in `[0, 1]`
    /// @return the `x` with `P(a, x) = p`; 0 where it underflows, ∞ at 1
    public static double gammaincinv(double a, double p) {
        return p <= 0.5 ? inverse(a, p, false) : inverse(a, 1 - p, true);
    }

    /// The inverse of [#gammaincc(double, double)] in `x`.
    ///
    /// @param a shape, > 0
    /// @param q probability in `[0, 1]`
    /// @return the `x` with `Q(a, x) = q`; ∞ at 0
    public static double gammainccinv(double a, double q) {
        return q <= 0.5 ? inverse(a, q, true) : inverse(a, 1 - q, false);
    }

    /// Newton's method for `log P` or `log Q` as a function of `log x`. Both are concave, so the iteration converges from any
    /// start.
    private static double inverse(double a, double probability, boolean isUpper) {
        if (!(a > 0 && a <= LARGEST_SHAPE && probability >= 0)) {
            return Double.NaN;
        }
        if (probability == 0) {
            return isUpper ? Double.POSITIVE_INFINITY : 0;
        }
        double target = Elementary.log(probability);
        double y = start(a, probability, target, isUpper);
        for (int i = 0; i < 100; i++) {
            double x = Elementary.exp(y);
            if (x == 0) {
                return 0;
            }
            double value = isUpper ? gammainccLog(a, x) : gammaincLog(a, x);
            // d log P / d log x = x^a e^−x / (Γ(a) P)
            double slope = Elementary.exp(logPrefix(a, x) + Elementary.log(a) - value);
            double step = (value - target) / (isUpper ? -slope : slope);
            y -= step;
            if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(y))) {
                break;
            }
        }
        return Elementary.exp(y);
    }

    /// The Wilson–Hilferty approximation where it is good, the leading term of the series elsewhere; in the upper tail of a small shape what
    /// an exponential tail would give, which is too far out: from below the first step could leave the range of double precision.
    private static double start(double a, double probability, double target, boolean isUpper) {
        if (isUpper && a < 1 && probability < 0.5 * a) {
            return Elementary.log(-target);
        }
        double z = Erf.ndtri(probability);
        double root = 1 - 1 / (9 * a) + (isUpper ? -z : z) / (3 * Math.sqrt(a));
        if (root > 0.2) {
            return Elementary.log(a) + 3 * Elementary.log(root);
        }
        return ((isUpper ? Elementary.log1p(-probability) : target) + Gamma.lgamma1p(a)) / a;
    }

    /// `∂²P/∂a²`, by differences of the first derivative; relative to its largest value over `x` the error is about 1e-9.
    ///
    /// @param a shape, > 0
    /// @param x ≥ 0
    /// @return the second derivative
    public static double gammaincDaDa(double a, double x) {
        return isDomain(a, x) ? Differences.derivative(s -> gammaincDa(s, x), a, Differences.shapeStep(a)) : Double.NaN;
    }
}
