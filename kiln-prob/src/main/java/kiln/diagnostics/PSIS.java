package kiln.diagnostics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import kiln.math.Elementary;
import kiln.math.LogSumExp;

/// Pareto smoothed importance sampling: importance weights whose largest ones are replaced by the quantiles of a fitted tail.
///
/// ```
/// M = ⌈min(S/5, 3 √(S / r))⌉ largest ratios, u the next one below;   fit a generalised Pareto to r₍i₎ − u
/// r₍i₎ ← min(u + Q((i − ½)/M), max r),  i = 1 … M;   log w = log r − log Σ r
/// ```
///
/// Its `k` says whether the weights can be trusted: the error falls with the number of draws as it should below 0.7, needs
/// [ParetoK#minDraws] draws there, and nothing helps above.
///
/// Source: Vehtari, Simpson, Gelman, Yao and Gabry, *Pareto smoothed importance sampling* (2024), section 3. Immutable.
public final class PSIS {
    /// Fewer draws than this make no tail.
    private static final int MIN_TAIL = 5;

    private final double[] logWeights;
    private final double k;
    private final int tailLength;
    private final double ess;

    private PSIS(double[] logWeights, double k, int tailLength, double ess) {
        this.logWeights = logWeights;
        this.k = k;
        this.tailLength = tailLength;
        this.ess = ess;
    }

    /// Smoothed weights of independent draws.
    ///
    /// @param logRatios log importance ratios up to a constant, one per draw; only read
    /// @throws IllegalArgumentException if there is none, or one is not finite
    public static PSIS of(double[] logRatios) {
        return of(logRatios, 1);
    }

    /// Smoothed weights of correlated draws.
    ///
    /// @param logRatios          log importance ratios up to a constant, one per draw; only read
    /// @param relativeEfficiency effective draws per draw of the ratios, > 0; 1 for independent draws
    /// @throws IllegalArgumentException if there is no ratio, one is not finite, or the efficiency is not > 0
    public static PSIS of(double[] logRatios, double relativeEfficiency) {
        check(logRatios, relativeEfficiency);
        int total = logRatios.length;
        double max = Arrays.stream(logRatios).max().orElseThrow();
        double[] lw = Arrays.stream(logRatios).map(v -> v - max).toArray();
        int tail = (int) Math.ceil(Math.min(0.2 * total, 3 * Math.sqrt(total / relativeEfficiency)));
        double k = Double.POSITIVE_INFINITY;
        if (tail >= MIN_TAIL) {
            k = smooth(lw, tail);
        }
        double norm = LogSumExp.of(lw);
        double squares = 0;
        for (int s = 0; s < total; s++) {
            lw[s] -= norm;
            squares += Elementary.exp(2 * lw[s]);
        }
        return new PSIS(lw, k, tail, relativeEfficiency / squares);
    }

    private static void check(double[] logRatios, double relativeEfficiency) {
        if (logRatios.length == 0 || !(relativeEfficiency > 0)) {
            throw new IllegalArgumentException("PSIS: not defined.\n"
                    + "  Expected: at least one ratio and a relative efficiency > 0\n"
                    + "  Got:      " + logRatios.length + " ratios, relative efficiency " + relativeEfficiency);
        }
        for (int s = 0; s < logRatios.length; s++) {
            if (!Double.isFinite(logRatios[s])) {
                throw new IllegalArgumentException("PSIS: an importance ratio is not finite.\n"
                        + "  Expected: finite log ratios\n"
                        + "  Got:      " + logRatios[s] + " at draw " + s + " of " + logRatios.length);
            }
        }
    }

    /// Replaces the tail, with 0 as the largest value; the ranks decide who gets which quantile, the index among equals.
    private static double smooth(double[] lw, int tail) {
        int total = lw.length;
        int[] order = IntStream.range(0, total).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> lw[i]).thenComparingInt(i -> i))
                .mapToInt(Integer::intValue).toArray();
        int first = total - tail;
        double spread = lw[order[total - 1]] - lw[order[first]];
        if (spread < 0x1p-52 / 100) {
            return Double.POSITIVE_INFINITY; // a constant tail has no shape
        }
        double cutoff = Elementary.exp(lw[order[first - 1]]);
        double[] excess = new double[tail];
        for (int i = 0; i < tail; i++) {
            excess[i] = Elementary.exp(lw[order[first + i]]) - cutoff;
        }
        GeneralizedPareto fit = GeneralizedPareto.fit(excess);
        if (Double.isFinite(fit.k())) {
            for (int i = 0; i < tail; i++) {
                lw[order[first + i]] = Math.min(Elementary.log(cutoff + fit.quantile((i + 0.5) / tail)), 0);
            }
        }
        return fit.k();
    }

    /// {@return the logarithms of the smoothed weights, which add up to 1; a copy}
    public double[] logWeights() {
        return logWeights.clone();
    }

    /// {@return the shape `k` of the tail; +∞ where none can be fitted}
    public double k() {
        return k;
    }

    /// {@return the number of draws in the tail}
    public int tailLength() {
        return tailLength;
    }

    /// {@return the effective number of draws, relative efficiency over `Σ w²`}
    public double ess() {
        return ess;
    }

    @Override
    public String toString() {
        return "PSIS of " + logWeights.length + " draws: k = " + Text.decimals(k, 2) + ", effective size " + Text.decimals(ess, 1);
    }
}
