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
final class CentringChoice {
    static final double[] GRID = {0, 0.25, 0.5, 0.75, 1};

    private final List<double[]> rows = new ArrayList<>();

    /// Adds a draw of one coordinate.
    ///
    /// @param u     the coordinate, in the centring c
    /// @param score ∂L/∂u
    void add(double u, double score, double c, double loc, double scale) {
        double logScale = Elementary.log(scale);
        double factor = Elementary.exp((1 - c) * logScale);
        rows.add(new double[] {(u - c * loc) * factor, score / factor, loc, logScale});
    }

    /// The logarithm of the product of the variances in every centring of [#GRID].
    double[] losses() {
        double[] out = new double[GRID.length];
        for (int k = 0; k < out.length; k++) {
            var position = new Welford(1, false);
            var score = new Welford(1, false);
            for (double[] r : rows) {
                double factor = Elementary.exp((1 - GRID[k]) * r[3]);
                position.add(new double[] {GRID[k] * r[2] + r[0] / factor});
                score.add(new double[] {r[1] * factor});
            }
            out[k] = Elementary.log(position.variance(0)) + Elementary.log(score.variance(0));
        }
        return out;
    }
}
