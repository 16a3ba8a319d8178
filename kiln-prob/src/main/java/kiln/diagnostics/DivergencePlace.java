package kiln.diagnostics;

import java.util.Arrays;
import java.util.Optional;

/// Where divergent iterations gather: at which end of which quantity.
///
/// ```
/// z = (mean rank of the D divergent draws / S − ½) √(12 D)        ranks among all S draws
/// ```
///
/// Only a quantity with `|z| > 5` is named.
final class DivergencePlace {
    private static final int MIN_DIVERGENCES = 5;
    private static final double LIMIT = 5;

    private final double z;
    private final String sentence;

    private DivergencePlace(double z, String sentence) {
        this.z = z;
        this.sentence = sentence;
    }

    /// The place in one quantity, if they gather there.
    ///
    /// @param x         `[chain][draw]`
    /// @param diverging of the same size, 1 or 0
    static Optional<DivergencePlace> in(String label, double[][] x, double[][] diverging) {
        double[] all = Chains.pooled(x);
        double[] flags = Chains.pooled(diverging);
        int count = (int) Arrays.stream(flags).sum();
        if (count < MIN_DIVERGENCES) {
            return Optional.empty();
        }
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        double[] there = new double[count];
        double ranks = 0;
        int at = 0;
        for (int s = 0; s < all.length; s++) {
            if (flags[s] == 1) {
                there[at++] = all[s];
                ranks += RankNormal.averageRank(sorted, all[s]) - 0.5;
            }
        }
        double z = (ranks / count / all.length - 0.5) * Math.sqrt(12.0 * count);
        if (!(Math.abs(z) > LIMIT)) {
            return Optional.empty();
        }
        return Optional.of(new DivergencePlace(z, "They gather where " + label + (z < 0 ? " is small" : " is large") + " (median "
                + Text.brief(Quantile.median(there)) + " there, " + Text.brief(Quantile.ofSorted(sorted, 0.5)) + " in all draws)."));
    }

    double strength() {
        return Math.abs(z);
    }

    String sentence() {
        return sentence;
    }
}
