package kiln.diagnostics;

import java.util.Arrays;

/// Sample quantiles by linear interpolation of the order statistics (type 7, the default of R and NumPy).
///
/// ```
/// h = (n − 1) p,   Q(p) = x₍⌊h⌋₎ + (h − ⌊h⌋)(x₍⌊h⌋+1₎ − x₍⌊h⌋₎)        order statistics counted from 0
/// ```
///
/// Source: Hyndman and Fan, *Sample quantiles in statistical packages* (1996), definition 7.
public final class Quantile {
    private Quantile() {}

    /// The quantile of a probability.
    ///
    /// @param x    values in any order; at least one; only read
    /// @param prob probability in [0, 1]
    /// @return the quantile, unit of `x`; NaN if a value is NaN
    /// @throws IllegalArgumentException if there is no value, or `prob` is outside [0, 1]
    public static double quantile(double[] x, double prob) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, prob);
    }

    /// The quantile ½, [#quantile(double\[\],double)].
    public static double median(double[] x) {
        return quantile(x, 0.5);
    }

    static double ofSorted(double[] sorted, double prob) {
        int n = sorted.length;
        if (n == 0 || !(prob >= 0 && prob <= 1)) {
            throw new IllegalArgumentException("quantile: not defined.\n"
                    + "  Expected: at least one value and a probability in [0, 1]\n"
                    + "  Got:      " + n + " values, probability " + prob);
        }
        if (Double.isNaN(sorted[n - 1])) {
            return Double.NaN;
        }
        double h = (n - 1) * prob;
        int low = (int) Math.floor(h);
        double rest = h - low;
        double a = sorted[low];
        if (rest == 0) {
            return a;
        }
        double b = sorted[low + 1];
        // Equal neighbours first: interpolating between two infinities would give NaN.
        return a == b ? a : a + rest * (b - a);
    }
}
