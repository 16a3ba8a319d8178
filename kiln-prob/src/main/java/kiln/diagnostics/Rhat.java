package kiln.diagnostics;

/// Potential scale reduction R̂: how much wider the pooled chains are than each of them; 1 when they agree.
///
/// ```
/// B = n · Var(chain means),  W = mean(chain variances)        both with divisor (count − 1)
/// R̂ = √( (B/W + n − 1) / n )
/// ```
///
/// [#rhat] is the one to use: flag a quantity with a value above 1.01. The two others are NumPyro's and are kept for comparison.
/// All take one scalar quantity as `[chain][draw]`, only read, and return a number without unit; an estimate that does not exist
/// (NaN among the draws, all equal, too few) is NaN and never 1.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, *Rank-normalization, folding, and localization: an improved R̂* (2021);
/// Gelman and Rubin (1992).
public final class Rhat {
    private Rhat() {}

    /// Rank-normalised split R̂: the larger of the basic one on the normal scores of the split chains (location) and of the split
    /// chains folded at the median (scale).
    ///
    /// @param x `[chain][draw]`; one chain is enough, since it is split
    /// @return R̂, NaN if it does not exist
    public static double rhat(double[][] x) {
        Chains.draws("rhat", x);
        double bulk = checked(RankNormal.scores(Chains.split(x)));
        double tail = checked(RankNormal.scores(Chains.split(RankNormal.folded(x))));
        return Math.max(bulk, tail);
    }

    /// Gelman and Rubin's R̂ of whole chains.
    ///
    /// @param x `[chain][draw]`; ≥ 2 chains of ≥ 2 draws
    /// @return R̂, NaN if it does not exist (one chain, constant draws)
    public static double gelmanRubin(double[][] x) {
        Chains.draws("gelmanRubin", x);
        return basic(x);
    }

    /// Gelman and Rubin's R̂ of chains cut in halves, not rank-normalised.
    ///
    /// @param x `[chain][draw]`; ≥ 4 draws
    /// @return R̂, NaN if it does not exist
    public static double splitGelmanRubin(double[][] x) {
        Chains.draws("splitGelmanRubin", x);
        return basic(Chains.split(x));
    }

    private static double checked(double[][] x) {
        return Chains.isDegenerate(x) ? Double.NaN : basic(x);
    }

    private static double basic(double[][] x) {
        int n = x[0].length;
        double[] means = new double[x.length];
        double within = 0;
        for (int c = 0; c < x.length; c++) {
            means[c] = Moments.mean(x[c]);
            within += Moments.variance(x[c]);
        }
        within /= x.length;
        // n·Var(means)/W as a quotient of variances first: neither under- nor overflows for draws of any scale.
        double ratio = Moments.variance(means) / within;
        return Math.sqrt(ratio + (n - 1.0) / n);
    }
}
