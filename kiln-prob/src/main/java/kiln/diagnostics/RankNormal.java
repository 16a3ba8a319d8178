package kiln.diagnostics;

import java.util.Arrays;
import kiln.math.Erf;

/// Normal scores of ranks, which make a convergence diagnostic independent of moments and of monotone transformations.
///
/// ```
/// z = Φ⁻¹((r − 3/8) / (S + 1/4))        r average rank among all S draws, from 1
/// ```
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, *Rank-normalization, folding, and localization* (2021), eq. 14;
/// the offsets are Blom's (1958).
final class RankNormal {
    private RankNormal() {}

    /// Normal scores in the arrangement of `x`; all NaN if a value is NaN.
    static double[][] scores(double[][] x) {
        double[] sorted = Chains.pooled(x);
        Arrays.sort(sorted);
        int total = sorted.length;
        if (Double.isNaN(sorted[total - 1])) {
            return Chains.map(x, v -> Double.NaN);
        }
        return Chains.map(x, v -> {
            double rank = averageRank(sorted, v);
            return Erf.ndtri((rank - 0.375) / (total + 0.25));
        });
    }

    /// Distances from the median of all draws, `|x − median(x)|`: a difference in scale becomes one in location.
    static double[][] folded(double[][] x) {
        double median = Quantile.median(Chains.pooled(x));
        return Chains.map(x, v -> Math.abs(v - median));
    }

    /// Rank of a value among sorted ones that contain it, from 1; the average of the ranks of equal values.
    static double averageRank(double[] sorted, double v) {
        return 0.5 * (countBelow(sorted, v, false) + countBelow(sorted, v, true) + 1);
    }

    /// Number of sorted values `< v`, or `≤ v` with `orEqual`.
    private static int countBelow(double[] sorted, double v, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] < v || (orEqual && sorted[mid] == v)) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }
}
