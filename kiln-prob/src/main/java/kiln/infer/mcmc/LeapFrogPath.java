package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// Leapfrog steps one after the other from a point that stays as it is, of which the last point is remembered; reused by every transition.
final class LeapFrogPath {
    private final LogDensity density;
    private final PhasePoints points;
    private PhasePoint start = new PhasePoint(0);
    private PhasePoint spare = start;
    private PhasePoint end = start;
    private PhasePoint next = start;
    private int numSteps;

    LeapFrogPath(LogDensity density, PhasePoints points) {
        this.density = density;
        this.points = points;
    }

    /// Begins at a point with momentum and energy; takes two points for the steps.
    void begin(PhasePoint at) {
        start = at;
        end = at;
        next = points.take();
        spare = points.take();
        numSteps = 0;
    }

    /// Makes steps, one at least.
    ///
    /// @return whether the end has a finite energy; where it has not the path ends, and it would be refused from either end
    boolean run(int steps, double eps, Metric metric) {
        for (int i = 0; i < steps; i++) {
            LeapFrog.step(density, metric, eps, end, next);
            numSteps++;
            PhasePoint done = end;
            end = next;
            next = done == start ? spare : done;
            if (!(end.energy < Double.POSITIVE_INFINITY)) {
                return false;
            }
        }
        return true;
    }

    /// {@return the last point; only the first is not to be changed}
    PhasePoint end() {
        return end;
    }

    /// {@return the number of steps since [#begin]}
    int numSteps() {
        return numSteps;
    }
}
