package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// `n` = 100,000 simulated normal observations of unknown mean and scale: one pass over memory with two sums.
///
/// ```
/// mu ~ N(0, 10),  sigma ~ HalfNormal(10),  y[i] ~ N(mu, sigma),  q = (mu, log sigma)
/// ```
public final class NormalLikelihood implements Kernel {
    private static final int N = 100_000;
    private static final double CONSTANT = Priors.normal(1, 10) + Priors.halfNormal(10) + Priors.normal(N, 1);

    private final double[] y;

    /// Simulates the data.
    public NormalLikelihood() {
        y = PRNGKey.key(4).normal(N).times(2).plus(3).toDoubleArray();
    }

    @Override
    public String name() {
        return "normal";
    }

    @Override
    public String title() {
        return "normal likelihood, n = 100,000, every observation visited";
    }

    @Override
    public String target() {
        return "≤ 1.6 C";
    }

    @Override
    public double[] point() {
        return new double[] {2.9, 0.6};
    }

    @Override
    public LogDensity kiln() {
        NDArray observed = NDArray.of(y);
        return PosteriorDensity.uncollapsed(
                () -> {
                    var mu = sample("mu", new Normal(0, 10));
                    var sigma = sample("sigma", new HalfNormal(10));
                    try (var _ = plate("row", N)) {
                        sample("y", new Normal(mu, sigma), observed);
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
        return NativeCode.density("normal_likelihood", 2, CONSTANT, N, 0, y);
    }

    private final class Java implements LogDensity {
        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double mu = q[0];
            double sigma = Math.exp(q[1]);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < N; i++) {
                double residual = y[i] - mu;
                sum += residual;
                squares += residual * residual;
            }
            double precision = 1 / (sigma * sigma);
            gradient[0] = sum * precision - mu / 100;
            gradient[1] = squares * precision - N + 1 - sigma * sigma / 100;
            return CONSTANT - mu * mu / 200 - sigma * sigma / 200 + q[1] - N * q[1] - 0.5 * squares * precision;
        }
    }
}
