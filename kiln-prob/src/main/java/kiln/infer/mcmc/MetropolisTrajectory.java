package kiln.infer.mcmc;

import kiln.math.Elementary;

/// A transition to one proposed point, which Metropolis' and Hastings' rule accepts or refuses, and what there is to tell of the last one.
abstract sealed class MetropolisTrajectory implements Trajectory permits LeapFrogTrajectory, Proposal {
    private final double maxEnergyError;
    private double acceptProb;
    private int numSteps;
    private boolean diverging;

    final PhasePoints points;

    /// The step size that the transition uses.
    double eps;

    MetropolisTrajectory(PhasePoints points, double maxEnergyError) {
        this.points = points;
        this.maxEnergyError = maxEnergyError;
    }

    /// {@return `min(1, e^x)`, the probability to accept; 0 for NaN}
    static double probability(double logRatio) {
        return logRatio >= 0 ? 1 : Double.isNaN(logRatio) ? 0 : Elementary.exp(logRatio);
    }

    /// Decides about the proposed point.
    ///
    /// @param energyError its energy less that of the present point, in nats
    /// @param logRatio    the logarithm of the ratio of Metropolis and Hastings
    /// @param numSteps    how many gradients led there
    final boolean accepts(double energyError, double logRatio, int numSteps, ChainRandom random) {
        diverging = energyError > maxEnergyError;
        acceptProb = probability(logRatio);
        this.numSteps = numSteps;
        return random.uniform() < acceptProb;
    }

    @Override
    public final double stepSize() {
        return eps;
    }

    @Override
    public final double acceptProb() {
        return acceptProb;
    }

    @Override
    public final int numSteps() {
        return numSteps;
    }

    @Override
    public final int treeDepth() {
        return 0;
    }

    @Override
    public final boolean diverging() {
        return diverging;
    }
}
