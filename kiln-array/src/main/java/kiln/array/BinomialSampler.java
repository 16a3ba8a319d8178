package kiln.array;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import kiln.math.Elementary;
import kiln.math.Gamma;

/// Draws binomial numbers: by geometric waiting times where fewer than 10 successes are expected, else by transformed rejection.
///
/// Every number has its own key, split as in NumPyro, so that the draws equal NumPyro's; under a key of [PRNGKey#fast] the numbers are made
/// from one sequence.
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
        long[] out = new long[probs.length];
        DoubleSupplier sequence = key.sequence().orElse(null);
        PRNGKey[] keys = sequence == null ? key.split(probs.length) : new PRNGKey[0];
        for (int i = 0; i < out.length; i++) {
            out[i] = draw(sequence == null ? splitting(keys[i]) : u -> Arrays.setAll(u, _ -> sequence.getAsDouble()), probs[i], counts[i]);
        }
        return NDArray.of(out).reshape(shape);
    }

    /// Where a round gets its uniform numbers from.
    @FunctionalInterface
    private interface Source {
        void next(double[] u);
    }

    /// The key is split into the next one and one for each number of the round.
    private static Source splitting(PRNGKey key) {
        PRNGKey[] state = {key};
        return u -> {
            PRNGKey[] next = state[0].split(u.length + 1);
            state[0] = next[0];
            Arrays.setAll(u, i -> next[i + 1].uniform(Shape.SCALAR, 0, 1).item());
        };
    }

    private static long draw(Source source, double p, long n) {
        if (n == 0 || p <= 0) {
            return 0;
        }
        if (p >= 1) {
            return n;
        }
        double q = Math.min(p, 1 - p);
        long k = n * q < SMALL_MEAN ? byWaiting(source, q, n) : byRejection(source, q, (double) n);
        return p <= 0.5 ? k : n - k;
    }

    /// Counts how many geometric waiting times fit into `n` trials.
    private static long byWaiting(Source source, double p, long n) {
        double logQ = Elementary.log1p(-p);
        double trials = 0;
        double[] next = new double[1];
        for (long successes = 0; ; successes++) {
            source.next(next);
            trials += Math.floor(Elementary.log1p(-next[0]) / logQ) + 1;
            if (trials > n) {
                return successes;
            }
        }
    }

    private static long byRejection(Source source, double p, double n) {
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
        double[] next = new double[2];
        while (true) {
            source.next(next);
            double u = next[0] - 0.5;
            double v = next[1];
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
