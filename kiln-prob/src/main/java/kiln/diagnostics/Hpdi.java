package kiln.diagnostics;

import java.util.Arrays;

/// Highest posterior density interval: the narrowest interval that holds a given share of the draws.
///
/// ```
/// k = ⌊prob · n⌋,   [x₍i₎, x₍i+k₎]  with the i that minimises  x₍i+k₎ − x₍i₎        (the first one of several)
/// ```
///
/// For a distribution with one mode this estimates the interval of highest density; with several it is still one interval.
///
/// Source: Hyndman, *Computing and graphing highest density regions* (1996); Chen and Shao (1999).
///
/// @param lower lower limit, unit of the draws
/// @param upper upper limit, unit of the draws
public record Hpdi(double lower, double upper) {
    /// The interval of a set of draws.
    ///
    /// @param x    draws in any order; at least one; only read
    /// @param prob share of the draws, in (0, 1)
    /// @return the interval; both limits NaN if a draw is NaN
    /// @throws IllegalArgumentException if there is no draw, or `prob` is outside (0, 1)
    public static Hpdi hpdi(double[] x, double prob) {
        if (x.length == 0 || !(prob > 0 && prob < 1)) {
            throw new IllegalArgumentException("hpdi: not defined.\n"
                    + "  Expected: at least one draw and a probability in (0, 1)\n"
                    + "  Got:      " + x.length + " draws, probability " + prob);
        }
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, prob);
    }

    static Hpdi ofSorted(double[] sorted, double prob) {
        int n = sorted.length;
        if (Double.isNaN(sorted[n - 1])) {
            return new Hpdi(Double.NaN, Double.NaN);
        }
        int k = (int) (prob * n);
        int best = 0;
        double width = sorted[k] - sorted[0];
        for (int i = 1; i + k < n; i++) {
            double w = sorted[i + k] - sorted[i];
            if (w < width) {
                width = w;
                best = i;
            }
        }
        return new Hpdi(sorted[best], sorted[best + k]);
    }
}
