package kiln.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import kiln.array.PRNGKey;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.AdaptiveSampler;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.MetricAdaptation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.WALNUTS;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;

/// `./kiln bench warmup [--keys N] [posterior…]`: warm-ups on the posteriors of posteriordb, beside that of Stan, the table of `docs/warmup.md`.
///
/// Gradients are counted, no times are measured: what else the machine does makes no difference.
public final class WarmupTable {
    private static final int KEYS = 3;

    /// Run only when named: a run of Stan's way has a million gradients of 0.1 ms and more.
    private static final Set<String> DEAR = Set.of("election88-election88_full");

    private WarmupTable() {}

    /// A warm-up that is measured.
    private enum Way {
        STAN,
        DEFAULT,
        AS_WRITTEN,
        DIAGONAL,
        WALNUTS;

        AdaptiveSampler<?> sampler() {
            return switch (this) {
                case STAN -> new NUTS().metricAdaptation(MetricAdaptation.VARIANCE).centering(Centering.AS_WRITTEN);
                case DEFAULT -> new NUTS();
                case AS_WRITTEN -> new NUTS().centering(Centering.AS_WRITTEN);
                case DIAGONAL -> new NUTS().metricAdaptation(MetricAdaptation.FISHER_DIAGONAL);
                case WALNUTS -> new WALNUTS();
            };
        }

        ChainStart start() {
            return this == STAN ? new ChainStart.Uniform() : ChainStart.DEFAULT;
        }
    }

    /// The runs of a posterior, by way and key.
    private record Measured(Map<Way, List<MeasuredRun>> runs) {
        double mean(Way way, ToDoubleFunction<MeasuredRun> f) {
            return Interleaved.geometricMean(of(way).stream().mapToDouble(f));
        }

        List<MeasuredRun> of(Way way) {
            return Objects.requireNonNull(runs.get(way));
        }

        double ratio(Way way, ToDoubleFunction<MeasuredRun> f) {
            return mean(way, f) / mean(Way.STAN, f);
        }

        double worst(Way way) {
            return of(way).stream().mapToDouble(MeasuredRun::rhat).max().orElseThrow();
        }

        int divergences(Way way) {
            return of(way).stream().mapToInt(MeasuredRun::divergences).sum();
        }
    }

    /// Measures and prints the table, row by row.
    ///
    /// @param args `--keys N`, then names of posteriors, as patterns; none for all but the dearest
    public static void main(String[] args) {
        Rows rows = Rows.withKeys(KEYS, args);
        System.out.print(Machine.description() + """


                4 × (1000 + 1000); the smallest bulk ESS of all unconstrained coordinates per gradient after the warm-up, geometric mean of keys 1 to %d; where it says so, per gradient of the whole run.
                As Stan: NUTS with windows and variances, uniform starts, the model as written. Default: `NUTS` as it comes. The last three columns are the default with one thing changed:
                hierarchies in the coordinates of the model as written (the default's figure where there is none), a diagonal metric, `WALNUTS`. Ratios are to the column as Stan.

                | posterior | as Stan | R̂, worst key | divergences | default | R̂, worst key | divergences | ratio | ratio, whole run | as written, ratio | `FISHER_DIAGONAL`, ratio | `WALNUTS`, ratio |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """.formatted(rows.keys()));
        List<Measured> all = new ArrayList<>();
        for (Problem problem : Posteriordb.all()) {
            if (rows.wanted().test(problem.name()) && (rows.named() || !DEAR.contains(problem.name()))) {
                Measured m = measure(problem, rows.keys());
                all.add(m);
                System.out.println("| " + String.join(" | ", problem.name(),
                        Interleaved.significant(m.mean(Way.STAN, MeasuredRun::essPerGradient)), "%.3f".formatted(m.worst(Way.STAN)), Integer.toString(m.divergences(Way.STAN)),
                        Interleaved.significant(m.mean(Way.DEFAULT, MeasuredRun::essPerGradient)), "%.3f".formatted(m.worst(Way.DEFAULT)), Integer.toString(m.divergences(Way.DEFAULT)),
                        ratios(List.of(m))) + " |");
            }
        }
        System.out.println("| geometric mean | | | | | | | " + ratios(all) + " |");
    }

    /// The geometric means of the ratios of some posteriors, as cells.
    private static String ratios(List<Measured> of) {
        List<String> cells = new ArrayList<>();
        cells.add(ratio(of, Way.DEFAULT, MeasuredRun::essPerGradient));
        cells.add(ratio(of, Way.DEFAULT, MeasuredRun::essPerGradientOfAll));
        for (Way way : List.of(Way.AS_WRITTEN, Way.DIAGONAL, Way.WALNUTS)) {
            cells.add(ratio(of, way, MeasuredRun::essPerGradient));
        }
        return String.join(" | ", cells);
    }

    private static String ratio(List<Measured> of, Way way, ToDoubleFunction<MeasuredRun> f) {
        return "%.2f".formatted(Interleaved.geometricMean(of.stream().mapToDouble(m -> m.ratio(way, f))));
    }

    private static Measured measure(Problem problem, int keys) {
        PosteriorDensity target = PosteriorDensity.of(problem.model(), PRNGKey.key(0));
        Map<Way, List<MeasuredRun>> runs = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            if (way == Way.AS_WRITTEN && target.hierarchical().isEmpty()) {
                runs.put(way, Objects.requireNonNull(runs.get(Way.DEFAULT)));
                continue;
            }
            System.err.println(problem.name() + " " + way);
            runs.put(way, LongStream.rangeClosed(1, keys)
                    .mapToObj(key -> MeasuredRun.of(problem.name(), target, way.sampler(), way.start(), key))
                    .toList());
        }
        return new Measured(runs);
    }
}
