package kiln.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The table of a posterior: one row per element of each site with location, spread, interval and the two convergence numbers.
///
/// Columns as in NumPyro's `print_summary`, whose layout [#toString] reproduces: `mean`, `std` (divisor n − 1), `median`, the limits
/// of the highest density interval under headings in percent, `n_eff`, `r_hat`. Differs from NumPyro in the last two, which are the
/// better estimators: bulk ESS ([EffectiveSampleSize#essBulk]) and rank-normalised split R̂ ([Rhat#rhat]).
///
/// @param prob probability of the interval, in (0, 1)
/// @param rows rows in the order of the sites, elements row-major
public record Summary(double prob, List<Row> rows) {
    private static final int MIN_NAME_WIDTH = 10;

    /// One scalar quantity.
    ///
    /// @param label  `name`, `name[0]`, `name[1,2]`
    /// @param mean   mean of all draws
    /// @param std    standard deviation of all draws, divisor n − 1
    /// @param median median of all draws
    /// @param lower  lower limit of the highest density interval
    /// @param upper  upper limit of the highest density interval
    /// @param nEff   bulk effective sample size, in draws; NaN if it does not exist
    /// @param rHat   rank-normalised split R̂; NaN if it does not exist
    public record Row(String label, double mean, double std, double median, double lower, double upper, double nEff, double rHat) {
        static Row of(String label, double[][] x, double prob) {
            double[] all = Chains.pooled(x);
            double mean = Moments.mean(all);
            double std = Moments.std(all);
            Arrays.sort(all);
            Hpdi interval = Hpdi.ofSorted(all, prob);
            RankScores scores = RankScores.of(x);
            return new Row(label, mean, std, Quantile.ofSorted(all, 0.5), interval.lower(), interval.upper(),
                    scores.essBulk(), scores.rhat());
        }

        private String text(int width) {
            return String.format(Locale.ROOT, "%" + width + "s", label)
                    + cell(mean) + cell(std) + cell(median) + cell(lower) + cell(upper) + cell(nEff) + cell(rHat);
        }
    }

    /// @throws IllegalArgumentException if `prob` is outside (0, 1)
    public Summary {
        check(prob);
        rows = List.copyOf(rows);
    }

    private static void check(double prob) {
        if (!(prob > 0 && prob < 1)) {
            throw new IllegalArgumentException("Summary: prob must lie in (0, 1).\n  Got:      " + prob);
        }
    }

    /// The rows of all sites.
    ///
    /// @param draws at least one draw per chain
    /// @param prob  probability of the interval, in (0, 1); NumPyro's default is 0.9
    /// @throws IllegalArgumentException if there are no draws, or `prob` is outside (0, 1)
    public static Summary of(Draws draws, double prob) {
        check(prob);
        if (draws.draws() == 0) {
            throw new IllegalArgumentException("Summary: there are no draws.\n  Expected: at least one draw of each chain\n"
                    + "  Got:      " + draws.chains() + " chains of 0 draws\n"
                    + "  Fix:      keep some draws: numSamples above 0, and not below thinning; after a warm-up alone, run(posterior.lastState()).");
        }
        List<Row> rows = new ArrayList<>();
        for (String name : draws.names()) {
            List<String> labels = draws.labels(name);
            for (int e = 0; e < labels.size(); e++) {
                rows.add(Row.of(labels.get(e), draws.element(name, e), prob));
            }
        }
        return new Summary(prob, rows);
    }

    /// The row of a quantity.
    ///
    /// @param label `name`, `name[0]`, `name[1,2]`
    /// @throws IllegalArgumentException if there is no such row
    public Row row(String label) {
        return rows.stream().filter(r -> r.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Summary: there is no row \"" + label + "\".\n"
                        + "  Expected: one of " + rows.stream().map(Row::label).toList()));
    }

    /// NumPyro's text: an empty line, the heading, the rows, an empty line.
    ///
    /// The name column is right aligned and as wide as the longest label (a scalar counts two more, for the brackets it does not
    /// have), at least 10; seven columns of width 9 with two decimals follow, a space before each.
    @Override
    public String toString() {
        int width = rows.stream().mapToInt(r -> r.label().length() + (r.label().endsWith("]") ? 0 : 2))
                .reduce(MIN_NAME_WIDTH, Math::max);
        List<String> heads = List.of("mean", "std", "median", percent(50 * (1 - prob)), percent(50 * (1 + prob)), "n_eff", "r_hat");
        String heading = " ".repeat(width) + heads.stream().map(h -> String.format(Locale.ROOT, " %9s", h)).collect(Collectors.joining());
        return "\n" + heading + "\n" + rows.stream().map(r -> r.text(width) + "\n").collect(Collectors.joining()) + "\n";
    }

    private static String percent(double v) {
        return String.format(Locale.ROOT, "%.1f%%", v);
    }

    private static String cell(double v) {
        return String.format(Locale.ROOT, " %9s", Text.decimals(v, 2));
    }
}
