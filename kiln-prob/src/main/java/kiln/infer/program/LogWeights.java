package kiln.infer.program;

import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// Arithmetic with weights given by their logarithms; sums run in order, so that they are the same bits everywhere.
final class LogWeights {
    private LogWeights() {}

    /// {@return `log mean exp w`}
    static double logMeanExp(double[] w) {
        return LogSumExp.of(w) - Elementary.log(w.length);
    }

    /// {@return the weights divided by their sum, which is not 0}
    static double[] normalized(double[] w) {
        double total = LogSumExp.of(w);
        double[] p = new double[w.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Elementary.exp(w[i] - total);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /// {@return `(Σ p)² / Σ p²` of normalised weights, from 1 to their number}
    static double effectiveSampleSize(double[] p) {
        double squares = 0;
        for (double x : p) {
            squares += x * x;
        }
        return 1 / squares;
    }

    /// Systematic resampling: the `n` points `(u + i)/n` on the line of the cumulated weights.
    ///
    /// Index `i` is drawn `⌊n pᵢ⌋` or `⌈n pᵢ⌉` times. Source: Carpenter, Clifford and Fearnhead (1999).
    ///
    /// @param p normalised weights
    /// @param u uniform in [0, 1)
    /// @return `n` indices in ascending order
    static int[] systematic(double[] p, int n, double u) {
        int[] out = new int[n];
        int i = 0;
        double reached = p[0];
        for (int k = 0; k < n; k++) {
            double point = (u + k) / n;
            while (point >= reached && i < p.length - 1) {
                reached += p[++i];
            }
            out[k] = i;
        }
        // Rounding may leave the last points beyond the sum: they belong to the last weight that is not 0.
        for (int k = n - 1; k >= 0 && p[out[k]] == 0; k--) {
            while (p[out[k]] == 0) {
                out[k]--;
            }
        }
        return out;
    }
}
