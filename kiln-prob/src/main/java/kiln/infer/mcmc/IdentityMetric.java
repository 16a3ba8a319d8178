package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// The metric `S = I`: every coordinate on the same scale; where adaptation starts.
///
/// @param dimension `d` ≥ 0
record IdentityMetric(int dimension) implements Metric {
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
    public void save(ChainState.Builder state) {}

    @Override
    public void sampleMomentum(ChainRandom random, double[] p) {
        for (int i = 0; i < p.length; i++) {
            p[i] = random.normal();
        }
    }

    @Override
    public double velocity(double[] p, double[] v) {
        System.arraycopy(p, 0, v, 0, p.length);
        return 0.5 * Dots.dot(p, v);
    }

    @Override
    public void scale(double[] x, double[] y) {
        System.arraycopy(x, 0, y, 0, x.length);
    }

    @Override
    public void scaleTransposed(double[] x, double[] y) {
        scale(x, y);
    }

    @Override
    public void kickDrift(double eps, double[] q, double[] p, double[] g, double[] qNext, double[] pHalf) {
        double half = 0.5 * eps;
        for (int i = 0; i < q.length; i++) {
            double momentum = p[i] + half * g[i];
            pHalf[i] = momentum;
            qNext[i] = q[i] + eps * momentum;
        }
    }

    @Override
    public double kick(double eps, double[] p, double[] g, double[] v) {
        double half = 0.5 * eps;
        for (int i = 0; i < p.length; i++) {
            double momentum = p[i] + half * g[i];
            p[i] = momentum;
            v[i] = momentum;
        }
        return 0.5 * Dots.dot(p, v);
    }
}
