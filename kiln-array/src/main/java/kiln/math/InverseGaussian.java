package kiln.math;

/// Inverse Gaussian (Wald) draws.
public final class InverseGaussian {
    private InverseGaussian() {}

    /// One of the two roots that belong to a chi-squared number, chosen by a uniform one.
    ///
    /// Source: J. Michael, W. Schucany, R. Haas, *Generating random variates using transformations with multiple roots* (1976).
    ///
    /// @param mean > 0
    /// @param normal a standard normal number
    /// @param uniform a uniform number from `[0, 1)`
    /// @return a draw with the given mean and scale 1
    public static double draw(double mean, double normal, double uniform) {
        double w = mean * (normal * normal);
        // The smaller root as mean · 2 / (2 + w + √(w² + 4w)), which does not cancel.
        double x = mean * 2 / (2 + w + Math.sqrt(w * w + w * 4));
        return uniform <= mean / (mean + x) ? x : mean * mean / x;
    }
}
