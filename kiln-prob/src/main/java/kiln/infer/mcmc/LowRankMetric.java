package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.Optional;
import kiln.math.SymmetricEigen;

/// The metric `S = D½ (I + U (Λ − I) Uᵀ) D½`: a scale per coordinate, and some directions `U` with scales `Λ` of their own.
///
/// It removes the few strongest correlations of a posterior in `O(d k)` instead of `O(d²)` operations per step. With the square root
/// of the middle factor, `R = I + U (Λ½ − I) Uᵀ`, a momentum is `p = D^−½ R⁻¹ z`.
final class LowRankMetric implements Metric {
    /// Directions whose scale differs from the coordinates' by less are not worth their cost.
    static final double LEAST = 2;

    private final double[] scales;
    private final double[][] directions;
    private final double[] strengths;
    private final double[] roots;
    private final double[] products;

    /// @param variances  `D`, finite and > 0; owned
    /// @param directions the columns of `U`, orthonormal, `[k][d]`; owned
    /// @param strengths  `Λ`, finite and > 0; owned
    LowRankMetric(double[] variances, double[][] directions, double[] strengths) {
        scales = new double[variances.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Math.sqrt(variances[i]);
        }
        this.directions = directions;
        this.strengths = strengths;
        roots = new double[strengths.length];
        for (int k = 0; k < roots.length; k++) {
            roots[k] = Math.sqrt(strengths[k]);
        }
        products = new double[strengths.length];
    }
}
