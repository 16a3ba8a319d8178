package kiln.math;

/// `log Σ exp(x)` of an array, without overflow; the sum runs in order, so that it has the same bits everywhere.
public final class LogSumExp {
    private LogSumExp() {}

    /// {@return the logarithm of the sum of the exponentials; −∞ for no values or all −∞, NaN if a value is NaN}
    public static double of(double[] x) {
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
