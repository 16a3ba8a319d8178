package kiln.bench.kernel;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;

import java.util.Arrays;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;

/// Non-centred normal hierarchy, 1,000 groups of ten simulated observations each: as many parameters as an evaluation can keep in cache.
///
/// ```
/// mu ~ N(0, 5),  tau ~ HalfNormal(1),  sigma ~ HalfNormal(1),  z[g] ~ N(0, 1),  y[i] ~ N(mu + tau z[group[i]], sigma)
/// q = (mu, log tau, log sigma, z[0..999])
/// ```
///
/// The size, the order of the rows and the truth (`mu` = 1, `tau` = 0.5, `sigma` = 1) are those of the peers' `hier_1k`.
public final class NormalHierarchy implements Kernel {
    private static final int GROUPS = 1_000;
    private static final int N = 10_000;
    private static final double CONSTANT =
            Priors.normal(1, 5) + 2 * Priors.halfNormal(1) + Priors.normal(GROUPS, 1) + Priors.normal(N, 1);

    private final double[] y;
    private final long[] group = IntStream.range(0, N).mapToLong(i -> i / (N / GROUPS)).toArray();

    /// Simulates the data.
    public NormalHierarchy() {
        PRNGKey[] keys = PRNGKey.key(4).split(2);
        NDArray effects = keys[0].normal(GROUPS).times(0.5).plus(1);
        y = effects.get(NDArray.of(group)).plus(keys[1].normal(N)).toDoubleArray();
    }

    @Override
    public String name() {
        return "hierarchy";
    }

    @Override
    public String title() {
        return "non-centred normal hierarchy, n = 10,000, 1,000 groups";
    }

    @Override
    public String target() {
        return "–";
    }

    @Override
    public double[] point() {
        double[] q = new double[GROUPS + 3];
        q[0] = 0.9;
        q[1] = Math.log(0.6);
        q[2] = Math.log(1.1);
        for (int g = 0; g < GROUPS; g++) {
            q[g + 3] = 0.8 * Math.sin(g + 1);
        }
        return q;
    }

    @Override
    public LogDensity kiln() {
        NDArray groups = NDArray.of(group);
        NDArray observed = NDArray.of(y);
        return PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 5));
                    var tau = sample("tau", new HalfNormal(1));
                    var sigma = sample("sigma", new HalfNormal(1));
                    NDArray z;
                    try (var _ = plate("group", GROUPS)) {
                        z = sample("z", new Normal(0, 1));
                    }
                    try (var _ = plate("row", N)) {
                        sample("y", new Normal(mu.plus(tau.times(z.get(groups))), sigma), observed);
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
        return NativeCode.density("normal_hierarchy", GROUPS + 3, CONSTANT, N, 0, y, group);
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
            double tau = Math.exp(q[1]);
            double sigma = Math.exp(q[2]);
            double precision = 1 / (sigma * sigma);
            double spread = 0;
            for (int g = 0; g < GROUPS; g++) {
                double z = q[g + 3];
                spread += z * z;
                gradient[g + 3] = -z;
            }
            double squares = 0;
            double sum = 0;
            double along = 0;
            for (int i = 0; i < N; i++) {
                double z = q[groups[i] + 3];
                double r = y[i] - mu - tau * z;
                squares += r * r;
                sum += r;
                along += r * z;
                gradient[groups[i] + 3] += tau * precision * r;
            }
            gradient[0] = sum * precision - mu / 25;
            gradient[1] = 1 - tau * tau + tau * precision * along;
            gradient[2] = 1 - sigma * sigma - N + squares * precision;
            double priors = q[1] + q[2] - mu * mu / 50 - 0.5 * (tau * tau + sigma * sigma + spread);
            return CONSTANT + priors - N * q[2] - 0.5 * squares * precision;
        }
    }
}
