package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.List;
import kiln.infer.SubsampleDensity;
import kiln.math.Elementary;

/// A target of [HMCECS] with a few rows, whose numbers are the discrete values of a [MixedTarget]: `m` of `n` rows, one parameter `q ~ N(0, 1)`.
///
/// ```
/// degree 0     L = n/m Σ_j ℓ_{u_j}(q)
/// degree 1, 2  L = Σ_i w_i(q) + n mean(d) − ½ n²/m var(d),   w_i the Taylor polynomial about 0.3
/// ```
///
/// @param table draws from it and says how its statistics are distributed
record RowTarget(MixedTarget table, int n, int m) implements Tabulated, SubsampleDensity {
    /// The log likelihood of a row with its first two derivatives.
    interface Row {
        double[] at(int i, double q);
    }

    static RowTarget of(String name, int n, int m, int degree, Row row) {
        double[] numbers = new double[n];
        Arrays.setAll(numbers, i -> i);
        double[][] supports = new double[m][];
        Arrays.fill(supports, numbers);
        return new RowTarget(new MixedTarget(name, 12, supports, (q, u, g) -> {
            double at = 0.3;
            double x = q - at;
            double value = -0.5 * q * q;
            double slope = -q;
            double[] d = new double[m];
            double[] dSlope = new double[m];
            for (int j = 0; j < m; j++) {
                double[] l = row.at((int) u[j], q);
                double[] w = polynomial(row, (int) u[j], at, x, degree);
                d[j] = l[0] - w[0];
                dSlope[j] = l[1] - w[1];
            }
            double mean = Arrays.stream(d).sum() / m;
            double meanSlope = Arrays.stream(dSlope).sum() / m;
            value += n * mean;
            slope += n * meanSlope;
            if (degree > 0) {
                for (int i = 0; i < n; i++) {
                    double[] w = polynomial(row, i, at, x, degree);
                    value += w[0];
                    slope += w[1];
                }
                for (int j = 0; j < m; j++) {
                    value -= 0.5 * n * n / (m * m) * (d[j] - mean) * (d[j] - mean);
                    slope -= (double) n * n / (m * m) * (d[j] - mean) * (dSlope[j] - meanSlope);
                }
            }
            g[0] = slope;
            return value;
        }), n, m);
    }

    private static double[] polynomial(Row row, int i, double at, double x, int degree) {
        double[] l = row.at(i, at);
        return switch (degree) {
            case 0 -> new double[2];
            case 1 -> new double[] {l[0] + l[1] * x, l[1]};
            default -> new double[] {l[0] + l[1] * x + 0.5 * l[2] * x * x, l[1] + l[2] * x};
        };
    }

    private static final double[] Y = {-1, 0.5, 2, 0.2, 1.1};

    private static double[] normal(int i, double q) {
        double w = 0.2 + 0.5 * i;
        return new double[] {-0.5 * w * (Y[i] - q) * (Y[i] - q), w * (Y[i] - q), -w};
    }

    private static double[] logistic(int i, double q) {
        return logistic(Y[i], q);
    }

    /// Rows of similar curvature: with others the estimate of degree 2 grows without bound far from 0.3, faster than the prior falls.
    private static double[] alike(int i, double q) {
        return logistic((i % 2 == 0 ? 1 : -1) * (0.9 + 0.05 * i), q);
    }

    private static double[] logistic(double x, double q) {
        double p = Elementary.sigmoid(-x * q);
        return new double[] {-Elementary.softplus(-x * q), x * p, -x * x * p * (1 - p)};
    }

    private static double[] poisson(int i, double q) {
        double rate = (0.3 + 0.4 * i) * Elementary.exp(q);
        return new double[] {(i + 1) * q - rate, i + 1 - rate, -rate};
    }

    static final List<RowTarget> ALL = List.of(
            of("normal, no proxy", 3, 2, 0, RowTarget::normal), of("logistic, no proxy", 4, 2, 0, RowTarget::logistic),
            of("normal, degree 1", 5, 2, 1, RowTarget::normal), of("logistic, degree 1", 4, 3, 1, RowTarget::logistic),
            of("logistic, degree 2", 5, 2, 2, RowTarget::alike), of("Poisson, degree 2", 3, 3, 2, RowTarget::poisson));

    @Override
    public List<Rows> rows() {
        return List.of(new Rows(0, m, n));
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
