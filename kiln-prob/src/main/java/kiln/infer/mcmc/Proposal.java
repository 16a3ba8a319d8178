package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A transition of one step: a proposal, which Metropolis' and Hastings' rule accepts or refuses.
///
/// ```
/// accept with  min(1, exp(L(q') − L(q) + log k(q', q) − log k(q, q')))
/// ```
abstract sealed class Proposal extends MetropolisTrajectory implements SteppedTrajectory permits BarkerProposal, RandomWalkProposal {
    private final LogDensity density;

    // Of a transition whose density somebody else evaluates:
    private ChainRandom random = new ChainRandom(0);
    private Metric metric = Metric.identity(0);
    private PhasePoint present = new PhasePoint(0);
    private PhasePoint proposed = present;
    private boolean wantsStep;

    Proposal(LogDensity density, PhasePoints points, double maxEnergyError) {
        super(points, maxEnergyError);
        this.density = density;
    }

    /// Writes a new position into `to`.
    abstract void propose(PhasePoint from, PhasePoint to, double eps, Metric metric, ChainRandom random);

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
    private PhasePoint proposed(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        eps = stepSize;
        current.setEnergy(0);
        PhasePoint to = points.take();
        propose(current, to, eps, metric, random);
        return to;
    }

    /// {@return the next draw: the proposed point, which has been evaluated, or the present one}
    private PhasePoint decided(PhasePoint current, PhasePoint to, Metric metric, ChainRandom random) {
        double error = to.energy - current.energy;
        double log = to.energy < Double.POSITIVE_INFINITY ? logKernelRatio(current, to, metric) - error : Double.NEGATIVE_INFINITY;
        PhasePoint draw = accepts(error, log, 1, random) ? to : current;
        points.releaseAllBut(draw);
        return draw;
    }

    @Override
    public final void begin(PhasePoint current, double stepSize, Metric own, ChainRandom numbers) {
        random = numbers;
        metric = own;
        present = current;
        proposed = proposed(current, stepSize, own, numbers);
        wantsStep = true;
    }

    @Override
    public final boolean wantsStep() {
        return wantsStep;
    }

    @Override
    public final PhasePoint from() {
        return present;
    }

    @Override
    public final PhasePoint to() {
        return proposed;
    }

    @Override
    public final double eps() {
        return eps;
    }

    /// The position was proposed when the transition began.
    @Override
    public final void beforeDensity(Metric own) {}

    @Override
    public void afterDensity(Metric own) {
        proposed.setEnergy(0);
    }

    @Override
    public final void stepped() {
        wantsStep = false;
    }

    @Override
    public final PhasePoint end() {
        return decided(present, proposed, metric, random);
    }

    @Override
    public final double maxStepSize() {
        return Double.POSITIVE_INFINITY;
    }
}
