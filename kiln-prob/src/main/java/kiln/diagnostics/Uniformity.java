package kiln.diagnostics;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import kiln.math.GammaInc;

/// Whether numbers that should be uniform are: ranks of simulation-based calibration, or probability integral transforms.
///
/// ```
/// band         the empirical distribution function at up to 100 points stays within limits that uniform numbers
///              leave anywhere with probability falseAlarm (exact)
/// chi-square   Σ (observed − expected)² / expected over bins with at least 5 expected, and its tail probability
/// ```
///
/// Numbers heaped at both ends: the posterior is too narrow; in the middle: too wide; at one end: biased.
///
/// Source: Talts, Betancourt, Simpson, Vehtari and Gelman, *Validating Bayesian inference algorithms with simulation-based calibration*
/// (2018); Säilynoja, Bürkner and Vehtari, *Graphical test for discrete uniformity* (2022). Immutable.
public final class Uniformity {
    private static final int MAX_POINTS = 100;
    private static final int MAX_BINS = 20;
    private static final int MIN_EXPECTED = 5;

    private final int n;
    private final double[] points;
    private final int[] counts;
    private final EcdfBand band;
    private final double falseAlarm;
    private final double chiSquareP;

    private Uniformity(double[] sorted, double[] points, double[] edges, double falseAlarm) {
        n = sorted.length;
        this.points = points;
        this.falseAlarm = falseAlarm;
        counts = Arrays.stream(points).mapToInt(z -> countUpTo(sorted, z)).toArray();
        band = EcdfBand.of(n, points, 1 - falseAlarm);
        chiSquareP = chiSquare(sorted, edges);
    }

    /// The test of continuous numbers.
    ///
    /// @param u          at least one, each in [0, 1]; only read
    /// @param falseAlarm probability that uniform numbers leave the band, in (0, 1)
    /// @throws IllegalArgumentException if a number is outside
    public static Uniformity of(double[] u, double falseAlarm) {
        check(u.length, falseAlarm);
        for (int i = 0; i < u.length; i++) {
            if (!(u[i] >= 0 && u[i] <= 1)) {
                throw new IllegalArgumentException("Uniformity: a number is not in [0, 1].\n  Got:      " + u[i] + " at index " + i);
            }
        }
        double[] sorted = u.clone();
        Arrays.sort(sorted);
        int bins = Math.clamp(u.length / MIN_EXPECTED, 1, MAX_BINS);
        return new Uniformity(sorted, inner(Math.clamp(u.length, 2, MAX_POINTS)), inner(bins), falseAlarm);
    }

    /// The test of ranks.
    ///
    /// @param ranks      at least one, each in 0 … draws; only read
    /// @param draws      number of draws among which each was ranked, ≥ 1
    /// @param falseAlarm probability that uniform ranks leave the band, in (0, 1)
    /// @throws IllegalArgumentException if a rank is outside
    public static Uniformity ofRanks(int[] ranks, int draws, double falseAlarm) {
        check(ranks.length, falseAlarm);
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] < 0 || ranks[i] > draws) {
                throw new IllegalArgumentException(
                        "Uniformity: a rank is not in 0 … " + draws + ".\n  Got:      " + ranks[i] + " at index " + i);
            }
        }
        // In the middle of its cell a rank lies below j/(draws + 1) exactly if it is one of 0 … j − 1.
        double[] sorted = Arrays.stream(ranks).sorted().mapToDouble(r -> (r + 0.5) / (draws + 1)).toArray();
        int cells = draws + 1;
        return new Uniformity(sorted, edges(cells, Math.min(cells, MAX_POINTS)),
                edges(cells, Math.min(cells, Math.clamp(ranks.length / MIN_EXPECTED, 1, MAX_BINS))), falseAlarm);
    }

    private static void check(int n, double falseAlarm) {
        if (n == 0 || !(falseAlarm > 0 && falseAlarm < 1)) {
            throw new IllegalArgumentException("Uniformity: not defined.\n"
                    + "  Expected: at least one number and a probability of a false alarm in (0, 1)\n"
                    + "  Got:      " + n + " numbers, probability " + falseAlarm);
        }
    }

    /// `1/parts, …, (parts − 1)/parts`
    private static double[] inner(int parts) {
        return IntStream.range(1, parts).mapToDouble(j -> (double) j / parts).toArray();
    }

    /// The same, moved to the next lower multiple of `1/cells`.
    private static double[] edges(int cells, int parts) {
        return IntStream.range(1, parts).map(j -> Math.toIntExact((long) j * cells / parts)).distinct()
                .mapToDouble(edge -> (double) edge / cells).toArray();
    }

    private static int countUpTo(double[] sorted, double z) {
        int count = 0;
        while (count < sorted.length && sorted[count] <= z) {
            count++;
        }
        return count;
    }

    private static double chiSquare(double[] sorted, double[] edges) {
        if (edges.length == 0) {
            return Double.NaN;
        }
        double sum = 0;
        int before = 0;
        double from = 0;
        for (int b = 0; b <= edges.length; b++) {
            double to = b < edges.length ? edges[b] : 1;
            int count = b < edges.length ? countUpTo(sorted, to) : sorted.length;
            double expected = (to - from) * sorted.length;
            sum += (count - before - expected) * (count - before - expected) / expected;
            before = count;
            from = to;
        }
        return GammaInc.gammaincc(edges.length / 2.0, sum / 2);
    }

    /// {@return whether the empirical distribution function stays within the band}
    public boolean isUniform() {
        return IntStream.range(0, counts.length).allMatch(i -> counts[i] >= band.lower()[i] && counts[i] <= band.upper()[i]);
    }

    /// {@return the tail probability of the chi-square statistic, uniform itself for uniform numbers; NaN for fewer than 10}
    public double chiSquareP() {
        return chiSquareP;
    }

    /// {@return the places of the band and of [#ecdf], in (0, 1); a copy}
    public double[] points() {
        return points.clone();
    }

    /// {@return the share of numbers up to each place}
    public double[] ecdf() {
        return Arrays.stream(counts).mapToDouble(c -> (double) c / n).toArray();
    }

    /// {@return the lower limit of [#ecdf]}
    public double[] lower() {
        return Arrays.stream(band.lower()).mapToDouble(c -> (double) c / n).toArray();
    }

    /// {@return the upper limit of [#ecdf]}
    public double[] upper() {
        return Arrays.stream(band.upper()).mapToDouble(c -> (double) c / n).toArray();
    }

    /// {@return the probability that uniform numbers stay within the band: `1 − falseAlarm` or a little more}
    public double coverage() {
        return band.coverage();
    }

    /// What the numbers look like, in words.
    @Override
    public String toString() {
        String test = String.format(Locale.ROOT, "(%d numbers, false alarm %s, chi-square p = %s)", n, Text.brief(falseAlarm),
                Text.decimals(chiSquareP, 3));
        if (isUniform()) {
            return "uniform " + test;
        }
        double low = 0;
        double high = 0;
        for (int i = 0; i < points.length; i++) {
            double d = (double) counts[i] / n - points[i];
            if (points[i] < 0.5) {
                low += d;
            } else {
                high += d;
            }
        }
        String shape = low > 0 && high < 0 ? "heaped at both ends: the posterior is too narrow"
                : low < 0 && high > 0 ? "heaped in the middle: the posterior is too wide"
                : low + high > 0 ? "heaped at the low end: the posterior lies too high" : "heaped at the high end: the posterior lies too low";
        return "not uniform, " + shape + " " + test;
    }
}
