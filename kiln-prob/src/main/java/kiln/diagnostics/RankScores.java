package kiln.diagnostics;

/// The normal scores of split chains, and those of their distances from the median: R̂, the bulk effective sample size and the chance of an R̂ are made
/// of them, so that whoever wants several ranks the draws once.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), as of [Rhat].
public final class RankScores {
    private final double[][] bulk;
    private final double[][] folded;

    private RankScores(double[][] bulk, double[][] folded) {
        this.bulk = bulk;
        this.folded = folded;
    }

    /// Ranks the draws of one scalar quantity.
    ///
    /// @param x `[chain][draw]`, only read
    /// @throws IllegalArgumentException if there are no draws, or the chains differ in length
    public static RankScores of(double[][] x) {
        Chains.draws("RankScores", x);
        return new RankScores(RankNormal.scores(Chains.split(x)), RankNormal.scores(Chains.split(RankNormal.folded(x))));
    }

    /// Scores of the draws, `[half chain][draw]`; only read.
    double[][] bulk() {
        return bulk;
    }

    /// Scores of their distances from the median; only read.
    double[][] folded() {
        return folded;
    }

    /// {@return [Rhat#rhat] of the draws}
    public double rhat() {
        return Math.max(Rhat.checked(bulk), Rhat.checked(folded));
    }

    /// {@return [EffectiveSampleSize#essBulk] of the draws}
    public double essBulk() {
        return EffectiveSampleSize.ess(bulk);
    }
}
