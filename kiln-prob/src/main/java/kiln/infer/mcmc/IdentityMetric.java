package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// The metric `S = I`: every coordinate on the same scale; where adaptation starts.
final class IdentityMetric extends Metric {
    private final int dimension;

    /// @param dimension `d` ≥ 0
    IdentityMetric(int dimension) {
        this.dimension = dimension;
    }

    @Override
    String words() {
        return "identity";
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public double[][] inverseMassMatrix() {
        double[][] s = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            s[i][i] = 1;
        }
        return s;
    }

    @Override
    public double variance(int i) {
        return 1;
    }

    @Override
    void save(ChainState.Builder state) {}

    @Override
    void unscaleTransposed(double[] x) {}

    @Override
    double velocity(double[] p, double[] v) {
        System.arraycopy(p, 0, v, 0, p.length);
        return 0.5 * Dots.dot(p, v);
    }

    @Override
    void scale(double[] x, double[] y) {
        System.arraycopy(x, 0, y, 0, x.length);
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        scale(x, y);
    }

    @Override
    void kickDrift(double eps, PhasePoint from, PhasePoint to) {
        double[] q = from.position;
        double[] p = from.momentum;
        double[] g = from.gradient;
        double[] qNext = to.position;
        double[] pHalf = to.momentum;
        double half = 0.5 * eps;
        for (int i = 0; i < q.length; i++) {
            double momentum = p[i] + half * g[i];
            pHalf[i] = momentum;
            qNext[i] = q[i] + eps * momentum;
        }
    }

    @Override
    double kick(double eps, PhasePoint at) {
        double[] p = at.momentum;
        double[] g = at.gradient;
        double[] v = at.velocity;
        double half = 0.5 * eps;
        for (int i = 0; i < p.length; i++) {
            double momentum = p[i] + half * g[i];
            p[i] = momentum;
            v[i] = momentum;
        }
        return 0.5 * Dots.dot(p, v);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityMetric m && dimension == m.dimension;
    }

    @Override
    public int hashCode() {
        return dimension;
    }

    @Override
    public String toString() {
        return "Metric.identity(" + dimension + ")";
    }
}
