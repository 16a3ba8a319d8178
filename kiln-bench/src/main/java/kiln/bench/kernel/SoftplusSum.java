package kiln.bench.kernel;

import static kiln.array.Np.softplus;
import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Sum of `n` = 10,000 softplus terms, whose derivative is the sigmoid: what a logistic likelihood is made of.
///
/// ```
/// a ~ N(0, 1),  b ~ N(0, 1),  L = −Σ log(1 + exp(a + b x[i])) + prior,  q = (a, b)
/// ```
public final class SoftplusSum implements Kernel {
    private static final int N = 10_000;
    private static final double CONSTANT = Priors.normal(2, 1);

    private final double[] x;

    /// Simulates the covariate.
    public SoftplusSum() {
        x = PRNGKey.key(5).normal(N).toDoubleArray();
    }

    @Override
    public String name() {
        return "softplus";
    }

    @Override
    public String title() {
        return "sum of softplus(a + b x), n = 10,000";
    }

    @Override
    public String target() {
        return "≤ 1.5 C";
    }

    @Override
    public double[] point() {
        return new double[] {0.3, 0.7};
    }

    @Override
    public LogDensity kiln() {
        NDArray covariate = NDArray.of(x);
        return PosteriorDensity.of(
                () -> {
                    var a = sample("a", new Normal(0, 1));
                    var b = sample("b", new Normal(0, 1));
                    factor("f", softplus(a.plus(b.times(covariate))).sum().unaryMinus());
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("softplus_sum", 2, CONSTANT, N, 0, x);
    }

    private final class Java implements LogDensity {
        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double a = q[0];
            double b = q[1];
            double value = 0;
            double dA = 0;
            double dB = 0;
            for (int i = 0; i < N; i++) {
                double eta = a + b * x[i];
                double e = Math.exp(-Math.abs(eta));
                value += Math.max(eta, 0) + Math.log1p(e);
                double sigmoid = (eta >= 0 ? 1 : e) / (1 + e);
                dA += sigmoid;
                dB += sigmoid * x[i];
            }
            gradient[0] = -dA - a;
            gradient[1] = -dB - b;
            return CONSTANT - 0.5 * (a * a + b * b) - value;
        }
    }
}
