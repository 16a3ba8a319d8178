package kiln.diagnostics;

import kiln.math.Elementary;

/// `log Σ exp(x)`, without overflow.
final class LogSumExp {
    private LogSumExp() {}

    /// −∞ for no values or all −∞; NaN if a value is NaN.
    static double of(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            max = Math.max(max, v);
        }
        if (!Double.isFinite(max)) {
            return max;
        }
        double sum = 0;
        for (double v : x) {
            sum += Elementary.exp(v - max);
        }
        return max + Elementary.log(sum);
    }
}
