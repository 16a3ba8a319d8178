package kiln.math;

/// The derivative of the incomplete beta function by its first shape, over `x^a (1 − x)^b / B(a, b)`.
///
/// It is the integral of the density times the derivative of its logarithm,
///
/// ```
/// ∂I/∂a = ∫₀ˣ p s dt = −∫ₓ¹ p s dt,   s = log t − E log t,   E log t = ψ(a) − ψ(a + b)
/// ```
///
/// and `s` has one sign on one of the two sides of `x`: there nothing cancels. With `t = x e^(−r/a)`, or `1 − t = (1 − x) e^(−r/b)`, the
/// integrand is `e^−r` times what is smooth when seen from 0 ([HalfLine]). Next to an end where a shape is below 1 the density would fall too
/// slowly for that, and the other factor's power series is integrated term by term.
final class BetaSlope {
    private BetaSlope() {}

    /// How small a sum may be beside its largest term.
    private static final double CANCELS = 0.02;

    /// {@return `∂I_x(a, b)/∂a · B(a, b) / (x^a y^b)`}
    ///
    /// @param x from 0 to 1, not one of them
    /// @param y `1 − x`
    static double scaled(double a, double b, double x, double y) {
        double logX = y < 0.5 ? Elementary.log1p(-y) : Elementary.log(x);
        if (a <= 8 && x <= 0.64 && b * x <= 1.5) {
            double sum = seriesAt0(a, b, x, logX, a < 1 && x <= 0.5 && b * x <= 0.6);
            if (sum != 0) {
                return sum * Elementary.exp(-b * Elementary.log1p(-x));
            }
        }
        double score = score(a, b, x, y, logX);
        if (b <= 8 && y <= 0.64 && a * y <= 1.5) {
            double sum = seriesAt1(a, b, y, b < 1 && a * y <= 1.01 && (a <= 1 || score > 0));
            if (sum != 0) {
                return sum * Elementary.exp(-a * logX);
            }
        }
        return score <= 0 ? below(a, b, x, y, score) : above(a, b, x, y, score);
    }

    /// `log x − ψ(a) + ψ(a + b)`
    private static double score(double a, double b, double x, double y, double logX) {
        if (a < 10) {
            return logX + digammaStep(a, a + b, b);
        }
        // Beside the mean the logarithms would cancel.
        double u = (x * b - a * y) / a;
        double log = u < -0.5 ? Elementary.log(x * ((a + b) / a)) : Elementary.log1p(u);
        return log + restStep(a, a + b, b);
    }

    /// `ψ(to) − ψ(from)`, to a few units in the last place of the sum of `d / ((from + k)(to + k))` that it is.
    ///
    /// @param from > 0
    /// @param to   > 0
    /// @param d    `to − from`, which may have digits that the difference would have lost
    static double digammaStep(double from, double to, double d) {
        double sum = 0;
        double p = from;
        double q = to;
        while (p < 10 || q < 10) {
            sum += d / p / q;
            p++;
            q++;
        }
        return sum + (Elementary.log1p(d / p) + restStep(p, q, d));
    }

    /// The same of `ψ(x) − log x` for shapes from 10 on: differences of powers of their reciprocals.
    private static double restStep(double from, double to, double d) {
        double p = 1 / from;
        double q = 1 / to;
        double p2 = p * p;
        double q2 = q * q;
        // (p^2k − q^2k) / (p² − q²) for k = 1, 2, …
        double quotient = 1;
        double power = 1;
        double sum = 0;
        for (double coefficient : REST) {
            sum = Math.fma(coefficient, quotient, sum);
            power *= q2;
            quotient = Math.fma(quotient, p2, power);
        }
        return d * p * q * Math.fma(sum, p + q, 0.5);
    }

    /// `B₂ₖ / 2k`
    private static final double[] REST = {
        1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160
    };

    /// From `∫₀ˣ`; `a ≥ 1` and `score ≤ 0`.
    private static double below(double a, double b, double x, double y, double score) {
        double odds = x / y;
        double width = width(Math.max(b - 1, 0) * odds / a, y * a);
        double integral = HalfLine.integral(node -> {
            double r = node * width;
            double power = (b - 1) * Elementary.log1p(-odds * Elementary.expm1(-r / a));
            return Elementary.exp(power - r) * (score - r / a);
        });
        return integral * width / a / y;
    }

    /// From `∫ₓ¹`; `b ≥ 1` and `score ≥ 0`.
    private static double above(double a, double b, double x, double y, double score) {
        double odds = y / x;
        double width = width(Math.max(a - 1, 0) * odds / b, x * b);
        double integral = HalfLine.integral(node -> {
            double r = node * width;
            double log = Elementary.log1p(-odds * Elementary.expm1(-r / b));
            return Elementary.exp((a - 1) * log - r) * (score + log);
        });
        return -integral * width / b / x;
    }

    /// The unit in which the integrand falls: where `r − power r + power r² / (2 distance)` is 1.
    private static double width(double power, double distance) {
        double slope = 1 - power;
        return 2 / (slope + Math.sqrt(slope * slope + 2 * power / distance));
    }

    /// `(1 − t)^(b−1)` in powers of t, whose coefficients are `(1 − b)ₙ / n!`.
    ///
    /// @return 0 if the terms cancel and that is not allowed
    private static double seriesAt0(double a, double b, double x, double logX, boolean mayCancel) {
        double first = logX + digammaStep(a + 1, a + b, b - 1);
        double sum = first / a;
        double largest = Math.abs(logX) / a;
        double term = 1;
        for (int n = 1; n < 200; n++) {
            term *= (n - b) / n * x;
            double next = term / (a + n) * (first + n / a / (a + n));
            sum += next;
            double size = Math.abs(next);
            largest = Math.max(largest, size);
            if (size <= 1e-17 * largest) {
                break;
            }
        }
        return mayCancel || Math.abs(sum) > CANCELS * largest ? sum : 0;
    }

    /// `t^(a−1) (log t − E log t)` in powers of `1 − t`: the coefficients of the first factor and their derivatives by a.
    ///
    /// @return 0 if the terms cancel and that is not allowed
    private static double seriesAt1(double a, double b, double y, boolean mayCancel) {
        double step = digammaStep(a, a + b, b);
        double sum = step / b;
        double largest = sum;
        double term = 1;
        double slope = 0;
        for (int n = 1; n < 200; n++) {
            slope = (slope * (n - a) - term) / n * y;
            term *= (n - a) / n * y;
            double next = (slope + step * term) / (b + n);
            sum += next;
            double size = (Math.abs(slope) + Math.abs(step * term)) / (b + n);
            largest = Math.max(largest, size);
            if (size <= 1e-17 * largest) {
                break;
            }
        }
        return mayCancel || Math.abs(sum) > CANCELS * largest ? -sum : 0;
    }
}
