package kiln.diagnostics;

/// Mean and variance of a plain array, accurate also when the mean is large against the spread.
final class Moments {
    private Moments() {}

    /// Mean with one correcting pass, `m + Σ(x − m)/n`; NaN for no values.
    static double mean(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v;
        }
        double m = sum / x.length;
        if (!Double.isFinite(m)) {
            return m;
        }
        double rest = 0;
        for (double v : x) {
            rest += v - m;
        }
        return m + rest / x.length;
    }

    /// Sample variance, divisor `n − 1`; NaN for fewer than two values.
    static double variance(double[] x) {
        if (x.length < 2) {
            return Double.NaN;
        }
        double m = mean(x);
        double squares = 0;
        double rest = 0;
        for (double v : x) {
            double d = v - m;
            squares += d * d;
            rest += d;
        }
        return (squares - rest * rest / x.length) / (x.length - 1);
    }

    /// Sample standard deviation, divisor `n − 1`.
    static double std(double[] x) {
        return Math.sqrt(variance(x));
    }
}
