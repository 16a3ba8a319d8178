package kiln.diagnostics;

import java.util.Arrays;

/// Monte Carlo standard error: the standard deviation of an estimate over repetitions of the same run.
///
/// ```
/// mean      sd(x) / √ESS_mean
/// sd        √( V / (4E) ),   E = mean((x−x̄)²),  V = (mean((x−x̄)⁴) − E²) / ESS of (x−x̄)²
/// quantile  half the distance of the draws at the 15.87 % and 84.13 % points of Beta(ESS p + 1, ESS (1−p) + 1)
/// ```
///
/// All take one scalar quantity as `[chain][draw]`, only read, and return a value in its unit, NaN where the ESS is.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), section 4; Kenney and Keeping (1951) for the sd.
public final class MonteCarloError {
    /// Φ(−1) and Φ(1) to the seven digits R's posterior uses.
    private static final double LOWER = 0.1586553;
    private static final double UPPER = 0.8413447;

    private MonteCarloError() {}

    /// Standard error of the mean of all draws.
    public static double mcseMean(double[][] x) {
        double ess = EffectiveSampleSize.essMean(x);
        return Moments.std(Chains.pooled(x)) / Math.sqrt(ess);
    }

    /// Standard error of the standard deviation of all draws.
    public static double mcseSd(double[][] x) {
        double ess = EffectiveSampleSize.essSquares(x);
        double[] all = Chains.pooled(x);
        double mean = Moments.mean(all);
        double second = 0;
        double fourth = 0;
        for (double v : all) {
            double square = (v - mean) * (v - mean);
            second += square;
            fourth += square * square;
        }
        second /= all.length;
        fourth /= all.length;
        return Math.sqrt((fourth - second * second) / ess / (4 * second));
    }

    /// Standard error of a quantile.
    ///
    /// @param prob probability in [0, 1]
    public static double mcseQuantile(double[][] x, double prob) {
        double ess = EffectiveSampleSize.essQuantile(x, prob);
        if (Double.isNaN(ess)) {
            return Double.NaN;
        }
        double[] sorted = Chains.pooled(x);
        Arrays.sort(sorted);
        int total = sorted.length;
        double a = ess * prob + 1;
        double b = ess * (1 - prob) + 1;
        int low = (int) Math.max(Math.floor(BetaQuantile.of(LOWER, a, b) * total), 1);
        int high = (int) Math.min(Math.ceil(BetaQuantile.of(UPPER, a, b) * total), total);
        return (sorted[high - 1] - sorted[low - 1]) / 2;
    }
}
