package kiln.infer;

/// A log density of continuous and of discrete variables together: what a kernel needs that samples both.
///
/// The position holds the continuous coordinates on unconstrained space first, then the discrete ones, each of which takes one of a few
/// values. A discrete coordinate between two values counts as the nearer one, and has no derivative.
public interface DiscreteDensity extends SplitDensity {
    /// {@return the values of a discrete coordinate, increasing; at least one; a copy}
    ///
    /// @param discrete its number among the discrete coordinates
    double[] support(int discrete);

    /// {@return the value of a support that is nearest to a number; the smaller of two}
    ///
    /// @param support increasing values
    static double nearest(double[] support, double x) {
        double best = support[0];
        for (double v : support) {
            best = Math.abs(v - x) < Math.abs(best - x) ? v : best;
        }
        return best;
    }
}
