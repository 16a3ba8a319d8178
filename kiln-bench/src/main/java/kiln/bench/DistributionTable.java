package kiln.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Beta;
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
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.CauchyDistribution;
import org.apache.commons.statistics.distribution.ExponentialDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.LaplaceDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.distribution.WeibullDistribution;

/// `./kiln bench distributions`: a million draws and a million log densities, beside Commons RNG and Commons Statistics.
///
/// Draws are made under a key of JAX (threefry, a function of the key and the place) and under a fast one (xoshiro256++, the ziggurat), as
/// Commons makes them (xoroshiro128++, the ziggurat); log densities are asked of an array, as they come (`logProb`) and compiled (`jit`),
/// and of Commons one number at a time, which is all it offers. Everybody's results go to a new array.
public final class DistributionTable {
    private static final int N = 1_000_000;
    private static final String PLAIN = "plain";
    private static final String QUICK = "quick";
    private static final String PEER = "peer";

    private DistributionTable() {}

    /// A row.
    ///
    /// @param name  what is done a million times
    /// @param plain Kiln: draws under a key of JAX, or a density as it comes
    /// @param quick Kiln: draws under a fast key, or a compiled density
    /// @param peer  Commons
    private record Row(String name, Task plain, Task quick, Task peer) {}

    /// Measures each row in a process of its own and prints the table. (Within one process the second row's density would turn the call in
    /// the loop over Commons' numbers into one of several, which is not inlined and not vectorised: three times slower.)
    ///
    /// @param args names of rows, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        Predicate<String> wanted = args.length == 0 ? _ -> true : Pattern.compile(String.join("|", args)).asPredicate();
        var out = new StringBuilder(Machine.description()).append("""


                Nanoseconds per draw or log density, a million at a time (median ± half the distance of the quartiles); ratio within a round.

                | | Kiln | Kiln, fast key or jit | Commons | Commons / Kiln | Commons / Kiln, fast key or jit |
                |---|--:|--:|--:|--:|--:|
                """);
        for (Row row : rows()) {
            if (!wanted.test(row.name())) {
                continue;
            }
            System.err.println(row.name());
            SequencedMap<String, double[]> t = Forked.start("distribution", row.name());
            if (!t.isEmpty()) {
                double[] peer = Objects.requireNonNull(t.get(PEER));
                double[] plain = Objects.requireNonNull(t.get(PLAIN));
                double[] quick = Objects.requireNonNull(t.get(QUICK));
                out.append("| ").append(String.join(" | ", row.name(), Interleaved.spread(plain, 1.0 / N), Interleaved.spread(quick, 1.0 / N),
                        Interleaved.spread(peer, 1.0 / N), ratio(peer, plain), ratio(peer, quick))).append(" |\n");
            }
        }
        System.out.print(out);
    }

    /// {@return the tasks of a row by column}
    ///
    /// @param name its name
    static SequencedMap<String, Task> tasks(String name) {
        Row row = rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
        SequencedMap<String, Task> tasks = new LinkedHashMap<>();
        tasks.put(PEER, row.peer());
        tasks.put(PLAIN, row.plain());
        tasks.put(QUICK, row.quick());
        return tasks;
    }

    private static String ratio(double[] above, double[] below) {
        double[] ratios = new double[above.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = above[i] / below[i];
        }
        return Interleaved.significant(Interleaved.quantile(ratios, 0.5));
    }

    private static List<Row> rows() {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(42);
        List<Row> rows = new ArrayList<>();
        rows.add(draws("draws of Normal(0, 1)", new Normal(0, 1), ZigguratSampler.NormalizedGaussian.of(random)));
        rows.add(draws("draws of Gamma(2.5, 1)", new Gamma(2.5, 1), AhrensDieterMarsagliaTsangGammaSampler.of(random, 2.5, 1)));
        var poisson = PoissonSampler.of(random, 4.7);
        rows.add(draws("draws of Poisson(4.7)", new Poisson(4.7), poisson::sample));
        rows.add(densities("log p of Normal(0.3, 2)", new Normal(0.3, 2), NormalDistribution.of(0.3, 2)::logDensity));
        rows.add(densities("log p of LogNormal(0.3, 2)", new LogNormal(0.3, 2), LogNormalDistribution.of(0.3, 2)::logDensity));
        rows.add(densities("log p of Gamma(2.5, 0.7)", new Gamma(2.5, 0.7), GammaDistribution.of(2.5, 1 / 0.7)::logDensity));
        rows.add(densities("log p of Beta(2, 3.5)", new Beta(2, 3.5), BetaDistribution.of(2, 3.5)::logDensity));
        rows.add(densities("log p of Student's t(4)", new StudentT(4, 0, 1), TDistribution.of(4)::logDensity));
        rows.add(densities("log p of Cauchy(1, 2)", new Cauchy(1, 2), CauchyDistribution.of(1, 2)::logDensity));
        rows.add(densities("log p of Laplace(1, 2)", new Laplace(1, 2), LaplaceDistribution.of(1, 2)::logDensity));
        rows.add(densities("log p of Weibull(2, 1.7)", new Weibull(2, 1.7), WeibullDistribution.of(1.7, 2)::logDensity));
        rows.add(densities("log p of Exponential(0.5)", new Exponential(0.5), ExponentialDistribution.of(2)::logDensity));
        var counts = PoissonDistribution.of(4.7);
        rows.add(densities("log p of Poisson(4.7)", new Poisson(4.7), x -> counts.logProbability((int) x)));
        return rows;
    }

    private static Row draws(String name, Distribution kiln, ContinuousSampler commons) {
        return new Row(
                name,
                task(i -> kiln.sample(PRNGKey.key(i), Shape.of(N))),
                task(i -> kiln.sample(PRNGKey.fast(i), Shape.of(N))),
                task(_ -> {
                    double[] target = new double[N];
                    for (int k = 0; k < N; k++) {
                        target[k] = commons.sample();
                    }
                    return NDArray.wrap(Shape.of(N), target);
                }));
    }

    private static Row densities(String name, Distribution kiln, DoubleUnaryOperator commons) {
        NDArray x = kiln.sample(PRNGKey.key(3), Shape.of(N));
        double[] values = x.toDoubleArray();
        var jitted = Functions.jit((NDArray v) -> kiln.logProb(v));
        return new Row(
                name,
                task(_ -> kiln.logProb(x)),
                task(_ -> jitted.apply(x)),
                task(_ -> {
                    double[] target = new double[N];
                    for (int k = 0; k < N; k++) {
                        target[k] = commons.applyAsDouble(values[k]);
                    }
                    return NDArray.wrap(Shape.of(N), target);
                }));
    }

    /// The task of computing an array, again and again; the sizes of the results are looked at, so that they are computed.
    private static Task task(IntFunction<NDArray> compute) {
        return n -> {
            long size = 0;
            for (int i = 0; i < n; i++) {
                size += compute.apply(i).size();
            }
            return size / N;
        };
    }
}
