package kiln.math;

/// The zeta functions of Riemann and Hurwitz for real `s > 1`.
public final class Zeta {
    private Zeta() {}

    /// `B₂ⱼ/(2j)!`
    private static final double[] EULER_MACLAURIN = {
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
        2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19
    };

    /// The Riemann zeta function.
    ///
    /// @param s > 1
    /// @return `Σ_{k ≥ 1} k^−s`; ∞ at 1, NaN below
    public static double riemann(double s) {
        return hurwitz(s, 1);
    }

    /// The Hurwitz zeta function.
    ///
    /// ```
    /// ζ(s, q) = Σ_{k ≥ 0} (q + k)^−s
    /// ```
    ///
    /// Direct summation to `q + k ≥ 12`, then the Euler–Maclaurin formula with twelve terms; relative error about 1e-15 for
    /// `s ≤ 30`, where the last term is below 1e-16; a larger `s` needs the direct sum only.
    ///
    /// @param s > 1
    /// @param q > 0
    /// @return `ζ(s, q)`; ∞ at `s = 1` or `q = 0`, NaN for `s < 1` or `q < 0`
    public static double hurwitz(double s, double q) {
        if (!(s > 1) || !(q > 0)) {
            return s >= 1 && q >= 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        double sum = 0;
        double x = q;
        double start = Math.max(12, Math.min(0.5 * s, 40));
        for (; x < start; x += 1) {
            double term = StrictMath.pow(x, -s);
            sum += term;
            if (term <= 1e-18 * sum) {
                return sum;
            }
        }
        double power = StrictMath.pow(x, -s);
        double tail = 0.5 * power;
        double factor = s * power / x;
        double series = 0;
        for (int j = 0; j < EULER_MACLAURIN.length; j++) {
            double term = EULER_MACLAURIN[j] * factor;
            series += term;
            if (Math.abs(term) <= 1e-18 * sum) {
                break;
            }
            factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (x * x);
        }
        return sum + (tail + series + StrictMath.pow(x, 1 - s) / (s - 1));
    }

    /// `∂ζ/∂s = −Σ_{k ≥ 0} log(q + k) (q + k)^−s`, the sum and the Euler–Maclaurin formula differentiated term by term;
    /// relative error about 1e-14.
    ///
    /// @param s > 1
    /// @param q > 0
    /// @return the derivative; NaN outside the domain
    public static double hurwitzDs(double s, double q) {
        if (!(s > 1) || !(q > 0)) {
            return Double.NaN;
        }
        double sum = 0;
        double x = q;
        double start = Math.max(12, Math.min(0.5 * s, 40));
        for (; x < start; x += 1) {
            sum -= Elementary.log(x) * StrictMath.pow(x, -s);
        }
        double log = Elementary.log(x);
        double power = StrictMath.pow(x, -s);
        double integral = x * power / (s - 1);
        double tail = -0.5 * log * power - integral * (log + 1 / (s - 1));
        // The factor s (s + 1) … x^−s−2j−1 and its logarithmic derivative.
        double factor = s * power / x;
        double slope = 1 / s - log;
        for (int j = 0; j < EULER_MACLAURIN.length; j++) {
            tail += EULER_MACLAURIN[j] * factor * slope;
            factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (x * x);
            slope += 1 / (s + 2 * j + 1) + 1 / (s + 2 * j + 2);
        }
        return sum + tail;
    }

    /// `∂²ζ/∂s²`, by differences of the first derivative; relative error about 1e-9.
    ///
    /// @param s > 1
    /// @param q > 0
    /// @return the second derivative; NaN outside the domain
    public static double hurwitzDsDs(double s, double q) {
        return Differences.derivative(t -> hurwitzDs(t, q), s, 2e-3 * Math.min(1, s - 1));
    }
}
