package kiln.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kiln.array.PRNGKey;
import kiln.infer.Posterior;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.ChainStart;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.MetricAdaptation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.posteriordb.Posteriordb;
import kiln.posteriordb.Problem;
import kiln.posteriordb.ReferenceComparison;
import kiln.posteriordb.ReferenceComparison.Estimate;

/// `./kiln bench reliability [--keys N] [posterior…]`: what runs with other keys say of the posteriors of posteriordb, NUTS with its defaults beside NUTS as Stan
/// has it: windows and variances, uniform starts, hierarchies as written. 4 × (1000 + 1000).
public final class ReliabilityTable {
    private static final int KEYS = 10;

    /// Of an exact sampler, in standard errors.
    private static final double FAR = 4;

    private static final double FAR_BY_CHANCE = 6.3e-5;

    private ReliabilityTable() {}

    private record Run(ReferenceComparison comparison, int divergences) {}

    /// Measures and prints the table.
    ///
    /// @param args `--keys N`, then names of posteriors, as patterns; none for all
    public static void main(String[] args) {
        Rows rows = Rows.withKeys(KEYS, args);
        int keys = rows.keys();
        System.out.print(Machine.description() + """


                NUTS, 4 × (1000 + 1000), keys 1 to %d. R̂: the largest of a run; by chance: so many runs above 1.01 at most, were all chains to sample the posterior, with effective
                draws as in these runs. Far: means and standard deviations (of K_m and V_m quantiles) more than %.0f combined standard errors from the reference draws of posteriordb; by chance:
                %.1g of all comparisons. Together: the farthest average over all keys, in combined standard errors.

                | posterior | sampler | R̂ > 1.01 | by chance | R̂ > 1.05 | far | by chance | farthest | together | divergences | runs with any |
                |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """.formatted(keys, FAR, FAR_BY_CHANCE));
        for (Problem problem : Posteriordb.all()) {
            if (rows.wanted().test(problem.name())) {
                var nuts = new NUTS(problem.model());
                print(problem, "default", new MCMC(nuts), keys);
                print(problem, "as Stan", new MCMC(nuts.metricAdaptation(MetricAdaptation.VARIANCE).centering(Centering.AS_WRITTEN)).chainStart(new ChainStart.Uniform()), keys);
            }
        }
    }

    private static void print(Problem problem, String sampler, MCMC mcmc, int keys) {
        List<Run> runs = new ArrayList<>();
        for (int key = 1; key <= keys; key++) {
            Posterior posterior = mcmc.progress(ProgressListener.NONE).run(PRNGKey.key(key));
            runs.add(new Run(ReferenceComparison.of(problem, posterior), Arrays.stream(posterior.divergences()).sum()));
        }
        List<Estimate> all = runs.stream().flatMap(r -> r.comparison.estimates().stream()).toList();
        List<Estimate> together = ReferenceComparison.together(runs.stream().map(Run::comparison).toList());
        System.out.println("| " + String.join(" | ", problem.name(), sampler,
                Long.toString(above(runs, 1.01)),
                "%.2g".formatted(runs.stream().mapToDouble(r -> r.comparison.byChance()).sum()),
                Long.toString(above(runs, 1.05)),
                all.isEmpty() ? "–" : Long.toString(all.stream().filter(e -> !(Math.abs(e.distance()) < FAR)).count()),
                all.isEmpty() ? "–" : "%.2g".formatted(FAR_BY_CHANCE * all.size()),
                farthest(all.stream()), farthest(together.stream()),
                Integer.toString(runs.stream().mapToInt(Run::divergences).sum()),
                Long.toString(runs.stream().filter(r -> r.divergences > 0).count())) + " |");
    }

    private static long above(List<Run> runs, double limit) {
        return runs.stream().filter(r -> !(r.comparison.rhat() < limit)).count();
    }

    private static String farthest(Stream<Estimate> estimates) {
        double most = estimates.mapToDouble(e -> Math.abs(e.distance())).max().orElse(Double.NaN);
        return Double.isNaN(most) ? "–" : "%.1f".formatted(most);
    }
}
