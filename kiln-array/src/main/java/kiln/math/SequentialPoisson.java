package kiln.math;

/// Poisson draws from words that come one after another: inversion of the distribution function for rates below 10, Hörmann's transformed
/// rejection above.
///
/// The distribution function is summed up as far as a draw needs it and kept while the rate stays the same.
///
/// Source: W. Hörmann, *The transformed rejection method for generating Poisson random variables* (1993), PTRS.
final class SequentialPoisson {
    private static final double LARGE = 10;

    /// Beyond it the distribution function of a small rate is 1 in double precision.
    private static final int LAST = 80;

    private final Xoshiro spare;
    private final double[] cdf = new double[LAST + 1];
    private int known;
    private double mass;
    private double rate = Double.NaN;
    private double logRate;

    // Hörmann's constants of the rate.
    private double a;
    private double b;
    private double alpha;
    private double squeeze;

    /// @param spare serves what a draw needs beyond its own word
    SequentialPoisson(Xoshiro spare) {
        this.spare = spare;
    }

    /// {@return one draw; −1 for NaN, the largest int for ∞}
    long draw(double rate, long word) {
        if (rate != this.rate) {
            if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
                return rate > 0 ? Integer.MAX_VALUE : -1;
            }
            prepare(rate);
        }
        return rate < LARGE ? invert(word) : reject(RandomWords.uniform(word));
    }

    private void prepare(double rate) {
        this.rate = rate;
        if (rate < LARGE) {
            mass = Elementary.exp(-rate);
            cdf[0] = mass;
            known = 0;
            return;
        }
        logRate = Elementary.log(rate);
        b = 0.931 + 2.53 * Math.sqrt(rate);
        a = -0.059 + 0.02483 * b;
        alpha = 1.1239 + 1.1328 / (b - 3.4);
        squeeze = 0.9277 - 3.6224 / (b - 2);
    }

    /// The least `k` whose distribution function exceeds a uniform number.
    private int invert(long word) {
        double u = (word >>> 11) * 0x1p-53;
        int k = 0;
        while (k < known && u >= cdf[k]) {
            k++;
        }
        return u < cdf[k] ? k : extend(u);
    }

    private int extend(double u) {
        while (u >= cdf[known] && known < LAST) {
            mass *= rate / (known + 1);
            cdf[known + 1] = cdf[known] + mass;
            known++;
        }
        return known;
    }

    private long reject(double firstUniform) {
        for (double first = firstUniform; ; first = spare.uniform()) {
            double u = first - 0.5;
            double v = spare.uniform();
            double shifted = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / shifted + b) * u + rate + 0.43);
            if (shifted >= 0.07 && v <= squeeze) {
                return (long) k;
            }
            if (k < 0 || (shifted < 0.013 && v > shifted)) {
                continue;
            }
            double log = Elementary.log(v * alpha / (a / (shifted * shifted) + b));
            if (log <= k * logRate - rate - Gamma.lgamma(k + 1)) {
                return (long) k;
            }
        }
    }
}
