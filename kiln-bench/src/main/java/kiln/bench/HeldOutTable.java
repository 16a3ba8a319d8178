package kiln.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import kiln.array.PRNGKey;
import kiln.bench.heldout.HeldOut;
import kiln.infer.PosteriorDensity;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.NUTS;

/// `./kiln bench heldout [--keys N] [model…]`: the coordinates that hierarchies choose beside those of the model as written, on models that nothing was chosen by, the
/// table of `docs/hierarchies.md`.
///
/// Every data set is sampled twice by each, taking turns; the second run is timed, when HotSpot has compiled what it runs. Both runs have the same draws.
public final class HeldOutTable {
    private static final int DATA_SETS = 4;

    private HeldOutTable() {}

    /// The runs of a data set.
    private record Pair(MeasuredRun written, MeasuredRun chosen) {
        double ratio(ToDoubleFunction<MeasuredRun> f) {
            return f.applyAsDouble(chosen) / f.applyAsDouble(written);
        }
    }

    /// Measures and prints the table, row by row.
    ///
    /// @param args `--keys N` for the data sets 1 to N, then names of models, as patterns; none for all
    public static void main(String[] args) {
        Rows rows = Rows.withKeys(DATA_SETS, args);
        System.out.print(Machine.description() + """


                NUTS, 4 × (1000 + 1000), data sets 1 to %d, the number being the key of the run as well. As written: `centering(Centering.AS_WRITTEN)`. Default: as it comes. The smallest bulk ESS of all unconstrained coordinates of
                the model as written per gradient after the warm-up, and per second of processor time of the whole run, the choice of coordinates included; geometric means, and of the ratios the range.

                | model | d | as written | default | ratio (range) | per second of processor time (range) | R̂, worst: as written, default | divergences: as written, default |
                |---|--:|--:|--:|--:|--:|--:|--:|
                """.formatted(rows.keys()));
        List<Pair> all = new ArrayList<>();
        for (HeldOut model : HeldOut.all()) {
            if (rows.wanted().test(model.name())) {
                List<Pair> pairs = new ArrayList<>();
                for (int dataSet = 1; dataSet <= rows.keys(); dataSet++) {
                    pairs.add(measure(model, dataSet));
                }
                all.addAll(pairs);
                System.out.println("| " + String.join(" | ", model.name(), Integer.toString(pairs.getFirst().written.dimension()),
                        Interleaved.significant(mean(pairs, p -> p.written.essPerGradient())), Interleaved.significant(mean(pairs, p -> p.chosen.essPerGradient())),
                        ratios(pairs, MeasuredRun::essPerGradient), ratios(pairs, MeasuredRun::essPerProcessorSecond),
                        "%.3f, %.3f".formatted(worst(pairs, p -> p.written.rhat()), worst(pairs, p -> p.chosen.rhat())),
                        pairs.stream().mapToInt(p -> p.written.divergences()).sum() + ", " + pairs.stream().mapToInt(p -> p.chosen.divergences()).sum()) + " |");
            }
        }
        System.out.println("| geometric mean | | | | %.2f | %.2f | | |".formatted(
                mean(all, p -> p.ratio(MeasuredRun::essPerGradient)), mean(all, p -> p.ratio(MeasuredRun::essPerProcessorSecond))));
    }

    private static double mean(List<Pair> pairs, ToDoubleFunction<Pair> f) {
        return Interleaved.geometricMean(pairs.stream().mapToDouble(f));
    }

    private static double worst(List<Pair> pairs, ToDoubleFunction<Pair> f) {
        return pairs.stream().mapToDouble(f).max().orElseThrow();
    }

    private static String ratios(List<Pair> pairs, ToDoubleFunction<MeasuredRun> f) {
        double[] ratios = pairs.stream().mapToDouble(p -> p.ratio(f)).toArray();
        return "%.2f (%.2f–%.2f)".formatted(mean(pairs, p -> p.ratio(f)), Interleaved.quantile(ratios, 0), Interleaved.quantile(ratios, 1));
    }

    private static Pair measure(HeldOut model, int dataSet) {
        PosteriorDensity target = PosteriorDensity.of(model.on(dataSet), PRNGKey.key(0));
        Pair first = new Pair(run(model, target, true, dataSet), run(model, target, false, dataSet));
        Pair again = new Pair(run(model, target, true, dataSet), run(model, target, false, dataSet));
        if (first.written.ess() != again.written.ess() || first.chosen.ess() != again.chosen.ess()) {
            throw new IllegalStateException(model.name() + ": two runs with the same key differ");
        }
        return again;
    }

    private static MeasuredRun run(HeldOut model, PosteriorDensity target, boolean isWritten, int key) {
        var nuts = new NUTS();
        return MeasuredRun.of(model.name(), target, isWritten ? nuts.centering(Centering.AS_WRITTEN) : nuts, ChainStart.DEFAULT, key);
    }
}
