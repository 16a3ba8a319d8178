package kiln.array;

import kiln.math.Elementary;
import kiln.math.Gamma;

/// Draws binomial numbers: by geometric waiting times where fewer than 10 successes are expected, else by transformed rejection.
///
/// Every number has its own key, split as in NumPyro, so that the draws equal NumPyro's.
///
/// Source: Hörmann, *The generation of binomial random variates* (1993), algorithm BTRS.
final class BinomialSampler {
    private static final double SMALL_MEAN = 10;

    private BinomialSampler() {}

    /// {@return counts as `int64`}
    ///
    /// @param p     probabilities; broadcast to `shape`
    /// @param n     numbers of trials; broadcast to `shape`
    /// @param shape shape of the draws
    static NDArray sample(PRNGKey key, NDArray p, NDArray n, Shape shape) {
        double[] probs = Np.broadcastTo(p, shape).toDoubleArray();
        long[] counts = Np.broadcastTo(n, shape).toLongArray();
        PRNGKey[] keys = key.split(probs.length);
        long[] out = new long[probs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = draw(keys[i], probs[i], counts[i]);
        }
        return NDArray.of(out).reshape(shape);
    }

    private static long draw(PRNGKey key, double p, long n) {
        if (n == 0 || p <= 0) {
            return 0;
        }
        if (p >= 1) {
            return n;
        }
        double q = Math.min(p, 1 - p);
        long k = n * q < SMALL_MEAN ? byWaiting(key, q, n) : byRejection(key, q, (double) n);
        return p <= 0.5 ? k : n - k;
    }

    private static double uniform(PRNGKey key) {
        return key.uniform(Shape.SCALAR, 0, 1).item();
    }

    /// Counts how many geometric waiting times fit into `n` trials.
    private static long byWaiting(PRNGKey key, double p, long n) {
        double logQ = Elementary.log1p(-p);
        double trials = 0;
        PRNGKey state = key;
        for (long successes = 0; ; successes++) {
            PRNGKey[] next = state.split(2);
            state = next[0];
            trials += Math.floor(Elementary.log1p(-uniform(next[1])) / logQ) + 1;
            if (trials > n) {
                return successes;
            }
        }
    }

    private static long byRejection(PRNGKey key, double p, double n) {
        // Table 1 of the source.
        double mean = n * p;
        double sd = Math.sqrt(mean * (1 - p));
        double b = 1.15 + 2.53 * sd;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = mean + 0.5;
        double alpha = (2.83 + 5.1 / b) * sd;
        double squeeze = 0.92 - 4.2 / b;
        double logOdds = Elementary.log(p) - Elementary.log1p(-p);
        double mode = Math.floor((n + 1) * p);
        PRNGKey state = key;
        while (true) {
            PRNGKey[] next = state.split(3);
            state = next[0];
            double u = uniform(next[1]) - 0.5;
            double v = uniform(next[2]);
            double fromEdge = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / fromEdge + b) * u + c);
            if (Math.abs(u) <= 0.43 && v <= squeeze) {
                return (long) k;
            }
            if (k < 0 || k > n) {
                continue;
            }
            double bound = Elementary.log(v * alpha / (a / (fromEdge * fromEdge) + b));
            if (bound <= logMass(k, n) - logMass(mode, n) + (k - mode) * logOdds) {
                return (long) k;
            }
        }
    }

    /// `log 1 / (k! (n − k)!)`
    private static double logMass(double k, double n) {
        return -Gamma.lgamma(k + 1) - Gamma.lgamma(n - k + 1);
    }
}
