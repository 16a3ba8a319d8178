package kiln.diagnostics;

import java.util.Arrays;
import kiln.math.Elementary;

/// The shape of the tails of draws, and what it says about averages of them.
///
/// A quantity whose tail has shape `k ≥ ½` has no variance, with `k ≥ 1` no mean. A mean of `S` draws behaves as the central limit theorem says
/// when `k` is below [#limit(int)].
///
/// Source: Vehtari, Simpson, Gelman, Yao and Gabry, *Pareto smoothed importance sampling* (2024), section 3.2.
public final class ParetoK {
    private ParetoK() {}

    /// The larger of the shapes of both tails.
    ///
    /// @param x `[chain][draw]`; only read
    /// @return the shape; NaN where there is none (a value not finite, all equal, fewer than 10 draws, a constant tail)
    public static double paretoK(double[][] x) {
        int total = x.length * Chains.draws("paretoK", x);
        if (Chains.isDegenerate(x)) {
            return Double.NaN;
        }
        double ess = EffectiveSampleSize.essTail(x);
        double efficiency = Double.isNaN(ess) ? 1 : ess / total;
        int wanted = (int) Math.ceil(total > 225 ? 3 * Math.sqrt(total / efficiency) : total / 5.0);
        int tail = Math.min(wanted, total / 2);
        if (tail < 5) {
            return Double.NaN;
        }
        double[] sorted = Chains.pooled(x);
        Arrays.sort(sorted);
        double[] mirrored = new double[total];
        for (int i = 0; i < total; i++) {
            mirrored[i] = -sorted[total - 1 - i];
        }
        return Math.max(right(sorted, tail), right(mirrored, tail));
    }

    private static double right(double[] sorted, int tail) {
        int total = sorted.length;
        if (sorted[total - 1] == sorted[total - tail]) {
            return Double.NaN;
        }
        double cutoff = sorted[total - tail - 1];
        // A cut-off equal to the smallest value of the tail would leave an excess of zero, of which there is no logarithm.
        if (cutoff == sorted[total - tail]) {
            cutoff -= Math.ulp(cutoff);
        }
        double[] excess = new double[tail];
        for (int i = 0; i < tail; i++) {
            excess[i] = sorted[total - tail + i] - cutoff;
        }
        return GeneralizedPareto.fit(excess).k();
    }

    /// {@return the shape below which `draws` draws are enough: `min(1 − 1/log₁₀ S, 0.7)`}
    ///
    /// @param draws number of draws `S`, ≥ 2
    public static double limit(int draws) {
        return Math.min(1 - LOG_10 / Elementary.log(draws), 0.7);
    }

    private static final double LOG_10 = Elementary.log(10);

    /// {@return the number of draws that a shape asks for: `10^(1/(1 − max(k, 0)))`; +∞ from 1 on}
    ///
    /// @param k the shape
    public static double minDraws(double k) {
        return k >= 1 ? Double.POSITIVE_INFINITY : Elementary.exp(LOG_10 / (1 - Math.max(k, 0)));
    }
}
