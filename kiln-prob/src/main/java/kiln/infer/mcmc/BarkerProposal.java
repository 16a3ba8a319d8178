package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// The proposal of Barker's rule: noise whose sign the gradient decides, coordinate by coordinate.
///
/// ```
/// z ~ N(0, ε² I);   w_i = z_i with probability 1 / (1 + exp(−z_i c_i)), else −z_i;   c = Cᵀ ∇L(q),  S = C Cᵀ
/// q' = q + C w
/// log k(q', q) − log k(q, q') = Σ_i softplus(−w_i c_i) − softplus(w_i c_i'),   c' = Cᵀ ∇L(q')
/// ```
///
/// Source: Livingstone and Zanella, *The Barker proposal: combining robustness and efficiency in gradient-based MCMC* (2022),
/// algorithm 1 and eq. 12.
final class BarkerProposal extends Proposal {
    private final double[] noise;
    private final double[] slope;

    BarkerProposal(LogDensity density, PhasePoints points, double maxEnergyError) {
        super(density, points, maxEnergyError);
        noise = new double[density.dimension()];
        slope = new double[density.dimension()];
    }

    @Override
    void propose(PhasePoint from, PhasePoint to, double eps, Metric metric, ChainRandom random) {
        metric.scaleTransposed(from.gradient, slope);
        for (int i = 0; i < noise.length; i++) {
            double z = eps * random.normal();
            noise[i] = random.uniform() < Elementary.sigmoid(z * slope[i]) ? z : -z;
        }
        metric.scale(noise, to.position);
        for (int i = 0; i < noise.length; i++) {
            to.position[i] += from.position[i];
        }
    }

    @Override
    double logKernelRatio(PhasePoint from, PhasePoint to, Metric metric) {
        double sum = 0;
        for (int i = 0; i < noise.length; i++) {
            sum += Elementary.softplus(-noise[i] * slope[i]);
        }
        metric.scaleTransposed(to.gradient, slope);
        for (int i = 0; i < noise.length; i++) {
            sum -= Elementary.softplus(noise[i] * slope[i]);
        }
        return sum;
    }
}
