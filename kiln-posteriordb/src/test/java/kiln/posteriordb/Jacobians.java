package kiln.posteriordb;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import kiln.posteriordb.Problem.TestPoint;

/// Logarithms of the determinants of the changes of variables, written out by hand from the values of the parameters.
final class Jacobians {
    private static final Map<String, ToDoubleFunction<TestPoint>> SPECIAL = Map.of(
            "garch-garch11", p -> positive(p, "alpha0") + bounded(x(p, "alpha1"), 0, 1) + bounded(x(p, "beta1"), 0, 1 - x(p, "alpha1")),
            "low_dim_gauss_mix-low_dim_gauss_mix", p -> {
                double[] mu = p.get("mu").toDoubleArray();
                return Math.log(mu[1] - mu[0]) + positive(p, "sigma") + bounded(x(p, "theta"), 0, 1);
            },
            "hmm_example-hmm_example", p -> pair(p, "theta1") + pair(p, "theta2") + ordered(p, "mu"),
            "bball_drive_event_0-hmm_drive_0",
                    p -> pair(p, "theta1") + pair(p, "theta2") + ordered(p, "phi") + ordered(p, "lambda"),
            "GLM_Poisson_Data-GLM_Poisson_model", p -> bounded(x(p, "alpha"), -20, 20)
                    + bounded(x(p, "beta1"), -10, 10)
                    + bounded(x(p, "beta2"), -10, 10)
                    + bounded(x(p, "beta3"), -10, 10),
            "election88-election88_full",
                    p -> List.of("a", "b", "c", "d", "e").stream().mapToDouble(n -> bounded(x(p, "sigma_" + n), 0, 100)).sum());

    /// Parameters > 0 of all other posteriors, where they have them.
    private static final List<String> POSITIVE = List.of(
            "tau", "sigma", "rho", "sigma_alpha", "sigma_y", "sigma_theta", "sigma_a", "sigma_b", "a", "k_a", "K_m", "V_m");

    private Jacobians() {}

    static double of(Problem problem, TestPoint point) {
        var special = SPECIAL.get(problem.name());
        if (special != null) {
            return special.applyAsDouble(point);
        }
        double positive = POSITIVE.stream()
                .filter(point.params()::containsKey)
                .mapToDouble(name -> positive(point, name))
                .sum();
        // The amplitude of the Gaussian process is > 0; the intercept of the autoregression has its name and is free.
        return problem.name().startsWith("gp_") ? positive + positive(point, "alpha") : positive;
    }

    private static double x(TestPoint point, String name) {
        return point.get(name).item();
    }

    /// `x = e^u`, elementwise.
    private static double positive(TestPoint point, String name) {
        return Arrays.stream(point.get(name).toDoubleArray()).map(Math::log).sum();
    }

    /// The logistic map onto an interval: `dx/du = (x − a)(b − x) / (b − a)`.
    private static double bounded(double x, double low, double high) {
        return Math.log(x - low) + Math.log(high - x) - Math.log(high - low);
    }

    /// A simplex of two: `p = σ(u)`.
    private static double pair(TestPoint point, String name) {
        double[] p = point.get(name).toDoubleArray();
        return Math.log(p[0]) + Math.log(p[1]);
    }

    /// `x₁ = e^u₁, x₂ = e^(u₁ + e^u₂)`: the determinant is `x₁ x₂ e^u₂` with `e^u₂ = log(x₂ / x₁)`.
    private static double ordered(TestPoint point, String name) {
        double[] x = point.get(name).toDoubleArray();
        return Math.log(x[0]) + Math.log(x[1]) + Math.log(Math.log(x[1] / x[0]));
    }
}
