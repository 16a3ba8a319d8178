package kiln.bench.kernel;

import static kiln.array.Np.lgamma;
import static kiln.model.Primitives.factor;
import static kiln.model.Primitives.sample;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.LogNormal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.math.Gamma;

/// Sum of `n` = 10,000 values of `lgamma`, whose derivative is `digamma`: what the shape of a gamma-Poisson likelihood needs.
///
/// ```
/// a ~ LogNormal(0, 1),  L = −Σ log Γ(a + x[i]) + prior,  q = log a
/// ```
///
/// The `x` are no whole numbers, so that equal terms cannot be counted instead of added.
public final class LgammaSum implements Kernel {
    private static final int N = 10_000;
    private static final double CONSTANT = Priors.normal(1, 1);

    private final double[] x;

    /// Simulates the covariate.
    public LgammaSum() {
        x = PRNGKey.key(6).uniform(Shape.of(N), 0, 20).toDoubleArray();
    }

    @Override
    public String name() {
        return "lgamma";
    }

    @Override
    public String title() {
        return "sum of lgamma(a + x), n = 10,000";
    }

    @Override
    public String target() {
        return "≤ 1.5 C";
    }

    @Override
    public double[] point() {
        return new double[] {0.4};
    }

    @Override
    public LogDensity kiln() {
        NDArray covariate = NDArray.of(x);
        return PosteriorDensity.of(
                () -> {
                    var a = sample("a", new LogNormal(0, 1));
                    factor("f", lgamma(a.plus(covariate)).sum().unaryMinus());
                },
                PRNGKey.key(0));
    }

    @Override
    public LogDensity java() {
        return new Java();
    }

    @Override
    public LogDensity c() {
        return NativeCode.density("lgamma_sum", 1, CONSTANT, N, 0, x);
    }

    /// Java has no gamma function, so this takes the scalar ones of [Gamma].
    private final class Java implements LogDensity {
        @Override
        public int dimension() {
            return 1;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double a = Math.exp(q[0]);
            double value = 0;
            double slope = 0;
            for (int i = 0; i < N; i++) {
                value += Gamma.lgamma(a + x[i]);
                slope += Gamma.digamma(a + x[i]);
            }
            gradient[0] = -a * slope - q[0];
            return CONSTANT - 0.5 * q[0] * q[0] - value;
        }
    }
}
