package kiln.diagnostics;

import java.util.List;

/// What R̂ of one quantity is by chance alone: of chains that agree and whose draws follow on each other as those of the given chains do.
///
/// The effective draws are counted around the mean of each chain. Around the common mean, chains that disagree would have few of them, and that would excuse
/// any R̂.
///
/// @param ess    effective draws of all chains: of the normal scores of the draws, and of those of their distances from the median
/// @param chains number of chains
/// @param draws  of each chain
record RhatChance(List<Double> ess, int chains, int draws) {
    /// More draws than so many times those that there are is no advice.
    private static final double MOST = 1e4;

    /// @param scores of the chains, cut in halves; of an odd number of draws the middle one is left out, as it is for R̂
    /// @param chains number of chains
    /// @param draws  of each chain, ≥ 2
    static RhatChance of(RankScores scores, int chains, int draws) {
        return new RhatChance(
                List.of(EffectiveSampleSize.essWithin(Chains.joined(scores.bulk())), EffectiveSampleSize.essWithin(Chains.joined(scores.folded()))), chains, draws);
    }

    /// {@return a bound of the probability that the larger of the two exceeds a limit; NaN if one does not exist}
    ///
    /// @param limit  of R̂, ≥ 1
    /// @param factor how many times as many draws, ≥ 1
    double exceeds(double limit, double factor) {
        double sum = 0;
        for (double e : ess) {
            sum += Double.isNaN(e) ? Double.NaN : Rhat.falseAlarm(limit, factor * e, chains, (int) Math.min(factor * draws, Integer.MAX_VALUE));
        }
        return Math.min(sum, 1);
    }

    /// {@return how many times as many draws make a false alarm as rare as wanted; infinite for more than can be advised}
    ///
    /// @param limit of R̂, > 1
    /// @param rate  of false alarms, in (0, 1)
    double factor(double limit, double rate) {
        double factor = 1;
        while (factor < MOST && exceeds(limit, factor) > rate) {
            factor *= 1.05;
        }
        return factor < MOST ? factor : Double.POSITIVE_INFINITY;
    }
}
