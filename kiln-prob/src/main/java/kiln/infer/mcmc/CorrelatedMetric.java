package kiln.infer.mcmc;

/// What the metrics have in common whose product `S x` costs more than a factor for each coordinate: a leapfrog step takes one such product.
///
/// ```
/// a = S g carried along:   v ← v + ½ε a;   q ← q + ε v;   a ← S ∇L(q);   v ← v + ½ε a        and p the same way with g
/// ```
///
/// The velocity is updated beside the momentum instead of being computed from it, once for the drift and once for the energy.
abstract sealed class CorrelatedMetric extends Metric permits LowRankMetric, BlockMetric, DenseMetric {
    /// Computes `y = S x`.
    ///
    /// @param y another array than `x`
    abstract void multiply(double[] x, double[] y);

    @Override
    final double velocity(double[] p, double[] v) {
        multiply(p, v);
        return 0.5 * Dots.dot(p, v);
    }

    @Override
    final double complete(PhasePoint point) {
        multiply(point.gradient, point.acceleration);
        return super.complete(point);
    }

    @Override
    final void kickDrift(double eps, PhasePoint from, PhasePoint to) {
        double[] q = from.position;
        double[] p = from.momentum;
        double[] v = from.velocity;
        double[] g = from.gradient;
        double[] a = from.acceleration;
        double[] qNext = to.position;
        double[] pHalf = to.momentum;
        double[] vHalf = to.velocity;
        double half = 0.5 * eps;
        for (int i = 0; i < q.length; i++) {
            pHalf[i] = p[i] + half * g[i];
            double velocity = v[i] + half * a[i];
            vHalf[i] = velocity;
            qNext[i] = q[i] + eps * velocity;
        }
    }

    @Override
    final double kick(double eps, PhasePoint at) {
        double[] p = at.momentum;
        double[] v = at.velocity;
        double[] g = at.gradient;
        double[] a = at.acceleration;
        multiply(g, a);
        double half = 0.5 * eps;
        for (int i = 0; i < p.length; i++) {
            p[i] += half * g[i];
            v[i] += half * a[i];
        }
        return 0.5 * Dots.dot(p, v);
    }
}
