package kiln.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import kiln.array.DType;
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
/// and of Commons one number at a time, which is all it offers. Everybody's results go to a new array, and everybody reads the same numbers: a
/// copy of 8 MB for each would have them wait for memory and little else. For the same reason each column of Kiln is timed in turn with Commons
/// alone: a density that is not compiled leaves the caches full of its intermediate results.
public final class DistributionTable {
    private static final int N = 1_000_000;
    private static final int PROCESSES = 10;

    /// The quantile of Student's t that belongs to 95 % and so many processes.
    private static final double T95 = 2.262;

    private static final String PLAIN = "plain";
    private static final String QUICK = "quick";
    private static final String BESIDE = " peer";

    private DistributionTable() {}

    /// A row.
    ///
    /// @param name  what is done a million times
    /// @param plain Kiln: draws under a key of JAX, or a density as it comes
    /// @param quick Kiln: draws under a fast key, or a compiled density
    /// @param peer  Commons
    private record Row(String name, Task plain, Task quick, Task peer) {}

    /// Measures each row in ten processes of its own, row after row ten times, and prints the table. (Within one process the second row's density
    /// would turn the call in the loop over Commons' numbers into one of several, which is not inlined and not vectorised: three times slower. And
    /// where its arrays come to lie differs from process to process more than a row's time within one.)
    ///
    /// @param args names of rows, as patterns; none for all
    public static void main(String[] args) throws IOException, InterruptedException {
        var out = new StringBuilder(Machine.description()).append("""


                Nanoseconds per draw or log density, a million at a time (median of ten processes' medians ± half the distance of their quartiles);
                ratio within a round, geometric mean of the processes with its 95 % interval.

                | | Kiln | Kiln, fast key or jit | Commons | Commons / Kiln | Commons / Kiln, fast key or jit |
                |---|--:|--:|--:|--:|--:|
                """);
        List<String> names = rows().stream().map(Row::name).filter(Rows.of(args).wanted()).toList();
        SequencedMap<String, List<SequencedMap<String, double[]>>> runs = new LinkedHashMap<>();
        names.forEach(name -> runs.put(name, new ArrayList<>()));
        for (int process = 1; process <= PROCESSES; process++) {
            System.err.println(process + " of " + PROCESSES);
            for (String name : names) {
                SequencedMap<String, double[]> t = Forked.start("distribution", name);
                if (!t.isEmpty()) {
                    Objects.requireNonNull(runs.get(name)).add(t);
                }
            }
        }
        runs.forEach((name, of) -> {
            if (of.size() == PROCESSES) {
                out.append("| ").append(String.join(" | ", name, time(of, PLAIN), time(of, QUICK), time(of, QUICK + BESIDE), ratio(of, PLAIN), ratio(of, QUICK)))
                        .append(" |\n");
            }
        });
        System.out.print(out);
    }

    private static void pair(SequencedMap<String, double[]> columns, String name, Task kiln, Task peer) {
        double[][] samples = Interleaved.sample(List.of(peer, kiln), 0.6, 0.7);
        columns.put(name + BESIDE, samples[0]);
        columns.put(name, samples[1]);
    }

    private static String time(List<SequencedMap<String, double[]>> runs, String column) {
        return Interleaved.spread(
                runs.stream().mapToDouble(t -> Interleaved.quantile(Objects.requireNonNull(t.get(column)), 0.5)).toArray(), 1.0 / N);
    }

    /// {@return the samples of a row by column: each of Kiln and Commons in turn with it}
    ///
    /// @param name its name
    static SequencedMap<String, double[]> measure(String name) {
        Row row = rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
        SequencedMap<String, double[]> columns = new LinkedHashMap<>();
        pair(columns, QUICK, row.quick(), row.peer());
        pair(columns, PLAIN, row.plain(), row.peer());
        return columns;
    }

    /// Commons' time over that of a column.
    private static String ratio(List<SequencedMap<String, double[]>> runs, String column) {
        double[] logs = new double[runs.size()];
        for (int p = 0; p < logs.length; p++) {
            double[] peer = Objects.requireNonNull(runs.get(p).get(column + BESIDE));
            double[] kiln = Objects.requireNonNull(runs.get(p).get(column));
            double[] ratios = new double[peer.length];
            Arrays.setAll(ratios, i -> peer[i] / kiln[i]);
            logs[p] = Math.log(Interleaved.quantile(ratios, 0.5));
        }
        double mean = Arrays.stream(logs).average().orElseThrow();
        double square = Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum() / (logs.length - 1);
        double half = T95 * Math.sqrt(square / logs.length);
        return Interleaved.significant(Math.exp(mean)) + " (" + Interleaved.significant(Math.exp(mean - half)) + "–"
                + Interleaved.significant(Math.exp(mean + half)) + ")";
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
        double[] values = kiln.sample(PRNGKey.key(3), Shape.of(N)).astype(DType.FLOAT64).toDoubleArray();
        NDArray x = NDArray.wrap(Shape.of(N), values);
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
