package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.LogDensity;

/// The symmetric proposal `q' = q + ε C z`, `z ~ N(0, I)`, `S = C Cᵀ`: as likely in either direction.
final class RandomWalkProposal extends Proposal {
    private final double[] noise;
    private boolean isWarmingUp;

    RandomWalkProposal(LogDensity density, PhasePoints points, double maxEnergyError) {
        super(density, points, maxEnergyError);
        noise = new double[density.dimension()];
    }

    @Override
    void propose(PhasePoint from, PhasePoint to, double eps, Metric metric, ChainRandom random) {
        for (int i = 0; i < noise.length; i++) {
            noise[i] = eps * random.normal();
        }
        metric.scale(noise, to.position);
        for (int i = 0; i < noise.length; i++) {
            to.position[i] += from.position[i];
        }
    }

    /// Only what is learnt in the warm-up can depend on gradients: the metric ([MetricAdaptation]), and the first step size, which a leapfrog step
    /// tells. Afterwards there are none, so that nothing can take an old one for that of the point.
    @Override
    void evaluate(LogDensity density, PhasePoint to) {
        if (isWarmingUp) {
            to.logDensity = density.valueAndGradient(to.position, to.gradient);
        } else {
            to.logDensity = density.value(to.position, to.gradient);
            Arrays.fill(to.gradient, Double.NaN);
        }
    }

    @Override
    public void warmUp(boolean v) {
        isWarmingUp = v;
    }

    @Override
    double logKernelRatio(PhasePoint from, PhasePoint to, Metric metric) {
        return 0;
    }
}
