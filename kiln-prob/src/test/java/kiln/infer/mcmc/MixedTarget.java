package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import kiln.infer.DiscreteDensity;
import kiln.math.Elementary;
import kiln.math.Gamma;
import kiln.math.GammaInc;

/// A target with one continuous coordinate and some discrete ones, tabulated: exact draws, and statistics whose law is known.
///
/// The density of the continuous coordinate in every cell (every combination of discrete values) is summed by the trapezoidal rule on
/// 40 001 points; its error is far below what 20 000 draws can see.
final class MixedTarget implements DiscreteDensity {
    private static final int POINTS = 40_001;

    private final String name;
    private final double range;
    private final double[][] supports;
    private final Log log;
    private final int cells;
    private double[][] cumulative = {};

    /// A log density.
    interface Log {
        /// {@return the value}
        ///
        /// @param g receives the derivative by `q` in `g[0]`
        double at(double q, double[] z, double[] g);
    }

    /// @param range the continuous coordinate lies in (−range, range), but for a negligible mass
    MixedTarget(String name, double range, double[][] supports, Log log) {
        this.name = name;
        this.range = range;
        this.supports = supports;
        this.log = log;
        cells = Arrays.stream(supports).mapToInt(s -> s.length).reduce(1, (a, b) -> a * b);
    }

    /// The sums in every cell, made when the first draw is asked for: most runs, those of other processes above all, need the density only.
    private synchronized double[][] cumulative() {
        if (cumulative.length > 0) {
            return cumulative;
        }
        double[][] sums = new double[cells][POINTS];
        double[] g = new double[1];
        double shift = log.at(0, values(0), g);
        for (int c = 0; c < cells; c++) {
            double[] z = values(c);
            double before = 0;
            for (int k = 0; k < POINTS; k++) {
                double f = Elementary.exp(log.at(q(k), z, g) - shift);
                sums[c][k] = k == 0 ? 0 : sums[c][k - 1] + 0.5 * (before + f);
                before = f;
            }
        }
        cumulative = sums;
        return sums;
    }

    private double q(int k) {
        return range * (2.0 * k / (POINTS - 1) - 1);
    }

    /// The discrete values of a cell.
    double[] values(int cell) {
        double[] z = new double[supports.length];
        int rest = cell;
        for (int i = 0; i < z.length; i++) {
            z[i] = supports[i][rest % supports[i].length];
            rest /= supports[i].length;
        }
        return z;
    }

    private int cell(double[] position) {
        int cell = 0;
        for (int i = supports.length - 1; i >= 0; i--) {
            cell = cell * supports[i].length + Arrays.binarySearch(supports[i], position[1 + i]);
        }
        return cell;
    }

    private double weight(int cell) {
        return cumulative()[cell][POINTS - 1];
    }

    private double total() {
        double sum = 0;
        for (int c = 0; c < cells; c++) {
            sum += weight(c);
        }
        return sum;
    }

    @Override
    public int dimension() {
        return 1 + supports.length;
    }

    @Override
    public int continuous() {
        return 1;
    }

    @Override
    public double[] support(int discrete) {
        return supports[discrete].clone();
    }

    @Override
    public double valueAndGradient(double[] p, double[] gradient) {
        double[] z = new double[supports.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = DiscreteDensity.nearest(supports[i], p[1 + i]);
        }
        Arrays.fill(gradient, 0);
        return log.at(p[0], z, gradient);
    }

    /// An exact draw.
    double[] draw(ChainRandom r) {
        double u = r.uniform() * total();
        int cell = 0;
        while (cell < cells - 1 && u >= weight(cell)) {
            u -= weight(cell++);
        }
        double[] c = cumulative()[cell];
        double level = r.uniform() * weight(cell);
        int k = Arrays.binarySearch(c, level);
        k = Math.clamp(k < 0 ? -k - 2 : k, 0, POINTS - 2);
        double[] out = new double[dimension()];
        out[0] = q(k) + (q(1) - q(0)) * (level - c[k]) / (c[k + 1] - c[k]);
        System.arraycopy(values(cell), 0, out, 1, supports.length);
        return out;
    }

    /// The discrete values given the continuous one: `u` uniform in (0, 1).
    double[] drawDiscrete(double q, double u) {
        double[] g = new double[1];
        double[] logs = new double[cells];
        for (int c = 0; c < logs.length; c++) {
            logs[c] = log.at(q, values(c), g);
        }
        double max = Arrays.stream(logs).max().orElseThrow();
        double[] w = Arrays.stream(logs).map(l -> Elementary.exp(l - max)).toArray();
        double rest = u * Arrays.stream(w).sum();
        int cell = 0;
        while (cell < w.length - 1 && rest >= w[cell]) {
            rest -= w[cell++];
        }
        return values(cell);
    }

    /// The distribution function of the continuous coordinate in its cell.
    double uniform(double[] position) {
        double[] c = cumulative()[cell(position)];
        double at = (position[0] / range + 1) / 2 * (POINTS - 1);
        int k = Math.clamp((int) at, 0, POINTS - 2);
        return Math.clamp((c[k] + (at - k) * (c[k + 1] - c[k])) / c[POINTS - 1], 0, 1);
    }

    /// The probability that a chi-square as large arises by chance from so many positions; cells of fewer than ten are pooled.
    double cellsByChance(List<double[]> positions) {
        int[] counts = new int[cells];
        positions.forEach(p -> counts[cell(p)]++);
        double chi2 = 0;
        double pooledExpected = 0;
        int pooled = 0;
        int groups = 0;
        for (int c = 0; c < counts.length; c++) {
            double expected = positions.size() * weight(c) / total();
            if (expected < 10) {
                pooledExpected += expected;
                pooled += counts[c];
            } else {
                chi2 += (counts[c] - expected) * (counts[c] - expected) / expected;
                groups++;
            }
        }
        if (pooledExpected > 0) {
            chi2 += (pooled - pooledExpected) * (pooled - pooledExpected) / pooledExpected;
            groups++;
        }
        return groups < 2 ? 1 : GammaInc.gammaincc(0.5 * (groups - 1), 0.5 * chi2);
    }

    @Override
    public String toString() {
        return name;
    }

    private static final double[] BIT = {0, 1};
    private static final double[] SPIN = {-1, 1};

    /// Six targets whose discrete and continuous coordinates depend on each other.
    static final List<MixedTarget> ALL = List.of(
            // a in {1, 4, 6}, P(b = 1 | a) = a/8, q ~ N(a − 3 b, (1 + b)²).
            new MixedTarget("shifted", 24, new double[][] {{1, 4, 6}, BIT}, (q, z, g) -> {
                double sd = 1 + z[1];
                double w = (q - z[0] + 3 * z[1]) / sd;
                g[0] = -w / sd;
                double prior = z[0] == 1 ? 0.2 : z[0] == 4 ? 0.5 : 0.3;
                return Elementary.log(prior) + Elementary.log(z[1] == 1 ? z[0] / 8 : 1 - z[0] / 8) - 0.5 * w * w - Elementary.log(sd);
            }),
            new MixedTarget("mixture", 16, new double[][] {{0, 1, 2}}, (q, z, g) -> {
                double w = q - 2 * z[0] + 2;
                g[0] = -w;
                return Elementary.log(z[0] == 0 ? 0.2 : z[0] == 1 ? 0.5 : 0.3) - 0.5 * w * w;
            }),
            new MixedTarget("count", 12, new double[][] {{0, 1, 2, 3, 4, 5}}, (q, z, g) -> {
                double rate = Elementary.exp(q);
                g[0] = -q + z[0] - rate;
                return -0.5 * q * q + z[0] * q - rate - Gamma.lgamma(z[0] + 1);
            }),
            new MixedTarget("spins", 12, new double[][] {SPIN, SPIN, SPIN}, (q, z, g) -> {
                double sum = z[0] + z[1] + z[2];
                g[0] = -q + 0.5 * sum;
                return -0.5 * q * q + 0.5 * q * sum + 0.4 * (z[0] * z[1] + z[1] * z[2]);
            }),
            new MixedTarget("tails", 600, new double[][] {BIT}, (q, z, g) -> {
                double s = 1 + z[0];
                g[0] = -6 * q / (5 * s * s + q * q);
                return -3 * Elementary.log1p(q * q / (5 * s * s)) - Elementary.log(s);
            }),
            new MixedTarget("scales", 20, new double[][] {{-2, 0, 2}}, (q, z, g) -> {
                double p = Elementary.exp(-z[0]);
                g[0] = -q * p;
                return -0.5 * q * q * p - 0.5 * z[0];
            }));
}
