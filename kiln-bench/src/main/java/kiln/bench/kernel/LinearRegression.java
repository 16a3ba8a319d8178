package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Gaussian linear regression on `d` = 10 columns; the hand-written versions visit every row.
///
/// ```
/// beta[j] ~ N(0, 1),  sigma ~ HalfNormal(1),  y[i] ~ N(x[i]·beta, sigma),  q = (beta, log sigma)
/// ```
public final class LinearRegression implements Kernel {
    private static final int D = 10;

    private final int n;
    private final NDArray design;
    private final double[] y;
    private final double constant;

    /// Simulates the data.
    ///
    /// @param n number of rows
    public LinearRegression(int n) {
        this.n = n;
        PRNGKey[] keys = PRNGKey.key(9).split(3);
        design = keys[0].normal(n, D);
        y = design.matmul(keys[1].normal(D)).plus(keys[2].normal(n).times(0.7)).toDoubleArray();
        constant = Priors.normal(D, 1) + Priors.halfNormal(1) + Priors.normal(n, 1);
    }

    @Override
    public String name() {
        return "linear-" + n;
    }

    @Override
    public String title() {
        return "Gaussian linear regression, n = %,d, d = 10".formatted(n);
    }

    @Override
    public String target() {
        return "independent of n";
    }

    @Override
    public double[] point() {
        double[] q = new double[D + 1];
        for (int j = 0; j < D; j++) {
            q[j] = 0.5 * Math.cos(j + 1);
        }
        q[D] = -0.2;
        return q;
    }

    @Override
    public LogDensity kiln() {
        NDArray observed = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var beta = sample("beta", new Normal(0, 1).expand(D).toEvent(1));
                    var sigma = sample("sigma", new HalfNormal(1));
                    try (var _ = plate("row", n)) {
                        sample("y", new Normal(design.matmul(beta), sigma), observed);
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
        return NativeCode.density("linear_regression", D + 1, constant, n, 0, design.transpose().toDoubleArray(), y);
    }

    private final class Java implements LogDensity {
        private final double[] x = design.toDoubleArray();

        @Override
        public int dimension() {
            return D + 1;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double sigma = Math.exp(q[D]);
            double precision = 1 / (sigma * sigma);
            double priors = 0;
            for (int j = 0; j < D; j++) {
                priors -= 0.5 * q[j] * q[j];
                gradient[j] = 0;
            }
            double squares = 0;
            for (int i = 0; i < n; i++) {
                int row = i * D;
                double residual = y[i];
                for (int j = 0; j < D; j++) {
                    residual -= x[row + j] * q[j];
                }
                squares += residual * residual;
                for (int j = 0; j < D; j++) {
                    gradient[j] += residual * x[row + j];
                }
            }
            for (int j = 0; j < D; j++) {
                gradient[j] = gradient[j] * precision - q[j];
            }
            gradient[D] = squares * precision - n + 1 - sigma * sigma;
            return constant + priors - 0.5 * sigma * sigma + q[D] - n * q[D] - 0.5 * squares * precision;
        }
    }
}
