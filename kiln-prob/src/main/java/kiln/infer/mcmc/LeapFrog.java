package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// Leapfrog (velocity Verlet) integrator of Hamilton's equations, second order, reversible and volume preserving.
///
/// ```
/// p ← p + (ε/2) ∇L(q);   q ← q + ε S p;   p ← p + (ε/2) ∇L(q)        one gradient per step, carried to the next
/// ```
///
/// A negative step size integrates backwards in time.
///
/// Source: Neal (2011), eq. 2.28–2.30.
final class LeapFrog {
    private LeapFrog() {}

    /// One step from `from` to `to`, another point, whose contents are replaced.
    static void step(LogDensity density, Metric metric, double eps, PhasePoint from, PhasePoint to) {
        metric.kickDrift(eps, from, to);
        to.logDensity = density.valueAndGradient(to.position, to.gradient);
        to.setEnergy(metric.kick(eps, to));
    }
}
