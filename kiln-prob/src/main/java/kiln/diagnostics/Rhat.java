package kiln.diagnostics;

import java.util.Arrays;
import kiln.math.GammaInc;

/// Potential scale reduction R̂: how much wider the pooled chains are than each of them; 1 when they agree.
///
/// ```
/// B = n · Var(chain means),  W = mean(chain variances)        both with divisor (count − 1)
/// R̂ = √( (B/W + n − 1) / n )
/// ```
///
/// [#rhat] is the one to use: flag a quantity with a value above 1.01. [#nestedRhat] is for many short chains. The two others are
/// NumPyro's and are kept for comparison.
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
        return RankScores.of(x).rhat();
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

    /// Nested R̂, for many short chains: chains that start at the same place form a superchain, and the superchains must agree.
    ///
    /// ```
    /// R̂ν = √( 1 + Var_k(means of superchains) / mean_k(B_k + W_k) )
    /// B_k = Var(means of the chains of k), 0 for a single chain;  W_k = mean(variances of its chains), 0 for a single draw
    /// ```
    ///
    /// Even one draw per chain is enough. In a run that has converged its expectation is about `√(1 + 1/(M n))`, with `M` chains per
    /// superchain and `n` effective draws per chain: a limit of 1.01 asks for `M n ≥ 50`.
    ///
    /// Source: Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari and Gelman, *Nested R̂* (2024), section 3.
    ///
    /// @param x           `[chain][draw]`, the chains of a superchain one after the other
    /// @param superchains number of superchains `K`, ≥ 2; the number of chains is a multiple of it
    /// @return R̂ν, NaN if it does not exist (a value not finite, all equal)
    /// @throws IllegalArgumentException if the chains cannot be dealt out evenly
    public static double nestedRhat(double[][] x, int superchains) {
        Chains.draws("nestedRhat", x);
        if (superchains < 2 || x.length % superchains != 0) {
            throw new IllegalArgumentException("nestedRhat: the chains do not form superchains of equal size.\n"
                    + "  Expected: at least 2 superchains, and a multiple of them as the number of chains\n"
                    + "  Got:      " + x.length + " chains, " + superchains + " superchains");
        }
        if (Chains.isDegenerate(x)) {
            return Double.NaN;
        }
        int size = x.length / superchains;
        double[] means = new double[superchains];
        double inside = 0;
        for (int k = 0; k < superchains; k++) {
            double[][] members = Arrays.copyOfRange(x, k * size, (k + 1) * size);
            double[] memberMeans = Arrays.stream(members).mapToDouble(Moments::mean).toArray();
            means[k] = Moments.mean(memberMeans);
            inside += size > 1 ? Moments.variance(memberMeans) : 0;
            inside += x[0].length > 1 ? Moments.mean(Arrays.stream(members).mapToDouble(Moments::variance).toArray()) : 0;
        }
        return Math.sqrt(1 + Moments.variance(means) / (inside / superchains));
    }

    /// How often split R̂ of chains that all sample the same distribution exceeds a limit by chance.
    ///
    /// ```
    /// P(R̂ > limit) = P(χ²_{m−1} > (m − 1) (limit² − (n − 1)/n) (ess/m − 1)),   m = 2 · chains halves of n = draws/2
    /// ```
    ///
    /// The means of the halves vary by σ² m/ess and the draws within them by σ² (1 − m/ess), for draws of which the means of halves are about normal; the variation
    /// of the latter is neglected. 4 × 1000 draws worth 400 exceed 1.01 in 37% of all runs, those worth 1000 in 0.8%. [#rhat] is the larger of two:
    /// with the bulk ESS of the draws for one and that of their distances from the median for the other, the sum of both is a bound, and so is the sum
    /// over several quantities.
    ///
    /// Source: the mean and variance of a one-way analysis of variance; Gelman and Rubin (1992), section 3, have its F distribution for independent draws.
    ///
    /// @param limit  of R̂, ≥ 1
    /// @param ess    effective draws of all chains together, positive
    /// @param chains number of chains, ≥ 1
    /// @param draws  of each chain, ≥ 4
    /// @return the probability, in [0, 1]; 1 for fewer effective draws than halves
    /// @throws IllegalArgumentException if a number is outside its domain
    public static double falseAlarm(double limit, double ess, int chains, int draws) {
        if (!(limit >= 1 && ess > 0 && chains >= 1 && draws >= 4)) {
            throw new IllegalArgumentException("Rhat.falseAlarm: a number is outside its domain.\n"
                    + "  Expected: limit ≥ 1, ess > 0, chains ≥ 1, draws ≥ 4\n"
                    + "  Got:      limit " + limit + ", ess " + ess + ", chains " + chains + ", draws " + draws);
        }
        int m = 2 * chains;
        int n = draws / 2;
        double half = (m - 1) / 2.0;
        return GammaInc.gammaincc(half, half * (limit * limit - (n - 1.0) / n) * Math.max(ess / m - 1, 0));
    }

    /// At most how often [#rhat] of chains that agree exceeds a limit by chance, if their draws follow on each other as these do.
    ///
    /// That is [#falseAlarm(double, double, int, int)] of the draws and of their distances from the median, with the effective draws of whole chains, each around
    /// its own mean: chains that stay apart are not excused by the few effective draws that they have together. These are estimates themselves. Of chains that agree
    /// and have 100, 200, 400 effective draws in all, 1.6%, 1.3% and 0.9% have an R̂ above 1.01 for which this is below 1% (autoregressive chains, 4 × 1000).
    ///
    /// @param limit of R̂, ≥ 1; the R̂ of these draws to ask whether it is a true alarm
    /// @param x     `[chain][draw]`, ≥ 4 draws
    /// @return the probability, in [0, 1]; NaN if R̂ does not exist
    /// @throws IllegalArgumentException if the limit is below 1, or there are fewer than 4 draws
    public static double falseAlarm(double limit, double[][] x) {
        int n = Chains.draws("Rhat.falseAlarm", x);
        if (n < 4) {
            throw new IllegalArgumentException("Rhat.falseAlarm: the chains are too short.\n  Expected: at least 4 draws of each\n  Got:      " + n);
        }
        return RhatChance.of(RankScores.of(x), x.length, n).exceeds(limit, 1);
    }

    /// The basic one, NaN where none exists.
    static double checked(double[][] x) {
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
