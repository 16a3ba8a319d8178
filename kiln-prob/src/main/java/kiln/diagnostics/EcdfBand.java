package kiln.diagnostics;

import kiln.math.Elementary;
import kiln.math.Gamma;

/// Limits within which the empirical distribution function of `N` uniform numbers stays everywhere with a given probability.
///
/// ```
/// points z₁ < … < z_K;   counts c_i ~ Binomial(N, z_i);   [l_i, u_i] = { c : P(c_i ≤ c) > γ/2 and P(c_i ≥ c) > γ/2 }
/// coverage(γ) = P(l_i ≤ c_i ≤ u_i for all i);   γ the largest with coverage(γ) ≥ prob
/// ```
///
/// The coverage is exact, not simulated: the counts are a Markov chain, `c_{i+1} − c_i ~ Binomial(N − c_i, (z_{i+1} − z_i)/(1 − z_i))`.
///
/// Source: Säilynoja, Bürkner and Vehtari, *Graphical test for discrete uniformity* (2022), section 2.3, algorithm 2.
final class EcdfBand {
    private static final int BISECTIONS = 40;

    private final int n;
    private final double[] points;
    private final double[][] cdf;
    private int[] lower = new int[0];
    private int[] upper = new int[0];

    private EcdfBand(int n, double[] points) {
        this.n = n;
        this.points = points;
        cdf = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            cdf[i] = binomial(n, points[i]);
            for (int c = 1; c <= n; c++) {
                cdf[i][c] += cdf[i][c - 1];
            }
        }
    }

    /// The narrowest limits.
    ///
    /// @param n      number of uniform numbers, ≥ 1
    /// @param points increasing, in (0, 1)
    /// @param prob   probability of staying inside, in (0, 1)
    static EcdfBand of(int n, double[] points, double prob) {
        var band = new EcdfBand(n, points);
        // Bisection on log γ: probabilities close to 1 need γ of many sizes.
        double low = Elementary.log((1 - prob) / points.length) - 1;
        double high = Elementary.log(1 - prob) + 1e-9;
        for (int step = 0; step < BISECTIONS; step++) {
            double mid = 0.5 * (low + high);
            band.setLimits(Elementary.exp(mid));
            if (band.coverage() >= prob) {
                low = mid;
            } else {
                high = mid;
            }
        }
        band.setLimits(Elementary.exp(low));
        return band;
    }

    /// Probabilities of 0 … n.
    private static double[] binomial(int n, double p) {
        double[] pmf = new double[n + 1];
        double a = Elementary.log(p);
        double b = Elementary.log1p(-p);
        for (int c = 0; c <= n; c++) {
            pmf[c] = Elementary.exp(Gamma.logBinomial(n, c) + c * a + (n - c) * b);
        }
        return pmf;
    }

    private void setLimits(double gamma) {
        lower = new int[points.length];
        upper = new int[points.length];
        for (int i = 0; i < points.length; i++) {
            int l = 0;
            while (l < n && !(cdf[i][l] > gamma / 2)) {
                l++;
            }
            int u = n;
            while (u > l && !(1 - cdf[i][u - 1] > gamma / 2)) {
                u--;
            }
            lower[i] = l;
            upper[i] = u;
        }
    }

    /// The probability that `n` uniform numbers stay within the limits.
    double coverage() {
        double[] at = new double[n + 1];
        at[0] = 1;
        int from = 0;
        int to = 0;
        double before = 0;
        for (int i = 0; i < points.length; i++) {
            double p = (points[i] - before) / (1 - before);
            double[] next = new double[n + 1];
            for (int c = from; c <= to; c++) {
                if (at[c] > 0) {
                    spread(at[c], n - c, p, c, lower[i], upper[i], next);
                }
            }
            at = next;
            from = lower[i];
            to = upper[i];
            before = points[i];
        }
        double sum = 0;
        for (double v : at) {
            sum += v;
        }
        return sum;
    }

    /// Adds `mass · P(Binomial(m, p) = k)` to `next[c + k]` for the counts within the limits.
    private static void spread(double mass, int m, double p, int c, int lower, int upper, double[] next) {
        int k = Math.max(lower - c, 0);
        int last = Math.min(upper - c, m);
        if (k > last) {
            return;
        }
        double pmf = Elementary.exp(Gamma.logBinomial(m, k) + k * Elementary.log(p) + (m - k) * Elementary.log1p(-p));
        double odds = p / (1 - p);
        for (; k <= last; k++) {
            next[c + k] += mass * pmf;
            pmf *= odds * (m - k) / (k + 1);
        }
    }

    /// {@return the smallest count of numbers at or below each point}
    int[] lower() {
        return lower;
    }

    /// {@return the largest count of numbers at or below each point}
    int[] upper() {
        return upper;
    }
}
