package kiln.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Beta;
import kiln.dist.Binomial;
import kiln.dist.Cauchy;
import kiln.dist.Distribution;
import kiln.dist.Exponential;
import kiln.dist.Gamma;
import kiln.dist.Laplace;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.dist.StudentT;
import kiln.dist.Weibull;
import kiln.func.Functions;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.CauchyDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.DiscreteDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.LaplaceDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.distribution.WeibullDistribution;

/// Draws and log densities of common distributions, each with Kiln and with Apache Commons.
///
/// Commons draws with its default samplers (a ziggurat for normals) from XoRoShiRo128++; Kiln's draws are those of JAX, bit for bit: every
/// number comes from a Threefry block of its own, and a gamma draw takes at least eight. Commons' log densities are a loop over
/// its scalar method; Kiln's are the compiled `logProb`, with the checks that values lie in the support.
final class DistributionRows {
    /// One row.
    ///
    /// @param name    what it is called
    /// @param kiln    fills a million elements with Kiln
    /// @param commons fills a million elements with Commons
    record Row(String name, Task kiln, Task commons) {}

    /// A log density for both.
    ///
    /// @param name    of the distribution
    /// @param kiln    Kiln's
    /// @param commons of one number
    record Density(String name, Distribution kiln, DoubleUnaryOperator commons) {}

    static final int N = 1_000_000;
    private static final PRNGKey KEY = PRNGKey.key(1);

    private DistributionRows() {}

    static List<Density> densities() {
        return List.of(
                continuous("normal", new Normal(0.5, 2), NormalDistribution.of(0.5, 2)),
                continuous("log-normal", new LogNormal(0.5, 2), LogNormalDistribution.of(0.5, 2)),
                continuous("exponential", new Exponential(0.5), ExponentialDistribution.of(2)),
                continuous("gamma", new Gamma(2.5, 0.5), GammaDistribution.of(2.5, 2)),
                continuous("beta", new Beta(2.5, 0.5), BetaDistribution.of(2.5, 0.5)),
                continuous("student-t", new StudentT(5, 0, 1), TDistribution.of(5)),
                continuous("cauchy", new Cauchy(0.5, 2), CauchyDistribution.of(0.5, 2)),
                continuous("laplace", new Laplace(0.5, 2), LaplaceDistribution.of(0.5, 2)),
                continuous("weibull", new Weibull(2, 1.5), WeibullDistribution.of(1.5, 2)),
                discrete("poisson", new Poisson(7), PoissonDistribution.of(7)),
                discrete("binomial", new Binomial(20, 0.3), BinomialDistribution.of(20, 0.3)));
    }

    private static Density continuous(String name, Distribution kiln, ContinuousDistribution commons) {
        return new Density(name, kiln, commons::logDensity);
    }

    private static Density discrete(String name, Distribution kiln, DiscreteDistribution commons) {
        return new Density(name, kiln, x -> commons.logProbability((int) x));
    }

    static List<Row> rows() {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1L);
        List<Row> rows = new ArrayList<>(List.of(
                draws("draws normal", new Normal(0, 1), NormalDistribution.of(0, 1).createSampler(random)::sample),
                draws("draws gamma(2.5)", new Gamma(2.5, 1), GammaDistribution.of(2.5, 1).createSampler(random)::sample),
                draws("draws gamma(0.5)", new Gamma(0.5, 1), GammaDistribution.of(0.5, 1).createSampler(random)::sample),
                draws("draws poisson(4)", new Poisson(4), PoissonDistribution.of(4).createSampler(random)::sample),
                draws("draws poisson(100)", new Poisson(100), PoissonDistribution.of(100).createSampler(random)::sample)));
        densities().forEach(d -> rows.add(density(d)));
        return rows;
    }

    private static Row draws(String name, Distribution d, DoubleSupplier commons) {
        return new Row(name, filling(() -> d.sample(KEY, Shape.of(N))), filling(() -> {
            double[] out = new double[N];
            for (int i = 0; i < N; i++) {
                out[i] = commons.getAsDouble();
            }
            return NDArray.of(out);
        }));
    }

    private static Row density(Density d) {
        NDArray x = d.kiln().sample(KEY, Shape.of(N)).times(1.0);
        double[] at = x.toDoubleArray();
        Function<NDArray, NDArray> compiled = Functions.jit((NDArray v) -> d.kiln().logProb(v));
        return new Row("log density " + d.name(), filling(() -> compiled.apply(x)), filling(() -> {
            double[] out = new double[N];
            for (int i = 0; i < N; i++) {
                out[i] = d.commons().applyAsDouble(at[i]);
            }
            return NDArray.of(out);
        }));
    }

    /// Work whose result is looked at, so that it is done.
    private interface Filling {
        NDArray fill();
    }

    private static Task filling(Filling work) {
        return new Task() {
            private long seen;

            @Override
            public long run(int n) {
                for (int i = 0; i < n; i++) {
                    seen += work.fill().size();
                }
                return (long) n * N;
            }

            @Override
            public String toString() {
                return seen + " elements";
            }
        };
    }
}
