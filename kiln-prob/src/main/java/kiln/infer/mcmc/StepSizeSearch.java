package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// Search for a first step size: doubles or halves it until one step crosses the acceptance probability 0.8.
///
/// ```
/// D(ε) = H(q, p) − H(leapfrog_ε(q, p)),  p fresh at every try;   grow while D > log 0.8,  shrink while D < log 0.8
/// ```
///
/// A random walk, which has no momentum, takes a proposal of its own for the step: `D(ε) = L(q') − L(q)`.
///
/// Source: Hoffman and Gelman (2014), algorithm 4, with Stan's threshold.
final class StepSizeSearch {
    private static final double LOG_THRESHOLD = -0.22314355131420976; // log 0.8
    private static final double MAX = 1e7;

    private StepSizeSearch() {}

    /// @param steps   makes the steps
    /// @param current the point to start from; its momentum is overwritten
    /// @param eps     the step size to begin with, > 0
    /// @return the first step size on the other side of the threshold
    /// @throws IllegalStateException if no step size is small or large enough
    static double search(
            Trajectory steps, LogDensity density, PhasePoints points, PhasePoint current, double eps, Metric metric, ChainRandom random) {
        if (density.dimension() == 0) {
            return eps;
        }
        PhasePoint next = points.take();
        boolean grow = steps.gain(density, current, next, eps, metric, random) > LOG_THRESHOLD;
        double size = eps;
        while (true) {
            size *= grow ? 2 : 0.5;
            if (size > MAX) {
                throw new IllegalStateException("step size: no step size is too large, the posterior is probably improper.\n"
                        + "  Expected: a density that falls off in every direction\n"
                        + "  Got:      a step of " + size + " is still accepted\n"
                        + "  Fix:      give every parameter a proper prior.");
            }
            if (size < Double.MIN_NORMAL) {
                throw new IllegalStateException("step size: no step size is small enough, the density is not continuous here.\n"
                        + "  Expected: a log density that is continuous, with a gradient that is its derivative\n"
                        + "  Got:      log density " + current.logDensity + " at the start, refused after every step down to " + size + "\n"
                        + "  Fix:      check hand-written gradients, and constraints that depend on other parameters.");
            }
            double d = steps.gain(density, current, next, size, metric, random);
            if (grow ? !(d > LOG_THRESHOLD) : !(d < LOG_THRESHOLD)) {
                break;
            }
        }
        points.releaseAllBut(current);
        return size;
    }
}
