package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.math.Elementary;

/// The transition of plain Hamiltonian Monte Carlo: a fixed number of leapfrog steps, then Metropolis' choice between the two ends.
///
/// ```
/// accept with  min(1, exp(H₀ − H))
/// n given:        n steps of ε
/// length given:   n = ⌈length / ε⌉ steps of length / n
/// ```
///
/// Source: Duane, Kennedy, Pendleton and Roweth, *Hybrid Monte Carlo* (1987).
final class FixedLengthTrajectory implements Trajectory {
    private final int fixedSteps;
    private final double length;
    private final double maxEnergyError;
    private final PhasePoints points;
    private final LeapFrogPath path;

    private double eps;
    private double acceptProb;
    private int numSteps;
    private boolean diverging;

    /// @param fixedSteps number of steps, or 0: then `length` decides
    FixedLengthTrajectory(LogDensity density, PhasePoints points, int fixedSteps, double length, double maxEnergyError) {
        path = new LeapFrogPath(density, points);
        this.points = points;
        this.fixedSteps = fixedSteps;
        this.length = length;
        this.maxEnergyError = maxEnergyError;
    }

    @Override
    public PhasePoint advance(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        int planned = fixedSteps > 0 ? fixedSteps : (int) Math.max(1, Math.ceil(length / stepSize));
        eps = fixedSteps > 0 ? stepSize : length / planned;
        current.refresh(metric, random);
        path.begin(current);
        path.run(planned, eps, metric);
        numSteps = path.numSteps();
        double error = path.end().energy - current.energy;
        diverging = error > maxEnergyError;
        acceptProb = error <= 0 ? 1 : Elementary.exp(-error);
        PhasePoint draw = random.uniform() < acceptProb ? path.end() : current;
        points.releaseAllBut(draw);
        return draw;
    }

    /// The length: a trajectory has at least one step, so acceptance says nothing about larger values.
    @Override
    public double maxStepSize() {
        return fixedSteps > 0 ? Double.POSITIVE_INFINITY : length;
    }

    @Override
    public double stepSize() {
        return eps;
    }

    @Override
    public double acceptProb() {
        return acceptProb;
    }

    @Override
    public int numSteps() {
        return numSteps;
    }

    @Override
    public int treeDepth() {
        return 0;
    }

    @Override
    public boolean diverging() {
        return diverging;
    }
}
