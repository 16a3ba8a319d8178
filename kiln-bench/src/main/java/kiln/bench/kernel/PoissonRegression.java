package kiln.bench.kernel;

import static kiln.array.Np.exp;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import java.util.Arrays;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Poisson regression with an offset per group, `n` = 10,000 simulated counts in 85 groups in random order: gather, `exp`, scatter.
///
/// ```
/// mu ~ N(0, 2),  b ~ N(0, 1),  tau ~ HalfNormal(1),  offset[g] ~ N(0, tau),  y[i] ~ Poisson(exp(mu + offset[group[i]] + b x[i]))
/// q = (mu, b, log tau, offset[0..84])
/// ```
public final class PoissonRegression implements Kernel {
    private static final int N = 10_000;
    private static final int GROUPS = 85;

    private final double[] x;
    private final double[] y;
    private final long[] group;
    private final double constant;

    /// Simulates the data.
    public PoissonRegression() {
        PRNGKey[] keys = PRNGKey.key(3).split(4);
        NDArray covariate = keys[0].normal(N);
        NDArray groups = keys[1].randint(Shape.of(N), 0, GROUPS);
        NDArray offsets = keys[2].normal(GROUPS).times(0.5);
        x = covariate.toDoubleArray();
        group = groups.toLongArray();
        y = keys[3].poisson(exp(offsets.get(groups).plus(covariate.times(0.3)).plus(0.7)), Shape.of(N)).toDoubleArray();
        double sum = Priors.normal(1, 2) + Priors.normal(1, 1) + Priors.halfNormal(1) + Priors.normal(GROUPS, 1);
        for (double count : y) {
            sum -= Np.lgamma(count + 1).item();
        }
        constant = sum;
    }

    @Override
    public String name() {
        return "poisson";
    }

    @Override
    public String title() {
        return "Poisson regression, n = 10,000, 85 group offsets";
    }

    @Override
    public String target() {
        return "≤ 1.6 C";
    }

    @Override
    public double[] point() {
        double[] q = new double[GROUPS + 3];
        q[0] = 0.6;
        q[1] = 0.25;
        q[2] = Math.log(0.6);
        for (int g = 0; g < GROUPS; g++) {
            q[g + 3] = 0.4 * Math.sin(g + 1);
        }
        return q;
    }

    @Override
    public LogDensity kiln() {
        NDArray covariate = NDArray.of(x);
        NDArray groups = NDArray.of(group);
        NDArray counts = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 2));
                    var b = sample("b", new Normal(0, 1));
                    var tau = sample("tau", new HalfNormal(1));
                    NDArray offset;
                    try (var _ = plate("group", GROUPS)) {
                        offset = sample("offset", new Normal(0, tau));
                    }
                    try (var _ = plate("row", N)) {
                        var logRate = mu.plus(offset.get(groups)).plus(b.times(covariate));
                        sample("y", new Poisson(exp(logRate)), counts);
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
        return NativeCode.density("poisson_regression", GROUPS + 3, constant, N, 0, x, y, group);
    }

    private final class Java implements LogDensity {
        private final int[] groups = Arrays.stream(group).mapToInt(Math::toIntExact).toArray();

        @Override
        public int dimension() {
            return GROUPS + 3;
        }

        @Override
        public double valueAndGradient(double[] q, double[] gradient) {
            double mu = q[0];
            double b = q[1];
            double tau = Math.exp(q[2]);
            double precision = 1 / (tau * tau);
            double squares = 0;
            for (int g = 0; g < GROUPS; g++) {
                double offset = q[g + 3];
                squares += offset * offset;
                gradient[g + 3] = -offset * precision;
            }
            double value = constant - mu * mu / 8 - b * b / 2 - tau * tau / 2 + q[2] - GROUPS * q[2] - 0.5 * squares * precision;
            double dMu = 0;
            double dB = 0;
            for (int i = 0; i < N; i++) {
                double logRate = mu + q[groups[i] + 3] + b * x[i];
                double rate = Math.exp(logRate);
                value += y[i] * logRate - rate;
                double residual = y[i] - rate;
                dMu += residual;
                dB += residual * x[i];
                gradient[groups[i] + 3] += residual;
            }
            gradient[0] = dMu - mu / 4;
            gradient[1] = dB - b;
            gradient[2] = 1 - tau * tau - GROUPS + squares * precision;
            return value;
        }
    }
}
