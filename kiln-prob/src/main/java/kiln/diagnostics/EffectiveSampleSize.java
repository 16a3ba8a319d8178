package kiln.diagnostics;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// Effective sample size: the number of independent draws whose mean is as precise as that of the correlated ones.
///
/// ```
/// ESS = M n / τ,   τ = 1 + 2 Σ_t ρ(t),   ρ(t) = 1 − (W − mean_m acov_m(t)) / V⁺,   V⁺ = W (n−1)/n + Var(chain means)
/// ```
///
/// The sum is truncated by Geyer's initial monotone sequence. [#essBulk] and [#essTail] are the ones to look at first (each should
/// exceed 100 per chain); the others are precise for one estimand each. [#effectiveSampleSize] is NumPyro's: neither split nor
/// rank-normalised nor capped.
///
/// All take one scalar quantity as `[chain][draw]`, only read, and return a number of draws; an estimate that does not exist
/// (a value not finite, all equal, fewer than 3 draws per half chain) is NaN.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), section 3.2; Geyer, *Practical Markov chain Monte Carlo* (1992).
public final class EffectiveSampleSize {
    private EffectiveSampleSize() {}

    /// Bulk ESS: of the normal scores of the split chains; for the centre of the distribution.
    public static double essBulk(double[][] x) {
        Chains.draws("essBulk", x);
        return ess(RankNormal.scores(Chains.split(x)));
    }

    /// Tail ESS: the smaller of the effective sizes of the 5 % and the 95 % quantile.
    public static double essTail(double[][] x) {
        return Math.min(essQuantile(x, 0.05), essQuantile(x, 0.95));
    }

    /// ESS of the mean.
    public static double essMean(double[][] x) {
        Chains.draws("essMean", x);
        return ess(Chains.split(x));
    }

    /// ESS of the standard deviation: of the distances from the mean of all draws.
    public static double essSd(double[][] x) {
        Chains.draws("essSd", x);
        double mean = Moments.mean(Chains.pooled(x));
        return ess(Chains.split(Chains.map(x, v -> Math.abs(v - mean))));
    }

    /// ESS of the second central moment: of the squared distances from the mean of all draws.
    static double essSquares(double[][] x) {
        Chains.draws("essSquares", x);
        double mean = Moments.mean(Chains.pooled(x));
        return ess(Chains.split(Chains.map(x, v -> (v - mean) * (v - mean))));
    }

    /// ESS of the median.
    public static double essMedian(double[][] x) {
        return essQuantile(x, 0.5);
    }

    /// ESS of a quantile: of the indicator `x ≤ Q(prob)`.
    ///
    /// @param prob probability in [0, 1]
    public static double essQuantile(double[][] x, double prob) {
        Chains.draws("essQuantile", x);
        if (Chains.isDegenerate(x)) {
            return Double.NaN;
        }
        double q = Quantile.quantile(Chains.pooled(x), prob);
        return ess(Chains.split(Chains.map(x, v -> v <= q ? 1 : 0)));
    }

    /// ESS of whole chains, each around its own mean: how slowly they move, whether they agree or not.
    static double essWithin(double[][] x) {
        double[][] centred = new double[x.length][];
        for (int c = 0; c < x.length; c++) {
            double mean = Moments.mean(x[c]);
            centred[c] = Arrays.stream(x[c]).map(v -> v - mean).toArray();
        }
        return ess(centred);
    }

    /// NumPyro's estimator: whole chains, pair sums clipped at zero and made monotone, no upper limit (an antithetic series can give a
    /// negative number).
    ///
    /// @param bias whether autocovariances are divided by `n` (true, as NumPyro's default) or by `n − lag`
    public static double effectiveSampleSize(double[][] x, boolean bias) {
        int n = Chains.draws("effectiveSampleSize", x);
        if (n < 2) {
            return Double.NaN;
        }
        Spectrum s = Spectrum.of(x);
        // With one chain NumPyro compares with the biased variance itself, which makes ρ the autocorrelation.
        double within = x.length > 1 ? s.within() : s.total();
        IntToDoubleFunction rho = t -> t == 0 ? 1 : s.rho(t, bias ? n : n - t, within);
        double sum = 0;
        double previous = Double.POSITIVE_INFINITY;
        for (int k = 0; k < n / 2; k++) {
            double pair = rho.applyAsDouble(2 * k) + rho.applyAsDouble(2 * k + 1);
            if (Double.isNaN(pair) || s.hasConstantChain()) {
                return Double.NaN;
            }
            if (k > 0) {
                pair = Math.min(Math.max(pair, 0), previous);
                previous = pair;
            }
            sum += pair;
            if (k > 0 && pair == 0) {
                break; // the running minimum stays at zero
            }
        }
        return (double) x.length * n / (-1 + 2 * sum);
    }

    /// The estimator of Stan and of R's posterior on (already split) chains.
    static double ess(double[][] x) {
        int n = x[0].length;
        if (n < 3 || Chains.isDegenerate(x)) {
            return Double.NaN;
        }
        Spectrum s = Spectrum.of(x);
        double[] rho = new double[n + 2];
        rho[0] = 1;
        double even = 1;
        double odd = s.rho(1, n, s.within());
        rho[1] = odd;
        int t = 0;
        while (t < n - 5 && even + odd > 0) {
            t += 2;
            even = s.rho(t, n, s.within());
            odd = s.rho(t + 1, n, s.within());
            if (even + odd >= 0) {
                rho[t] = even;
                rho[t + 1] = odd;
            }
        }
        int last = t;
        if (even > 0) {
            rho[last] = even; // the improvement for antithetic chains
        }
        for (int k = 2; k <= last - 2; k += 2) {
            double before = rho[k - 2] + rho[k - 1];
            if (rho[k] + rho[k + 1] > before) {
                rho[k] = before / 2;
                rho[k + 1] = rho[k];
            }
        }
        // Where the very first pair already ends the sequence, lag 0 counts in the sum and as its last term, as in R's posterior.
        double tau = -1 + rho[last];
        for (int k = 0; k < Math.max(last, 1); k++) {
            tau += 2 * rho[k];
        }
        double total = (double) x.length * n;
        // Independent draws have τ = 1; a smaller bound keeps a lucky antithetic estimate from reaching infinity.
        return total / Math.max(tau, 1 / StrictMath.log10(total));
    }

    /// Autocovariances of all chains with the variances that normalise them.
    private record Spectrum(List<LagSums> chains, int draws, double within, double total, boolean hasConstantChain) {
        static Spectrum of(double[][] x) {
            int n = x[0].length;
            LagSums[] chains = new LagSums[x.length];
            double[] means = new double[x.length];
            double within = 0;
            boolean constant = false;
            for (int c = 0; c < x.length; c++) {
                chains[c] = new LagSums(x[c]);
                means[c] = Moments.mean(x[c]);
                double sum = chains[c].at(0);
                constant |= !(sum > 0);
                within += sum / (n - 1);
            }
            within /= x.length;
            double total = within * (n - 1) / n + (x.length > 1 ? Moments.variance(means) : 0);
            return new Spectrum(List.of(chains), n, within, total, constant);
        }

        /// Combined autocorrelation at a lag: autocovariances divided by `divisor`, compared with a within-chain variance.
        double rho(int lag, int divisor, double variance) {
            if (lag >= draws) {
                return 0;
            }
            double sum = 0;
            for (LagSums c : chains) {
                sum += c.at(lag);
            }
            return 1 - (variance - sum / ((double) divisor * chains.size())) / total;
        }
    }
}
