package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.store.ChainState;

/// A metric with another kinetic energy than the quadratic one: that of the momentum scaled by the metric.
///
/// ```
/// u = Cᵀ p,  S = C Cᵀ:    K(p) = k(u)       p = C⁻ᵀ u,  u ~ exp(−k)       velocity  ∂K/∂p = C k'(u)
/// ```
///
/// With `k = ½ uᵀu` this is the metric itself. Of one chain: it has a workspace.
final class KineticMetric extends Metric {
    private final Metric metric;
    private final KineticEnergy kinetic;
    private final double[] scaled;
    private final double[] slope;

    private KineticMetric(Metric metric, KineticEnergy kinetic) {
        this.metric = metric;
        this.kinetic = kinetic;
        scaled = new double[metric.dimension()];
        slope = new double[metric.dimension()];
    }

    /// {@return the metric with a kinetic energy; itself without one}
    static Metric of(Metric metric, Optional<KineticEnergy> kinetic) {
        return kinetic.isEmpty() ? metric : new KineticMetric(metric, kinetic.get());
    }

    @Override
    public int dimension() {
        return metric.dimension();
    }

    @Override
    public double[][] inverseMassMatrix() {
        return metric.inverseMassMatrix();
    }

    @Override
    String words() {
        return metric.words();
    }

    @Override
    public double variance(int i) {
        return metric.variance(i);
    }

    @Override
    void save(ChainState.Builder state) {
        metric.save(state);
    }

    @Override
    void sampleMomentum(ChainRandom random, double[] p) {
        kinetic.sample(random, p);
        metric.unscaleTransposed(p);
    }

    @Override
    void unscaleTransposed(double[] x) {
        metric.unscaleTransposed(x);
    }

    @Override
    double velocity(double[] p, double[] v) {
        metric.scaleTransposed(p, scaled);
        double energy = kinetic.valueAndGradient(scaled, slope);
        metric.scale(slope, v);
        return energy;
    }

    @Override
    void scale(double[] x, double[] y) {
        metric.scale(x, y);
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        metric.scaleTransposed(x, y);
    }

    @Override
    void kickDrift(double eps, PhasePoint from, PhasePoint to) {
        double half = 0.5 * eps;
        for (int i = 0; i < scaled.length; i++) {
            to.momentum[i] = from.momentum[i] + half * from.gradient[i];
        }
        velocity(to.momentum, to.velocity);
        for (int i = 0; i < scaled.length; i++) {
            to.position[i] = from.position[i] + eps * to.velocity[i];
        }
    }

    @Override
    double kick(double eps, PhasePoint at) {
        double half = 0.5 * eps;
        for (int i = 0; i < scaled.length; i++) {
            at.momentum[i] += half * at.gradient[i];
        }
        return velocity(at.momentum, at.velocity);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KineticMetric m && metric.equals(m.metric) && kinetic.equals(m.kinetic);
    }

    @Override
    public int hashCode() {
        return 31 * metric.hashCode() + kinetic.hashCode();
    }

    @Override
    public String toString() {
        return metric + " with " + kinetic;
    }
}
