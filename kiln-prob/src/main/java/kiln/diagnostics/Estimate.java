package kiln.diagnostics;

/// A sum over observations with its standard error over other observations of the same kind, `√(n Var(terms))`.
///
/// @param value the sum
/// @param se    its standard error, same unit; NaN for a single observation
public record Estimate(double value, double se) {
    /// {@return the sum of terms}
    static Estimate sumOf(double[] terms) {
        double sum = 0;
        for (double t : terms) {
            sum += t;
        }
        return new Estimate(sum, Math.sqrt(terms.length * Moments.variance(terms)));
    }

    /// {@return this times a factor}
    Estimate times(double factor) {
        return new Estimate(factor * value, Math.abs(factor) * se);
    }
}
