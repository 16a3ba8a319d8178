package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// A transition along leapfrog steps, whose last point is accepted or refused by the energy error of the steps.
///
/// ```
/// accept with  min(1, exp(−error))
/// ```
abstract sealed class LeapFrogTrajectory extends MetropolisTrajectory permits FixedLengthTrajectory, MixedTrajectory {
    private final LogDensity density;
    private PhasePoint start = new PhasePoint(0);
    private PhasePoint spare = start;
    private PhasePoint end = start;
    private PhasePoint next = start;
    private int steps;

    /// Number of steps, or 0: then `length` decides.
    final int fixedSteps;

    /// Integration time, if `fixedSteps` is 0.
    final double length;

    LeapFrogTrajectory(LogDensity density, PhasePoints points, HMC kernel) {
        super(points, kernel.settings().maxDeltaEnergy());
        this.density = density;
        fixedSteps = kernel.numSteps().orElse(0);
        length = kernel.trajectoryLength();
    }

    /// Makes all steps of a transition by [#run].
    ///
    /// @return the energy error of the steps, `+∞` if one of them has no finite energy
    abstract double follow(double stepSize, Metric metric, ChainRandom random);

    /// Undoes what the transition changed beyond the point: it is refused.
    abstract void refuse();

    @Override
    public final PhasePoint advance(PhasePoint current, double stepSize, Metric metric, ChainRandom random) {
        prepare(current, metric, random);
        return decide(follow(stepSize, metric, random), random);
    }

    /// Puts the end of the steps where they begin, with a fresh momentum.
    final void prepare(PhasePoint current, Metric metric, ChainRandom random) {
        current.refresh(metric, random);
        start = current;
        end = current;
        next = points.take();
        spare = points.take();
        steps = 0;
    }

    /// Accepts the last point or refuses it.
    ///
    /// @param error the energy error of the steps, `+∞` if one of them has no finite energy
    /// @return the next draw
    final PhasePoint decide(double error, ChainRandom random) {
        PhasePoint draw = end;
        if (!accepts(error, -error, steps, random)) {
            refuse();
            draw = start;
        }
        points.releaseAllBut(draw);
        return draw;
    }

    /// Makes steps from the end of those made so far, one at least.
    ///
    /// @return their energy error; at a point without a finite energy the steps end, as they would from the other side, and it is `+∞`
    final double run(int count, double eps, Metric metric) {
        double before = end.energy;
        for (int i = 0; i < count; i++) {
            LeapFrog.step(density, metric, eps, end, next);
            if (!reached()) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return end.energy - before;
    }

    /// Takes the point after the last one as the last one.
    ///
    /// @return whether its energy is finite
    final boolean reached() {
        steps++;
        PhasePoint done = end;
        end = next;
        next = done == start ? spare : done;
        return end.energy < Double.POSITIVE_INFINITY;
    }

    /// {@return the first point}
    final PhasePoint beginning() {
        return start;
    }

    /// {@return the point that the next step is to reach}
    final PhasePoint following() {
        return next;
    }

    /// {@return the last point of the steps made so far; only the first is not to be changed}
    final PhasePoint last() {
        return end;
    }

    /// The length: a trajectory has at least one step, so acceptance says nothing about larger values.
    @Override
    public final double maxStepSize() {
        return fixedSteps > 0 ? Double.POSITIVE_INFINITY : length;
    }
}
