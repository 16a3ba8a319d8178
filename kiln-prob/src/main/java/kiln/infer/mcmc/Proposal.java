package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// A transition of one step: a proposal, which Metropolis' and Hastings' rule accepts or refuses.
///
/// ```
/// accept with  min(1, exp(L(q') − L(q) + log k(q', q) − log k(q, q')))
/// ```
abstract sealed class Proposal implements Trajectory permits BarkerProposal, RandomWalkProposal {
    private final LogDensity density;
    private final PhasePoints points;
    private final double maxEnergyError;

    private double eps;
    private double acceptProb;
    private boolean diverging;

    Proposal(LogDensity density, PhasePoints points, double maxEnergyError) {
        this.density = density;
        this.points = points;
        this.maxEnergyError = maxEnergyError;
    }

    /// Writes a new position into `to`.
    abstract void propose(PhasePoint from, PhasePoint to, double eps, Metric metric, ChainRandom random);

    /// {@return `log k(q', q) − log k(q, q')` of the proposal just made, whose density and gradient have been computed}
    abstract double logKernelRatio(PhasePoint from, PhasePoint to, Metric metric);

    @Override
    public final PhasePoint advance(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        eps = stepSize;
        current.setEnergy(0);
        PhasePoint to = points.take();
        propose(current, to, eps, metric, random);
        to.logDensity = density.valueAndGradient(to.position, to.gradient);
        to.setEnergy(0);
        double error = to.energy - current.energy;
        diverging = error > maxEnergyError;
        double log = to.energy < Double.POSITIVE_INFINITY ? logKernelRatio(current, to, metric) - error : Double.NEGATIVE_INFINITY;
        acceptProb = log >= 0 ? 1 : Double.isNaN(log) ? 0 : Elementary.exp(log);
        PhasePoint draw = random.uniform() < acceptProb ? to : current;
        points.releaseAllBut(draw);
        return draw;
    }

    @Override
    public final double maxStepSize() {
        return Double.POSITIVE_INFINITY;
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
        return 1;
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
