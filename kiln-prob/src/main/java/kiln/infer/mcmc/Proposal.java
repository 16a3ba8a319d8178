package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A transition of one step: a proposal, which Metropolis' and Hastings' rule accepts or refuses.
///
/// ```
/// accept with  min(1, exp(L(q') − L(q) + log k(q', q) − log k(q, q')))
/// ```
abstract sealed class Proposal extends MetropolisTrajectory permits BarkerProposal, RandomWalkProposal {
    private final LogDensity density;

    Proposal(LogDensity density, PhasePoints points, double maxEnergyError) {
        super(points, maxEnergyError);
        this.density = density;
    }

    /// Writes a new position into `to`.
    abstract void propose(PhasePoint from, PhasePoint to, double eps, Metric metric, ChainRandom random);

    /// Computes the log density of a proposed point, and its gradient if that is needed.
    abstract void evaluate(LogDensity density, PhasePoint to);

    /// {@return `log k(q', q) − log k(q, q')` of the proposal just made, which has been evaluated}
    abstract double logKernelRatio(PhasePoint from, PhasePoint to, Metric metric);

    @Override
    public final PhasePoint advance(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        PhasePoint to = proposed(current, stepSize, metric, random);
        evaluate(density, to);
        to.setEnergy(0);
        return decided(current, to, metric, random);
    }

    /// {@return the proposed point, of which nothing but the position is known}
    final PhasePoint proposed(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        eps = stepSize;
        current.setEnergy(0);
        PhasePoint to = points.take();
        propose(current, to, eps, metric, random);
        return to;
    }

    /// {@return the next draw: the proposed point, which has been evaluated, or the present one}
    final PhasePoint decided(PhasePoint current, PhasePoint to, Metric metric, ChainRandom random) {
        double error = to.energy - current.energy;
        double log = to.energy < Double.POSITIVE_INFINITY ? logKernelRatio(current, to, metric) - error : Double.NEGATIVE_INFINITY;
        PhasePoint draw = accepts(error, log, 1, random) ? to : current;
        points.releaseAllBut(draw);
        return draw;
    }

    @Override
    public final double maxStepSize() {
        return Double.POSITIVE_INFINITY;
    }
}
