package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.BernoulliLogits;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Logistic regression, `n` simulated rows of `d` = 25 columns: a matrix-vector product each way around a sigmoid.
///
/// ```
/// beta[j] ~ N(0, 1),  y[i] ~ Bernoulli(logit⁻¹(x[i]·beta)),  q = beta
/// ```
public final class LogisticRegression implements Kernel {
    private static final int D = 25;

    private final int n;
    private final NDArray design;
    private final double[] y;

    /// Simulates the data.
    ///
    /// @param n number of rows, ≥ 1
    public LogisticRegression(int n) {
        this.n = n;
        PRNGKey[] keys = PRNGKey.key(2).split(3);
        design = keys[0].normal(n, D);
        NDArray slopes = keys[1].normal(D).times(0.5);
        y = keys[2].bernoulli(Np.sigmoid(design.matmul(slopes)), Shape.of(n)).toDoubleArray();
    }

    @Override
    public String name() {
        return n == 10_000 ? "logistic" : "logistic-" + n;
    }

    @Override
    public String title() {
        return "logistic regression, n = %,d, d = 25".formatted(n);
    }

    @Override
    public String target() {
        return "≤ 1.5 C";
    }

    @Override
    public double[] point() {
        double[] q = new double[D];
        for (int j = 0; j < D; j++) {
            q[j] = 0.3 * Math.sin(j + 1);
        }
        return q;
    }

    @Override
    public LogDensity kiln() {
        NDArray outcomes = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var beta = sample("beta", new Normal(0, 1).expand(D).toEvent(1));
                    try (var _ = plate("row", n)) {
                        sample("y", new BernoulliLogits(design.matmul(beta)), outcomes);
                    }
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("logistic_regression", D, Priors.normal(D, 1), n, 0, design.transpose().toDoubleArray(), y);
    }

    private final class Java implements LogDensity {
        private final double[] x = design.toDoubleArray();

        @Override
        public int dimension() {
            return D;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double value = Priors.normal(D, 1);
            for (int j = 0; j < D; j++) {
                value -= 0.5 * q[j] * q[j];
                gradient[j] = -q[j];
            }
            for (int i = 0; i < n; i++) {
                int row = i * D;
                double eta = 0;
                for (int j = 0; j < D; j++) {
                    eta += x[row + j] * q[j];
                }
                double e = Math.exp(-Math.abs(eta));
                value += y[i] * eta - Math.max(eta, 0) - Math.log1p(e);
                double residual = y[i] - (eta >= 0 ? 1 : e) / (1 + e);
                for (int j = 0; j < D; j++) {
                    gradient[j] += residual * x[row + j];
                }
            }
            return value;
        }
    }
}
