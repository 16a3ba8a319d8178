package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.store.ChainState;

/// Running mean and (co)variance of the draws of one warm-up window, and the metric that follows from them.
///
/// ```
/// n ← n + 1;  δ = q − m;  m ← m + δ/n;  M ← M + δ (q − m)ᵀ;   Σ = M/(n − 1)
/// regularised   S = n/(n+5) Σ + 10⁻³ · 5/(n+5) I
/// ```
///
/// Source: Welford (1962), Chan, Golub and LeVeque (1983); the regularisation is Stan's.
final class Welford {
    private final boolean dense;
    private long count;
    private final double[] mean;
    private final double[] delta;
    /// Row `i` holds columns `0..i` when dense; one row with the diagonal otherwise.
    private final double[][] squares;

    Welford(int dimension, boolean dense) {
        this.dense = dense;
        mean = new double[dimension];
        delta = new double[dimension];
        squares = new double[dense ? dimension : 1][];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = new double[dense ? i + 1 : dimension];
        }
    }

    void save(ChainState.Builder state, String name) {
        double[] all = Arrays.stream(squares).flatMapToDouble(Arrays::stream).toArray();
        state.put(name + ".count", count).put(name + ".mean", mean).put(name + ".squares", all);
    }

    void restore(ChainState state, String name) {
        count = state.integer(name + ".count");
        System.arraycopy(state.doubles(name + ".mean"), 0, mean, 0, mean.length);
        double[] all = state.doubles(name + ".squares");
        int from = 0;
        for (double[] row : squares) {
            System.arraycopy(all, from, row, 0, row.length);
            from += row.length;
        }
    }

    long count() {
        return count;
    }

    /// {@return the mean of a coordinate}
    double mean(int i) {
        return mean[i];
    }

    /// {@return the variance of a coordinate; two draws at least}
    double variance(int i) {
        return (dense ? squares[i][i] : squares[0][i]) / (count - 1);
    }

    /// {@return the covariance of two coordinates; dense, two draws at least}
    double covariance(int i, int j) {
        return (i >= j ? squares[i][j] : squares[j][i]) / (count - 1);
    }

    void clear() {
        count = 0;
        Arrays.fill(mean, 0);
        for (double[] row : squares) {
            Arrays.fill(row, 0);
        }
    }

    void add(double[] q) {
        count++;
        for (int i = 0; i < q.length; i++) {
            delta[i] = q[i] - mean[i];
            mean[i] += delta[i] / count;
        }
        if (dense) {
            for (int i = 0; i < q.length; i++) {
                double[] row = squares[i];
                double rest = q[i] - mean[i];
                for (int j = 0; j <= i; j++) {
                    row[j] += rest * delta[j];
                }
            }
        } else {
            double[] row = squares[0];
            for (int i = 0; i < q.length; i++) {
                row[i] += delta[i] * (q[i] - mean[i]);
            }
        }
    }

    /// The metric of the draws added since [#clear]; two at least.
    ///
    /// @param regularize whether the estimate is shrunk towards `10⁻³ I`
    /// @throws IllegalStateException naming the coordinate whose variance cannot be used
    Metric metric(boolean regularize) {
        double shrink = regularize ? count / (count + 5.0) : 1;
        double add = regularize ? 1e-3 * 5 / (count + 5.0) : 0;
        int d = mean.length;
        double[][] s = new double[squares.length][];
        for (int r = 0; r < squares.length; r++) {
            s[r] = new double[dense ? d : squares[r].length];
            for (int j = 0; j < squares[r].length; j++) {
                s[r][j] = shrink * squares[r][j] / (count - 1) + (!dense || r == j ? add : 0);
            }
        }
        for (int i = 0; i < d; i++) {
            double variance = dense ? s[i][i] : s[0][i];
            if (!(variance > 0 && Double.isFinite(variance))) {
                throw new IllegalStateException("Warm-up: the posterior variance of a coordinate cannot be estimated.\n"
                        + "  Expected: a finite variance > 0\n"
                        + "  Got:      " + variance + " at coordinate " + i + " of " + d + ", from " + count + " draws\n"
                        + "  Fix:      check that the posterior is proper, or start with another initial value.");
            }
        }
        return dense ? Metric.dense(s) : new DiagonalMetric(s[0]);
    }
}
