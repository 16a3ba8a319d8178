package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import kiln.diagnostics.RankScores;

/// How well the chains agree so far: the worst quantities of a run.
///
/// @param draws    draws of each chain that were looked at
/// @param rHat     largest rank-normalised split R̂; NaN if a quantity has none
/// @param rHatOf   the quantity it belongs to
/// @param ess      smallest bulk effective sample size; NaN if a quantity has none
/// @param essOf    the quantity it belongs to
/// @param looked   quantities looked at
/// @param elements quantities there are
public record Convergence(int draws, double rHat, String rHatOf, double ess, String essOf, int looked, int elements) {
    /// One element of a site.
    private record Element(int column, int index, String label) {}

    /// Looks at the first draws of all chains.
    ///
    /// An element that never moves is left out if another one of its site does (the diagonal of a correlation matrix), or if it is a
    /// whole number.
    ///
    /// @param most looks at so many quantities at most, evenly spread
    /// @return the worst ones; empty if there is nothing to look at
    static Optional<Convergence> of(DrawHistory history, int draws, int most) {
        List<Element> all = elements(history);
        if (all.isEmpty() || draws < 4) {
            return Optional.empty();
        }
        int looked = Math.min(most, all.size());
        double rHat = Double.NEGATIVE_INFINITY;
        double ess = Double.POSITIVE_INFINITY;
        String rHatOf = "";
        String essOf = "";
        List<Element> still = new ArrayList<>();
        List<Integer> moving = new ArrayList<>();
        int number = -1;
        IntFunction<double[][]> column = _ -> new double[0][];
        for (int i = 0; i < looked; i++) {
            Element e = all.get((int) ((long) i * all.size() / looked));
            if (e.column != number) {
                number = e.column;
                column = history.column(number, draws);
            }
            double[][] x = column.apply(e.index);
            if (isConstant(x)) {
                still.add(e);
                continue;
            }
            moving.add(e.column);
            RankScores scores = RankScores.of(x);
            double r = scores.rhat();
            double n = scores.essBulk();
            if (!(r <= rHat)) {
                rHat = r;
                rHatOf = e.label;
            }
            if (!(n >= ess)) {
                ess = n;
                essOf = e.label;
            }
            if (Double.isNaN(r) || Double.isNaN(n)) {
                return Optional.of(new Convergence(draws, r, e.label, n, e.label, i + 1, all.size()));
            }
        }
        for (Element e : still) {
            if (history.isFloating(e.column) && !moving.contains(e.column)) {
                return Optional.of(new Convergence(draws, Double.NaN, e.label, Double.NaN, e.label, looked, all.size()));
            }
        }
        return moving.isEmpty() ? Optional.empty()
                : Optional.of(new Convergence(draws, rHat, rHatOf, ess, essOf, looked, all.size()));
    }

    private static List<Element> elements(DrawHistory history) {
        List<Element> out = new ArrayList<>();
        for (int column : history.randomVariables()) {
            List<String> labels = history.labels(column);
            for (int e = 0; e < labels.size(); e++) {
                out.add(new Element(column, e, labels.get(e)));
            }
        }
        return Collections.unmodifiableList(out);
    }

    private static boolean isConstant(double[][] x) {
        for (double[] chain : x) {
            for (double v : chain) {
                if (v != x[0][0]) {
                    return false;
                }
            }
        }
        return true;
    }

    /// {@return whether a stop rule is content}
    boolean satisfies(StopRule rule) {
        return rHat < rule.rHat() && ess > rule.ess();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "R-hat up to %.3f (%s)  ESS from %.0f (%s)  %d draws", rHat, rHatOf, ess, essOf, draws)
                + (looked < elements ? "  " + looked + " of " + elements + " quantities" : "");
    }
}
