package kiln.infer.mcmc;

/// A leapfrog step of a metric, with gradients that are given.
///
/// @param end     where it leads
/// @param kinetic the kinetic energy there
record Step(PhasePoint end, double kinetic) {
    /// One step with the same gradient at both ends.
    static Step of(Metric metric, double eps, double[] q, double[] p, double[] g) {
        PhasePoint from = new PhasePoint(q.length);
        System.arraycopy(q, 0, from.position, 0, q.length);
        System.arraycopy(p, 0, from.momentum, 0, p.length);
        System.arraycopy(g, 0, from.gradient, 0, g.length);
        metric.complete(from);
        PhasePoint to = new PhasePoint(q.length);
        metric.kickDrift(eps, from, to);
        System.arraycopy(g, 0, to.gradient, 0, g.length);
        return new Step(to, metric.kick(eps, to));
    }
}
