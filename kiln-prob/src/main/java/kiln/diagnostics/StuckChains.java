package kiln.diagnostics;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/// Finds chains that stay in a place of their own: the means of two groups of chains are further apart than the chains are wide.
///
/// ```
/// chains sorted by their means m₍₁₎ ≤ … ≤ m₍M₎;   gap = max_j (m₍j+1₎ − m₍j₎);   apart if gap > 2 √mean_m Var_m
/// ```
///
/// Two chains of the same distribution whose draws are worth 25 independent ones each have means that differ by more than this with
/// probability below 10⁻¹².
final class StuckChains {
    private static final double GAP = 2;

    private final String label;
    private final double ratio;
    private final int[] few;
    private final int[] many;
    private final double[] fewPlace;
    private final double[] manyPlace;

    private StuckChains(String label, double ratio, int[] few, int[] many, double[] fewPlace, double[] manyPlace) {
        this.label = label;
        this.ratio = ratio;
        this.few = few;
        this.many = many;
        this.fewPlace = fewPlace;
        this.manyPlace = manyPlace;
    }

    /// The groups in one quantity, if there are two.
    static Optional<StuckChains> in(String label, double[][] x) {
        int m = x.length;
        if (m < 2) {
            return Optional.empty();
        }
        double[] means = Arrays.stream(x).mapToDouble(Moments::mean).toArray();
        double width = Math.sqrt(Moments.mean(Arrays.stream(x).mapToDouble(Moments::variance).toArray()));
        int[] order = IntStream.range(0, m).boxed().sorted(java.util.Comparator.comparingDouble(c -> means[c]))
                .mapToInt(Integer::intValue).toArray();
        int cut = 1;
        for (int j = 1; j < m; j++) {
            if (means[order[j]] - means[order[j - 1]] > means[order[cut]] - means[order[cut - 1]]) {
                cut = j;
            }
        }
        double ratio = (means[order[cut]] - means[order[cut - 1]]) / width;
        if (!(ratio > GAP)) {
            return Optional.empty();
        }
        int[] low = Arrays.copyOf(order, cut);
        int[] high = Arrays.copyOfRange(order, cut, m);
        boolean lowIsFew = low.length <= high.length;
        int[] few = lowIsFew ? low : high;
        int[] many = lowIsFew ? high : low;
        Arrays.sort(few);
        Arrays.sort(many);
        return Optional.of(new StuckChains(label, ratio, few, many, place(x, few), place(x, many)));
    }

    private static double[] place(double[][] x, int[] chains) {
        double[] all = Chains.pooled(Arrays.stream(chains).mapToObj(c -> x[c]).toArray(double[][]::new));
        return new double[] {Moments.mean(all), Moments.std(all)};
    }

    /// How clearly the groups are apart.
    double ratio() {
        return ratio;
    }

    String sentence() {
        int total = few.length + many.length;
        return few.length + " of " + total + " chains are stuck away from the others: " + label + " stays near " + about(fewPlace)
                + " in " + chains(few) + ", near " + about(manyPlace) + " in " + chains(many) + ".";
    }

    private static String about(double[] place) {
        return Text.brief(place[0]) + " ± " + Text.brief(place[1]);
    }

    static String chains(int[] numbers) {
        return (numbers.length == 1 ? "chain " : "chains ") + Text.list(numbers, 8);
    }

    /// {@return the chains that keep one value}
    static BitSet still(double[][] x) {
        var out = new BitSet();
        IntStream.range(0, x.length).filter(c -> Arrays.stream(x[c]).allMatch(v -> v == x[c][0])).forEach(out::set);
        return out;
    }
}
