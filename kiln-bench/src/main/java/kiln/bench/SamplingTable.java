package kiln.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import kiln.array.PRNGKey;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.NUTS;
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
    private SamplingTable() {}

    /// What Stan took in all, for how many effective draws, and these per gradient after the warm-up; NaN where it was not measured.
    private record Stan(double seconds, double ess, double essPerGradient) {
        static final Stan NONE = new Stan(Double.NaN, Double.NaN, Double.NaN);

        double essPerSecond() {
            return ess / seconds;
        }
    }

    /// Measures and prints the table.
    ///
    /// @param args names of posteriors, as patterns; none for all
    public static void main(String[] args) throws IOException {
        Rows rows = Rows.of(args);
        Map<String, Stan> stan = stan();
        Map<String, List<MeasuredRun>> measured = new LinkedHashMap<>();
        for (Problem problem : Posteriordb.all()) {
            if (rows.wanted().test(problem.name())) {
                System.err.println(problem.name());
                long begin = System.nanoTime();
                PosteriorDensity target = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
                double compiling = (System.nanoTime() - begin) * 1e-9;
                MeasuredRun first = run(problem, target, 1).after(compiling);
                measured.put(problem.name(), List.of(first, run(problem, target, 2)));
            }
        }
        System.out.print(table(measured, stan));
    }

    private static MeasuredRun run(Problem problem, PosteriorDensity target, long key) {
        return MeasuredRun.of(problem.name(), target, new NUTS(), ChainStart.DEFAULT, key);
    }

    private static String table(Map<String, List<MeasuredRun>> measured, Map<String, Stan> stan) {
        var out = new StringBuilder(Machine.description()).append("""


                4 × (1000 + 1000) on one thread; smallest bulk ESS of all coordinates. Gradients: all of the run. ESS / gradient: those after the
                warm-up. First: the first run of the model in a JVM that is up, tracing and compiling included; again: the second run.
                P(R̂ > 1.01): at most so many runs of chains that sample the posterior, with effective draws as in the run of this R̂, have some coordinate above.

                | posterior | d | gradients | ESS | ESS / gradient | Stan | ratio | s, first | s, again | ESS / s, first | ESS / s, again | Stan | first / Stan | again / Stan | R̂ | P(R̂ > 1.01) | divergences |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        List<double[]> ratios = new ArrayList<>();
        measured.forEach((name, runs) -> {
            MeasuredRun first = runs.getFirst();
            MeasuredRun again = runs.getLast();
            Stan s = stan.getOrDefault(name, Stan.NONE);
            MeasuredRun worst = first.rhat() > again.rhat() ? first : again;
            double[] ratio = {mean(runs, MeasuredRun::essPerGradient) / s.essPerGradient(), first.essPerSecond() / s.essPerSecond(),
                again.essPerSecond() / s.essPerSecond()};
            if (!Double.isNaN(ratio[0])) {
                ratios.add(ratio);
            }
            out.append("| ").append(String.join(" | ", name, Integer.toString(first.dimension()), "%,d".formatted(again.gradients()),
                    "%.0f".formatted(mean(runs, MeasuredRun::ess)), number(mean(runs, MeasuredRun::essPerGradient)), number(s.essPerGradient()), number(ratio[0]),
                    number(first.seconds()), number(again.seconds()), number(first.essPerSecond()), number(again.essPerSecond()),
                    number(s.essPerSecond()), number(ratio[1]), number(ratio[2]),
                    "%.3f".formatted(worst.rhat()), "%.2g".formatted(worst.byChance()), first.divergences() + ", " + again.divergences())).append(" |\n");
        });
        return out.append("| geometric mean | | | | | | %s | | | | | | %s | %s | | | |%n".formatted(
                        number(mean(ratios, 0)), number(mean(ratios, 1)), number(mean(ratios, 2))))
                .toString();
    }

    private static double mean(List<MeasuredRun> runs, ToDoubleFunction<MeasuredRun> f) {
        return Interleaved.geometricMean(runs.stream().mapToDouble(f));
    }

    private static double mean(List<double[]> ratios, int column) {
        return Interleaved.geometricMean(ratios.stream().mapToDouble(r -> r[column]));
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
