package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// The symmetric proposal `q' = q + ε C z`, `z ~ N(0, I)`, `S = C Cᵀ`: as likely in either direction.
final class RandomWalkProposal extends Proposal {
    private final double[] noise;

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

    @Override
    double logKernelRatio(PhasePoint from, PhasePoint to, Metric metric) {
        return 0;
    }
}
