package kiln.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kiln.array.PRNGKey;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.Rhat;
import kiln.infer.CountedDensity;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.CenteringPilot;
import kiln.infer.mcmc.ChainDraws;
import kiln.infer.mcmc.ChainRandom;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.Initialisation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ParallelChains;
import kiln.infer.mcmc.Statistic;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// `./kiln bench sampling`: NUTS with its defaults on every posterior of posteriordb, 4 × (1000 + 1000) one chain after the other, beside Stan's figures.
///
/// The smallest bulk ESS over all unconstrained coordinates of the model as written; gradients counted at the density, those of the climbs before the
/// start, of the choice of coordinates and of the searches for a step size included. A posterior is sampled twice, with different keys: the first run has the time from the model to
/// its compiled density in it, and HotSpot compiling what it runs; the second has neither. The start of the JVM is in neither.
///
/// Stan's columns (`peers-sampling.csv`) were measured once, on another machine: ratios of times are sizes, ratios of gradients are not
/// affected.
public final class SamplingTable {
    private static final int CHAINS = 4;
    private static final int ITERATIONS = 1000;

    private SamplingTable() {}

    /// What Stan took in all, for how many effective draws, and these per gradient after the warm-up; NaN where it was not measured.
    private record Stan(double seconds, double ess, double essPerGradient) {
        static final Stan NONE = new Stan(Double.NaN, Double.NaN, Double.NaN);

        double essPerSecond() {
            return ess / seconds;
        }
    }

    private record Run(int dimension, double seconds, long gradients, long warmGradients, double ess, double rhat, double byChance, int divergences) {
        double essPerSecond() {
            return ess / seconds;
        }

        double essPerGradient() {
            return ess / (gradients - warmGradients);
        }
    }

    /// Measures and prints the table.
    ///
    /// @param args names of posteriors, as patterns; none for all
    public static void main(String[] args) throws IOException {
        Predicate<String> wanted =
                args.length == 0 ? _ -> true : Pattern.compile(String.join("|", args)).asPredicate();
        Map<String, Stan> stan = stan();
        Map<String, List<Run>> measured = new LinkedHashMap<>();
        for (Problem problem : Posteriordb.all()) {
            if (wanted.test(problem.name())) {
                System.err.println(problem.name());
                long begin = System.nanoTime();
                PosteriorDensity target = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
                Run first = run(problem, target, 1, begin);
                measured.put(problem.name(), List.of(first, run(problem, target, 2, System.nanoTime())));
            }
        }
        System.out.print(table(measured, stan));
    }

    private static Run run(Problem problem, PosteriorDensity target, long key, long begin) {
        var written = new CountedDensity(target);
        PRNGKey[] keys = PRNGKey.key(key).split(CHAINS);
        double[][] positions = new double[CHAINS][];
        long[] seeds = new long[CHAINS];
        for (int c = 0; c < CHAINS; c++) {
            PRNGKey[] own = keys[c].split();
            positions[c] = start(problem, written, new ChainRandom(own[0].bits()));
            seeds[c] = own[1].bits();
        }
        CenteringPilot.Adapted adapted = CenteringPilot.DEFAULT.adapt(target, positions[0], PRNGKey.key(key).foldIn(CHAINS).bits(), () -> false);
        PosteriorDensity chosen = adapted.density();
        var density = new CountedDensity(chosen);
        ChainDraws draws = new ParallelChains()
                .numChains(CHAINS)
                .numSamples(ITERATIONS)
                .threads(1)
                .keep(EnumSet.of(Statistic.NUM_STEPS))
                .run(new NUTS(), density, Arrays.stream(positions).map(chosen::ofWritten).toArray(double[][]::new), seeds, ITERATIONS);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        double[][][] q = new double[CHAINS][ITERATIONS][];
        for (int c = 0; c < CHAINS; c++) {
            for (int i = 0; i < ITERATIONS; i++) {
                q[c][i] = chosen.written(draws.position(c, i));
            }
        }
        double ess = Double.POSITIVE_INFINITY;
        double rhat = 0;
        double byChance = 0;
        for (int i = 0; i < target.dimension(); i++) {
            int k = i;
            double[][] x = Arrays.stream(q).map(chain -> Arrays.stream(chain).mapToDouble(at -> at[k]).toArray()).toArray(double[][]::new);
            ess = Math.min(ess, EffectiveSampleSize.essBulk(x));
            rhat = Math.max(rhat, Rhat.rhat(x));
            byChance += Rhat.falseAlarm(1.01, x);
        }
        long steps = (long) Arrays.stream(draws.statistic(Statistic.NUM_STEPS)).flatMapToDouble(Arrays::stream).sum();
        long gradients = written.count() + adapted.gradients() + density.count();
        return new Run(target.dimension(), seconds, gradients, gradients - steps, ess, rhat, Math.min(byChance, 1), Arrays.stream(draws.divergences()).sum());
    }

    private static double[] start(Problem problem, LogDensity density, ChainRandom random) {
        return switch (ChainStart.DEFAULT.find(density, random)) {
            case Initialisation.Found found -> found.position();
            case Initialisation.Failed failed -> throw new IllegalStateException(problem + ": no start in " + failed.tries() + " tries");
        };
    }

    private static String table(Map<String, List<Run>> measured, Map<String, Stan> stan) {
        var out = new StringBuilder(Machine.description()).append("""


                4 × (1000 + 1000) on one thread; smallest bulk ESS of all coordinates. Gradients: all of the run. ESS / gradient: those after the
                warm-up. First: the first run of the model in a JVM that is up, tracing and compiling included; again: the second run.
                P(R̂ > 1.01): at most so many runs of chains that sample the posterior, with effective draws as in the run of this R̂, have some coordinate above.

                | posterior | d | gradients | ESS | ESS / gradient | Stan | ratio | s, first | s, again | ESS / s, first | ESS / s, again | Stan | first / Stan | again / Stan | R̂ | P(R̂ > 1.01) | divergences |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        List<double[]> ratios = new ArrayList<>();
        measured.forEach((name, runs) -> {
            Run first = runs.getFirst();
            Run again = runs.getLast();
            Stan s = stan.getOrDefault(name, Stan.NONE);
            Run worst = first.rhat() > again.rhat() ? first : again;
            double[] ratio = {mean(runs, Run::essPerGradient) / s.essPerGradient(), first.essPerSecond() / s.essPerSecond(),
                again.essPerSecond() / s.essPerSecond()};
            if (!Double.isNaN(ratio[0])) {
                ratios.add(ratio);
            }
            out.append("| ").append(String.join(" | ", name, Integer.toString(first.dimension()), "%,d".formatted(again.gradients()),
                    "%.0f".formatted(mean(runs, Run::ess)), number(mean(runs, Run::essPerGradient)), number(s.essPerGradient()), number(ratio[0]),
                    number(first.seconds()), number(again.seconds()), number(first.essPerSecond()), number(again.essPerSecond()),
                    number(s.essPerSecond()), number(ratio[1]), number(ratio[2]),
                    "%.3f".formatted(worst.rhat()), "%.2g".formatted(worst.byChance()), first.divergences() + ", " + again.divergences())).append(" |\n");
        });
        return out.append("| geometric mean | | | | | | %s | | | | | | %s | %s | | | |%n".formatted(
                        number(geometricMean(ratios, 0)), number(geometricMean(ratios, 1)), number(geometricMean(ratios, 2))))
                .toString();
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> f) {
        return Math.sqrt(f.applyAsDouble(runs.getFirst()) * f.applyAsDouble(runs.getLast()));
    }

    private static double geometricMean(List<double[]> ratios, int column) {
        return Math.exp(ratios.stream().mapToDouble(r -> Math.log(r[column])).average().orElse(Double.NaN));
    }

    private static String number(double x) {
        return Double.isNaN(x) ? "–" : Interleaved.significant(x);
    }

    private static Map<String, Stan> stan() throws IOException {
        try (InputStream in = Objects.requireNonNull(SamplingTable.class.getResourceAsStream("peers-sampling.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .collect(Collectors.toMap(cells -> cells[0], cells -> new Stan(
                            Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3]))));
        }
    }
}
