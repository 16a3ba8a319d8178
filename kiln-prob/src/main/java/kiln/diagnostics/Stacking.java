package kiln.diagnostics;

import kiln.math.CholeskyFactor;
import kiln.math.Elementary;
import kiln.math.TriangularSystem;

/// Weights of the mixture of predictive distributions that predicts best.
///
/// ```
/// max_w  1/n Σ_i log Σ_k w_k exp(elpd_ik),   w ≥ 0,  Σ w = 1
/// ```
///
/// The equality needs no care: with `− n Σ w` added to `n` times the objective, the best `w ≥ 0` adds up to 1 by itself. What is left is
/// concave; Newton's method on it with the barrier `μ Σ log w`, `μ → 0`, ends within `10⁻⁹` of the best mean.
///
/// Source: Yao, Vehtari, Simpson and Gelman, *Using stacking to average Bayesian predictive distributions* (2018), section 3.1; Kim,
/// Carbonetto, Stephens and Anitescu, *A fast algorithm for maximum likelihood estimation of mixture proportions* (2020) for the form.
final class Stacking {
    private static final int MAX_STEPS = 50;

    private final double[][] p;
    private final int models;

    private Stacking(double[][] p, int models) {
        this.p = p;
        this.models = models;
    }

    /// The weights.
    ///
    /// @param elpd `[model][observation]`
    /// @return one weight for each model
    static double[] weights(double[][] elpd) {
        int models = elpd.length;
        int n = elpd[0].length;
        double[][] p = new double[n][models];
        for (int i = 0; i < n; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (double[] model : elpd) {
                max = Math.max(max, model[i]);
            }
            for (int k = 0; k < models; k++) {
                p[i][k] = Elementary.exp(elpd[k][i] - max);
            }
        }
        return new Stacking(p, models).solve();
    }

    private double[] solve() {
        double[] w = new double[models];
        java.util.Arrays.fill(w, 1.0 / models);
        int n = p.length;
        for (double mu = n; mu > 1e-11 * n; mu /= 5) {
            for (int step = 0; step < MAX_STEPS && newton(w, mu); step++) {
                // until it stays where it is
            }
        }
        double sum = java.util.Arrays.stream(w).sum();
        return java.util.Arrays.stream(w).map(v -> v / sum).toArray();
    }

    private double objective(double[] w, double mu) {
        double sum = 0;
        for (double[] row : p) {
            sum += Elementary.log(mixture(row, w));
        }
        for (double v : w) {
            sum += mu * Elementary.log(v) - p.length * v;
        }
        return sum;
    }

    private static double mixture(double[] row, double[] w) {
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
            sum += row[k] * w[k];
        }
        return sum;
    }

    /// One step, in units of the present weights, which keeps the equations well conditioned; false if nothing is to be gained.
    private boolean newton(double[] w, double mu) {
        double[] gradient = new double[models];
        double[] hessian = new double[models * models];
        for (int k = 0; k < models; k++) {
            gradient[k] = mu - p.length * w[k];
            hessian[k * models + k] = mu;
        }
        for (double[] row : p) {
            double m = mixture(row, w);
            for (int k = 0; k < models; k++) {
                double a = row[k] * w[k] / m;
                gradient[k] += a;
                for (int j = 0; j <= k; j++) {
                    hessian[k * models + j] += a * row[j] * w[j] / m;
                }
            }
        }
        double[] step = gradient.clone();
        new CholeskyFactor(models).factor(hessian, 0);
        new TriangularSystem(models, 1, false).solve(hessian, 0, step, 0);
        new TriangularSystem(models, 1, true).solve(hessian, 0, step, 0);
        double gain = 0;
        double shrink = 0;
        for (int k = 0; k < models; k++) {
            gain += gradient[k] * step[k];
            shrink = Math.max(shrink, -step[k]);
        }
        if (!(gain > 1e-14 * p.length)) {
            return false;
        }
        double before = objective(w, mu);
        double t = shrink > 0 ? Math.min(1, 0.9 / shrink) : 1;
        for (int half = 0; half < 60; half++, t /= 2) {
            double[] next = new double[models];
            for (int k = 0; k < models; k++) {
                next[k] = w[k] * (1 + t * step[k]);
            }
            if (objective(next, mu) > before + 0.1 * t * gain) {
                System.arraycopy(next, 0, w, 0, models);
                return true;
            }
        }
        return false;
    }
}
