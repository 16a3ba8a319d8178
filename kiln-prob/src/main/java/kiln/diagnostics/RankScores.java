package kiln.diagnostics;

/// The normal scores of split chains, and those of their distances from the median: R̂, the bulk effective sample size and the chance of an R̂ are made
/// of them, so that whoever wants several ranks the draws once.
final class RankScores {
    private final double[][] bulk;
    private final double[][] folded;

    private RankScores(double[][] bulk, double[][] folded) {
        this.bulk = bulk;
        this.folded = folded;
    }

    static RankScores of(double[][] x) {
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

    /// [Rhat#rhat].
    double rhat() {
        return Math.max(Rhat.checked(bulk), Rhat.checked(folded));
    }

    /// [EffectiveSampleSize#essBulk].
    double essBulk() {
        return EffectiveSampleSize.ess(bulk);
    }
}
