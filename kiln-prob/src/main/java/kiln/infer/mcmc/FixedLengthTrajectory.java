package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// The transition of plain Hamiltonian Monte Carlo: a fixed number of leapfrog steps, then Metropolis' choice between the two ends.
///
/// ```
/// n given:        n steps of ε
/// length given:   n = ⌈length / ε⌉ steps of length / n
/// ```
///
/// Source: Duane, Kennedy, Pendleton and Roweth, *Hybrid Monte Carlo* (1987).
final class FixedLengthTrajectory extends LeapFrogTrajectory implements SteppedTrajectory {
    private ChainRandom random = new ChainRandom(0);
    private int left;
    private boolean failed;

    FixedLengthTrajectory(LogDensity density, PhasePoints points, HMC kernel) {
        super(density, points, kernel);
    }

    @Override
    double follow(double stepSize, Metric metric, ChainRandom own) {
        return run(plan(stepSize), eps, metric);
    }

    /// Sets the size of the steps.
    ///
    /// @return their number
    private int plan(double stepSize) {
        int planned = fixedSteps > 0 ? fixedSteps : (int) Math.max(1, Math.ceil(length / stepSize));
        eps = fixedSteps > 0 ? stepSize : length / planned;
        return planned;
    }

    @Override
    void refuse() {}

    @Override
    public void begin(PhasePoint current, double stepSize, Metric metric, ChainRandom own) {
        random = own;
        prepare(current, metric, own);
        left = plan(stepSize);
        failed = false;
    }

    @Override
    public boolean wantsStep() {
        return left > 0 && !failed;
    }

    @Override
    public PhasePoint from() {
        return last();
    }

    @Override
    public PhasePoint to() {
        return following();
    }

    @Override
    public double eps() {
        return eps;
    }

    @Override
    public void stepped() {
        left--;
        failed = !reached();
    }

    @Override
    public PhasePoint end() {
        return decide(failed ? Double.POSITIVE_INFINITY : last().energy - beginning().energy, random);
    }
}
