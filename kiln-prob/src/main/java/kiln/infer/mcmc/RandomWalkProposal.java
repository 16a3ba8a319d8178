package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.LogDensity;

/// The symmetric proposal `q' = q + ε C z`, `z ~ N(0, I)`, `S = C Cᵀ`: as likely in either direction.
///
/// Only a metric that is learnt from scores ([MetricAdaptation]) needs gradients, during the warm-up. Otherwise there are none, so that nothing can take an old
/// one for that of the point.
final class RandomWalkProposal extends Proposal {
    private final double[] noise;
    private final boolean learnsFromScores;
    private boolean isWarmingUp;

    RandomWalkProposal(LogDensity density, PhasePoints points, HMCSettings settings) {
        super(density, points, settings.maxDeltaEnergy());
        noise = new double[density.dimension()];
        learnsFromScores = settings.metricAdaptation() != MetricAdaptation.VARIANCE;
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

    @Override
    public boolean wantsGradient() {
        return learnsFromScores && isWarmingUp;
    }

    @Override
    public void evaluate(LogDensity density, PhasePoint at) {
        if (wantsGradient()) {
            super.evaluate(density, at);
        } else {
            at.logDensity = density.value(at.position, at.gradient);
            Arrays.fill(at.gradient, Double.NaN);
        }
    }

    @Override
    public void afterDensity(Metric own) {
        if (!wantsGradient()) {
            Arrays.fill(to().gradient, Double.NaN);
        }
        super.afterDensity(own);
    }

    @Override
    public double gain(LogDensity density, PhasePoint current, PhasePoint next, double eps, Metric metric, ChainRandom random) {
        current.setEnergy(0);
        propose(current, next, eps, metric, random);
        evaluate(density, next);
        next.setEnergy(0);
        return current.energy - next.energy;
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
