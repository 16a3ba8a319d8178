package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.store.ChainState;

/// The metric `S = diag(s)`: one scale per coordinate, the posterior variances.
final class DiagonalMetric extends Metric {
    private final double[] variances;
    private final double[] momentumScale;

    /// @param variances `s`, finite and > 0; owned
    DiagonalMetric(double[] variances) {
        this.variances = variances;
        momentumScale = new double[variances.length];
        for (int i = 0; i < variances.length; i++) {
            if (!(variances[i] > 0 && Double.isFinite(variances[i]))) {
                throw new IllegalArgumentException("Metric.diagonal: a variance is not positive.\n"
                        + "  Expected: finite values > 0\n"
                        + "  Got:      " + variances[i] + " at coordinate " + i + " of " + variances.length);
            }
            momentumScale[i] = 1 / Math.sqrt(variances[i]);
        }
    }

    /// {@return `s`, not a copy}
    double[] variances() {
        return variances;
    }

    @Override
    String words() {
        return "diagonal";
    }

    @Override
    public int dimension() {
        return variances.length;
    }

    @Override
    public double[][] inverseMassMatrix() {
        double[][] s = new double[variances.length][variances.length];
        for (int i = 0; i < variances.length; i++) {
            s[i][i] = variances[i];
        }
        return s;
    }

    @Override
    public double variance(int i) {
        return variances[i];
    }

    @Override
    void save(ChainState.Builder state) {
        state.put("metric.variances", variances);
    }

    @Override
    void unscaleTransposed(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= momentumScale[i];
        }
    }

    @Override
    double velocity(double[] p, double[] v) {
        multiply(p, v);
        return 0.5 * Dots.dot(p, v);
    }

    /// Computes `y = S x`.
    void multiply(double[] x, double[] y) {
        double[] s = variances;
        for (int i = 0; i < x.length; i++) {
            y[i] = s[i] * x[i];
        }
    }

    @Override
    void scale(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.sqrt(variances[i]) * x[i];
        }
    }

    @Override
    void scaleTransposed(double[] x, double[] y) {
        scale(x, y);
    }

    @Override
    void kickDrift(double eps, PhasePoint from, PhasePoint to) {
        double[] s = variances;
        double[] q = from.position;
        double[] p = from.momentum;
        double[] g = from.gradient;
        double[] qNext = to.position;
        double[] pHalf = to.momentum;
        double half = 0.5 * eps;
        for (int i = 0; i < q.length; i++) {
            double momentum = p[i] + half * g[i];
            pHalf[i] = momentum;
            qNext[i] = q[i] + eps * (s[i] * momentum);
        }
    }

    @Override
    double kick(double eps, PhasePoint at) {
        double[] s = variances;
        double[] p = at.momentum;
        double[] g = at.gradient;
        double[] v = at.velocity;
        double half = 0.5 * eps;
        for (int i = 0; i < p.length; i++) {
            double momentum = p[i] + half * g[i];
            p[i] = momentum;
            v[i] = s[i] * momentum;
        }
        return 0.5 * Dots.dot(p, v);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DiagonalMetric m && Arrays.equals(variances, m.variances);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(variances);
    }

    @Override
    public String toString() {
        return "Metric.diagonal" + Arrays.toString(variances);
    }
}
