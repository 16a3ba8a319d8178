package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import kiln.math.Elementary;

/// The choice of a centring from draws with their scores.
///
/// ```
/// minimise over c   log Var(u) + log Var(∂L/∂u),    u = c loc + (q − loc) / scale^(1−c),   ∂L/∂u = scale^(1−c) ∂L/∂q
/// ```
///
/// The product of the variances is 1 or more. It is 1 where u is normal and independent of all other coordinates; for a normal posterior it is
/// 1 / (1 − R²), with R² the part of the variance of u that the others explain. Where u depends on scales as in a funnel, the scores have a large
/// variance for the sake of few draws.
///
/// Source: the criterion is the Fisher divergence of Seyboldt, Carlson and Carpenter (2026) after the best scaling of u.
final class CenteringChoice {
    private static final double[] GRID = {0, 0.25, 0.5, 0.75, 1};

    private final List<double[]> rows = new ArrayList<>();

    /// Adds a draw of one coordinate.
    ///
    /// @param u     the coordinate, in the centering c
    /// @param score ∂L/∂u
    void add(double u, double score, double c, double loc, double scale) {
        double logScale = Elementary.log(scale);
        double factor = Elementary.exp((1 - c) * logScale);
        rows.add(new double[] {(u - c * loc) * factor, score / factor, loc, logScale});
    }

    /// {@return the centring of the grid with the smallest product; the nearest to that of the model as written of several}
    ///
    /// @param otherwise what is returned where no product is a finite number
    double best(double otherwise) {
        double best = otherwise;
        double least = Double.POSITIVE_INFINITY;
        for (double c : GRID) {
            double loss = loss(c);
            if (loss <= least && Double.isFinite(loss)) {
                least = loss;
                best = c;
            }
        }
        return best;
    }

    /// The logarithm of the product of both variances.
    private double loss(double c) {
        var both = new Welford(2, false);
        for (double[] r : rows) {
            double factor = Elementary.exp((1 - c) * r[3]);
            both.add(new double[] {c * r[2] + r[0] / factor, r[1] * factor});
        }
        return Elementary.log(both.variance(0)) + Elementary.log(both.variance(1));
    }
}
