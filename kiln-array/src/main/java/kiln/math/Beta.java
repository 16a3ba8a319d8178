package kiln.math;

/// The regularised incomplete beta function, the cumulative distribution of Beta, binomial, F and Student variables.
///
/// ```
/// I_x(a, b) = 1/B(a, b) ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt
/// ```
///
/// A continued fraction below the mean `(a + 1)/(a + b + 2)`, the symmetric one of `1 − I` above; the factor in front in
/// Loader's saddle-point form when `a` and `b` are large. The number of terms grows with `sqrt(max(a, b))`. Relative error
/// about 1e-14 times the condition number. Outside `0 < a, b ≤ 1e10, 0 ≤ x ≤ 1` (and for NaN) the result is NaN.
///
/// Where a value is within rounding of 1, give its distance `y` to [#betaincc(double, double, double)] with the shapes exchanged,
/// `I_(1−y)(a, b) = 1 − I_y(b, a)`: the fraction takes its digits from the smaller one of the two.
///
/// Source: A. R. DiDonato, A. H. Morris, *Significant digit computation of the incomplete beta function ratios* (1992), equation 10;
/// C. Loader (2000), see [Gamma#stirlingError(double)].
public final class Beta {
    private Beta() {}

    private static final double LOG_SQRT_2PI = 0.9189385332046728;
    private static final int MAX_TERMS = 4_000_000;

    /// The largest shape for which [#MAX_TERMS] suffice near the mean.
    private static final double LARGEST_SHAPE = 1e10;

    /// Below this first shape 1 minus the smaller one of the two probabilities would lose more than a digit of the other one.
    private static final double SMALL = 0.1;

    private static boolean isDomain(double a, double b, double x) {
        return a > 0 && b > 0 && x >= 0 && x <= 1 && Math.max(a, b) <= LARGEST_SHAPE;
    }

    /// Whether the fraction of `I` converges fast; else that of `1 − I` does.
    ///
    /// A tiny `x` above the mean stays with the fraction of `I`: `1 − x` would have lost its digits, and `(1 − x)^b` needs them.
    private static boolean isLower(double a, double b, double x) {
        return x <= (a + 1) / (a + b + 2) || (x < 1e-5 && x * b < a + 2 + 2 * Math.sqrt(a));
    }

    /// `log(x^a y^b / B(a, b))` for `y = 1 − x`.
    private static double logPrefix(double a, double b, double x, double y) {
        if (Math.min(a, b) < 10) {
            double logY = x < 0.5 ? Elementary.log1p(-x) : Elementary.log(y);
            double logX = y < 0.5 ? Elementary.log1p(-y) : Elementary.log(x);
            return a * logX + b * logY - Gamma.lbeta(a, b);
        }
        double n = a + b;
        // x b − a y, rounded once.
        double delta = x < 0.5 ? Math.fma(x, n, -a) : -Math.fma(y, n, -b);
        double u = delta / a;
        double v = -delta / b;
        double deviance = a * (u < -0.5 ? Elementary.log(x * (n / a)) - u : Gamma.log1pmx(u))
                + b * (v < -0.5 ? Elementary.log(y * (n / b)) - v : Gamma.log1pmx(v));
        double correction = Gamma.stirlingSeries(n) - Gamma.stirlingSeries(a) - Gamma.stirlingSeries(b);
        return deviance + correction + (0.5 * Elementary.log(a * (b / n)) - LOG_SQRT_2PI);
    }

    /// `I_x(a, b)`.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value in `[0, 1]`
    public static double betainc(double a, double b, double x) {
        if (!isDomain(a, b, x) || x == 0 || x == 1) {
            return isDomain(a, b, x) ? x : Double.NaN;
        }
        return isLower(a, b, x) ? tail(a, b, x, 1 - x) : rest(b, a, 1 - x, x);
    }

    /// `1 − I_x(a, b)`, accurate where it is small.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value in `[0, 1]`
    public static double betaincc(double a, double b, double x) {
        if (!isDomain(a, b, x) || x == 0 || x == 1) {
            return isDomain(a, b, x) ? 1 - x : Double.NaN;
        }
        return isLower(a, b, x) ? rest(a, b, x, 1 - x) : tail(b, a, 1 - x, x);
    }

    private static double tail(double a, double b, double x, double y) {
        return Elementary.exp(logPrefix(a, b, x, y)) / denominator(a, b, x, y);
    }

    /// `1 − I` where the fraction of `I` converges fast.
    private static double rest(double a, double b, double x, double y) {
        return a < SMALL ? restSmall(a, b, x) : 1 - tail(a, b, x, y);
    }

    private static double logRest(double a, double b, double x, double y) {
        return a < SMALL ? Elementary.log(restSmall(a, b, x)) : Elementary.log1p(-tail(a, b, x, y));
    }

    /// `1 − I` for a small first shape, of the size of which it is: the leading 1 of the power series cancels inside `expm1`,
    ///
    /// ```
    /// I = e^u (1 + a Σₖ (1 − b)ₖ x^k / (k! (a + k))),  u = a log x − log(a B(a, b))
    /// ```
    ///
    /// Its terms alternate where b is large; as `b x` is at most 3 here, they stay below 3.
    private static double restSmall(double a, double b, double x) {
        double u = a * Elementary.log(x) - Gamma.lbetaSmall(a, b);
        double sum = 0;
        double power = 1;
        for (int k = 1; k < MAX_TERMS; k++) {
            power *= (k - b) / k * x;
            double term = power / (a + k);
            sum += term;
            if (Math.abs(term) <= 1e-18 * Math.abs(sum)) {
                break;
            }
        }
        return -Elementary.expm1(u) - Elementary.exp(u) * a * sum;
    }

    private static double logTail(double a, double b, double x, double y) {
        return logPrefix(a, b, x, y) - Elementary.log(denominator(a, b, x, y));
    }

    /// The continued fraction of `x^a y^b / (B(a, b) I)` (modified Lentz). Its terms contain `a y − b x`, so that a small y counts with all
    /// its digits, whatever 1 − y lost of them.
    private static double denominator(double a, double b, double x, double y) {
        double h = partialDenominator(a, b, x, y, 0);
        double c = h;
        double d = 0;
        for (int m = 1; m < MAX_TERMS; m++) {
            double q = a + 2.0 * m - 1;
            double numerator = (a + m - 1) / q * ((a + b + m - 1) / q) * m * (b - m) * x * x;
            double next = partialDenominator(a, b, x, y, m);
            d = 1 / Math.fma(numerator, d, next);
            c = next + numerator / c;
            double step = c * d;
            h *= step;
            if (Math.abs(step - 1) <= 2.3e-16) {
                break;
            }
        }
        return h;
    }

    private static double partialDenominator(double a, double b, double x, double y, int m) {
        double p = a + 2.0 * m - 1;
        double first = m == 0 ? 0 : m * (b - m) * x / p;
        return m + first + (a + m) * (a * y - b * x + 1 + m * (1 + y)) / (p + 2);
    }

    /// `log I_x(a, b)`, finite where `I` underflows.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value ≤ 0
    public static double betaincLog(double a, double b, double x) {
        if (!isDomain(a, b, x) || x == 0 || x == 1) {
            return isDomain(a, b, x) ? Elementary.log(x) : Double.NaN;
        }
        return isLower(a, b, x) ? logTail(a, b, x, 1 - x) : logRest(b, a, 1 - x, x);
    }

    /// `log(1 − I_x(a, b))`, finite where the difference underflows.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value ≤ 0
    public static double betainccLog(double a, double b, double x) {
        if (!isDomain(a, b, x) || x == 0 || x == 1) {
            return isDomain(a, b, x) ? Elementary.log1p(-x) : Double.NaN;
        }
        return isLower(a, b, x) ? logRest(a, b, x, 1 - x) : logTail(b, a, 1 - x, x);
    }

    /// `∂I/∂x = x^(a−1) (1 − x)^(b−1) / B(a, b)`, the density of Beta(a, b).
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return the density
    public static double betaincDx(double a, double b, double x) {
        if (!isDomain(a, b, x)) {
            return Double.NaN;
        }
        if (x == 0 || x == 1) {
            double shape = x == 0 ? a : b;
            double other = x == 0 ? b : a;
            return shape < 1 ? Double.POSITIVE_INFINITY : shape == 1 ? other : 0;
        }
        double y = 1 - x;
        return Elementary.exp(logPrefix(a, b, x, y)) / x / y;
    }

    /// `∂I/∂a`, by an integral or a series without cancellation; relative error below 1e-12 for shapes of 1e-3 to 1e8, in both tails.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value ≤ 0
    public static double betaincDa(double a, double b, double x) {
        return derivative(a, b, x, true);
    }

    /// `∂I/∂b`, like [#betaincDa(double, double, double)].
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return a value ≥ 0
    public static double betaincDb(double a, double b, double x) {
        return derivative(a, b, x, false);
    }

    private static double derivative(double a, double b, double x, boolean byA) {
        if (!isDomain(a, b, x)) {
            return Double.NaN;
        }
        return x == 0 || x == 1 ? 0 : Elementary.exp(logPrefix(a, b, x, 1 - x)) * scaled(a, b, x, byA);
    }

    /// The derivative of a Beta(a, b) draw with respect to `a` at a fixed probability, `−(∂I/∂a)/(∂I/∂x)`.
    ///
    /// The common factor `x^a (1 − x)^b` is cancelled before it can underflow.
    ///
    /// Source: M. Figurnov, S. Mohamed, A. Mnih, *Implicit reparameterization gradients* (2018).
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x the draw, in `(0, 1)`
    /// @return `dx/da`, ≥ 0
    public static double implicitGradientA(double a, double b, double x) {
        return isDomain(a, b, x) ? -scaled(a, b, x, true) * x * (1 - x) : Double.NaN;
    }

    /// The derivative of a Beta(a, b) draw with respect to `b`, see [#implicitGradientA(double, double, double)].
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x the draw, in `(0, 1)`
    /// @return `dx/db`, ≤ 0
    public static double implicitGradientB(double a, double b, double x) {
        return isDomain(a, b, x) ? -scaled(a, b, x, false) * x * (1 - x) : Double.NaN;
    }

    /// A derivative of `I` over `x^a (1 − x)^b / B(a, b)`.
    private static double scaled(double a, double b, double x, boolean byA) {
        return byA ? BetaSlope.scaled(a, b, x, 1 - x) : -BetaSlope.scaled(b, a, 1 - x, x);
    }

    /// The inverse of [#betainc(double, double, double)] in `x`, the quantile function of Beta(a, b).
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param p probability in `[0, 1]`
    /// @return the `x` with `I_x(a, b) = p`
    public static double betaincinv(double a, double b, double p) {
        if (!isDomain(a, b, p) || p == 0 || p == 1) {
            return isDomain(a, b, p) ? p : Double.NaN;
        }
        return Elementary.sigmoid(betaincinvLogit(a, b, p));
    }

    /// The log odds `log x / (1 − x)` of [#betaincinv(double, double, double)], for where `x` is next to 0 or 1.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param p probability in `[0, 1]`
    /// @return from −∞ to ∞
    public static double betaincinvLogit(double a, double b, double p) {
        if (!isDomain(a, b, p) || p == 0 || p == 1) {
            return isDomain(a, b, p) ? Elementary.log(p / (1 - p)) : Double.NaN;
        }
        return p <= 0.5 ? logitQuantile(a, b, p) : -logitQuantile(b, a, 1 - p);
    }

    /// Newton's method for `log I` as a function of `t = logit x`, which is concave. For a small probability it starts at the leading
    /// term `I = x^a / (a B)`, because the step from the mean would leave the range of double precision.
    private static double logitQuantile(double a, double b, double p) {
        double target = Elementary.log(p);
        double t = Math.min(Elementary.log(a / b), (target + Elementary.log(a) + Gamma.lbeta(a, b)) / a);
        for (int i = 0; i < 200; i++) {
            double x = Elementary.sigmoid(t);
            double y = Elementary.sigmoid(-t);
            if (x == 0) {
                return t;
            }
            double value = betaincLogit(a, b, x, y);
            // d log I / dt = x^a (1 − x)^b / (B I)
            double slope = Elementary.exp(logPrefix(a, b, x, y) - value);
            double step = (value - target) / slope;
            t -= step;
            if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(t))) {
                break;
            }
        }
        return t;
    }

    private static double betaincLogit(double a, double b, double x, double y) {
        return isLower(a, b, x) ? logTail(a, b, x, y) : logRest(b, a, y, x);
    }

    /// `∂²I/∂a²`, by differences of the first derivative; relative to its largest value over `x` the error is about 1e-9.
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return the second derivative; NaN outside the domain
    public static double betaincDaDa(double a, double b, double x) {
        return Differences.derivative(s -> betaincDa(s, b, x), a, Differences.shapeStep(a));
    }

    /// `∂²I/∂a∂b`, see [#betaincDaDa(double, double, double)].
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return the mixed derivative; NaN outside the domain
    public static double betaincDaDb(double a, double b, double x) {
        return Differences.derivative(s -> betaincDa(a, s, x), b, Differences.shapeStep(b));
    }

    /// `∂²I/∂b²`, see [#betaincDaDa(double, double, double)].
    ///
    /// @param a first shape, > 0
    /// @param b second shape, > 0
    /// @param x in `[0, 1]`
    /// @return the second derivative; NaN outside the domain
    public static double betaincDbDb(double a, double b, double x) {
        return Differences.derivative(s -> betaincDb(a, s, x), b, Differences.shapeStep(b));
    }
}
