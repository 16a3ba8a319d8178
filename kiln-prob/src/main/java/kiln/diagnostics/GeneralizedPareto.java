package kiln.diagnostics;

import java.util.Arrays;
import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// Generalised Pareto distribution of the excesses over a threshold: how heavy a tail is.
///
/// ```
/// Q(p) = σ ((1 − p)^(−k) − 1) / k,      the exponential distribution for k = 0
/// ```
///
/// A tail of shape `k` has moments below order `1/k`: no variance from `k = 1/2` on, no mean from `k = 1` on.
///
/// Source: Zhang and Stephens, *A new and efficient estimation method for the generalized Pareto distribution* (2009), which the
/// estimate follows; the prior on `k` is that of Vehtari, Simpson, Gelman, Yao and Gabry, *Pareto smoothed importance sampling* (2024),
/// appendix: worth ten observations at `k = 1/2`.
///
/// @param k     shape; any real number, +∞ where nothing can be fitted
/// @param sigma scale, > 0, unit of the excesses; NaN where nothing can be fitted
public record GeneralizedPareto(double k, double sigma) {
    private static final int GRID = 30;
    private static final double PRIOR_WEIGHT = 10;
    private static final double PRIOR_K = 0.5;

    /// The distribution that fits, with the shape drawn towards ½ as if ten more observations said so.
    ///
    /// @param excess excesses over the threshold, ≥ 0, in any order; at least one; only read
    /// @return the fit; `k = +∞` where it does not exist (equal or zero excesses, NaN among them)
    public static GeneralizedPareto fit(double[] excess) {
        GeneralizedPareto free = fitWithoutPrior(excess);
        int n = excess.length;
        return new GeneralizedPareto((n * free.k + PRIOR_WEIGHT * PRIOR_K) / (n + PRIOR_WEIGHT), free.sigma);
    }

    /// The distribution that fits, without a prior.
    ///
    /// @param excess as for [#fit]
    /// @throws IllegalArgumentException if there is none
    public static GeneralizedPareto fitWithoutPrior(double[] excess) {
        int n = excess.length;
        if (n == 0) {
            throw new IllegalArgumentException("GeneralizedPareto: there are no excesses to fit.");
        }
        double[] x = excess.clone();
        Arrays.sort(x);
        int m = GRID + (int) Math.floor(Math.sqrt(n));
        double quartile = x[Math.max((int) Math.floor(n / 4.0 + 0.5) - 1, 0)];
        double[] theta = new double[m];
        double[] profile = new double[m];
        for (int j = 0; j < m; j++) {
            theta[j] = 1 / x[n - 1] + (1 - Math.sqrt(m / (j + 0.5))) / (3 * quartile);
            double k = meanLog(theta[j], x);
            profile[j] = n * (Elementary.log(-theta[j] / k) - k - 1);
        }
        double total = LogSumExp.of(profile);
        double mean = 0;
        for (int j = 0; j < m; j++) {
            mean += theta[j] * Elementary.exp(profile[j] - total);
        }
        double k = meanLog(mean, x);
        return Double.isNaN(k) ? new GeneralizedPareto(Double.POSITIVE_INFINITY, Double.NaN) : new GeneralizedPareto(k, -k / mean);
    }

    private static double meanLog(double theta, double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += Elementary.log1p(-theta * v);
        }
        return sum / x.length;
    }

    /// {@return the quantile of a probability, unit of `sigma`}
    ///
    /// @param p in [0, 1)
    public double quantile(double p) {
        double t = -Elementary.log1p(-p);
        return k == 0 ? sigma * t : sigma * Elementary.expm1(k * t) / k;
    }
}
