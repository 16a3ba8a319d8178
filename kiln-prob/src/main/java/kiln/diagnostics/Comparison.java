package kiln.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;

/// Models in the order of how well they predict, with the differences to the best and the weights of averages.
///
/// ```
/// elpd_diff = Σ_i (elpd_i of the model − elpd_i of the best),   diff_se = √(n Var_i(differences))
/// ```
///
/// A difference below about 4, or below twice its error, tells nothing. `stacking` is the mixture that predicts best; `pseudo_bma` weighs the
/// models by their own merit ([LOO] section of `docs/diagnostics.md`).
///
/// Source: Vehtari, Gelman and Gabry (2017), section 2.4; Yao, Vehtari, Simpson and Gelman (2018).
///
/// @param rows the models, the best first
public record Comparison(List<Row> rows) {
    /// One model.
    ///
    /// @param name       its name
    /// @param elpd       expected log density of new data, in nats
    /// @param p          effective number of parameters
    /// @param elpdDiff   difference to the best model, ≤ 0; 0 for the best
    /// @param stacking   weight in the best mixture, in [0, 1]
    /// @param pseudoBMA  weight by merit, in [0, 1]
    /// @param unreliable number of observations whose Pareto `k` is above the limit
    public record Row(
            String name, Estimate elpd, Estimate p, Estimate elpdDiff, double stacking, double pseudoBMA, int unreliable) {}

    /// Copies the list.
    public Comparison {
        rows = List.copyOf(rows);
    }

    /// Compares models of the same observations.
    ///
    /// @param models at least one; name and criterion
    /// @throws IllegalArgumentException if there is no model, or they are not of the same number of observations
    public static Comparison of(SequencedMap<String, LOO> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("Comparison: there is no model to compare.");
        }
        int n = models.firstEntry().getValue().observations();
        models.forEach((name, loo) -> {
            if (loo.observations() != n) {
                throw new IllegalArgumentException("Comparison: the models are not of the same data.\n"
                        + "  Expected: " + n + " observations in every model, as in \"" + models.firstEntry().getKey() + "\"\n"
                        + "  Got:      " + loo.observations() + " in \"" + name + "\"\n"
                        + "  Fix:      compute the log likelihood of the same observations for all of them.");
            }
        });
        List<String> names = models.keySet().stream()
                .sorted(Comparator.comparingDouble((String name) -> -loo(models, name).elpd().value())).toList();
        double[][] elpd = names.stream().map(name -> loo(models, name).elpdPointwise()).toArray(double[][]::new);
        double[] stacking = Stacking.weights(elpd);
        double[] pseudo = PseudoBMA.weights(elpd);
        List<Row> rows = new ArrayList<>();
        for (int k = 0; k < elpd.length; k++) {
            LOO loo = loo(models, names.get(k));
            double[] difference = new double[n];
            for (int i = 0; i < n; i++) {
                difference[i] = elpd[k][i] - elpd[0][i];
            }
            rows.add(new Row(names.get(k), loo.elpd(), loo.p(), Estimate.sumOf(difference), stacking[k], pseudo[k],
                    loo.unreliable().length));
        }
        return new Comparison(rows);
    }

    private static LOO loo(SequencedMap<String, LOO> models, String name) {
        return java.util.Objects.requireNonNull(models.get(name));
    }

    /// The table, one line for each model.
    @Override
    public String toString() {
        int width = rows.stream().mapToInt(r -> r.name().length()).reduce(8, Math::max);
        var text = new StringBuilder("\n" + " ".repeat(width)
                + "      elpd        se     p_loo elpd_diff   diff_se  stacking pseudo_bma  bad k\n");
        for (Row r : rows) {
            text.append(Text.right(r.name(), width));
            for (double v : new double[] {r.elpd().value(), r.elpd().se(), r.p().value(), r.elpdDiff().value(), r.elpdDiff().se(),
                r.stacking()}) {
                text.append(Text.right(Text.decimals(v, 2), 10));
            }
            text.append(Text.right(Text.decimals(r.pseudoBMA(), 2), 11)).append(Text.right("" + r.unreliable(), 7)).append('\n');
        }
        return text.append('\n').toString();
    }
}
