package kiln.infer;

import java.util.Arrays;

/// What the rest of a model, data above all, says about each coordinate: a normal likelihood, near enough to choose coordinates by.
///
/// ```
/// log ℓ_i(x) ≈ linear_i · x − ½ precision_i · x²,   that is Normal(x; linear_i / precision_i, 1/√precision_i)
/// ```
///
/// A guess may be as wrong as it likes: the posterior stays the same, only sampling it becomes harder.
public final class Information {
    private final double[] precision;
    private final double[] linear;

    /// Copies both.
    ///
    /// @param precision by coordinate, ≥ 0; 0 says nothing; ∞ leaves the site of the coordinate as written
    /// @param linear    by coordinate, finite
    /// @throws IllegalArgumentException if a number is outside its domain
    public Information(double[] precision, double[] linear) {
        this.precision = precision.clone();
        this.linear = linear.clone();
        if (Arrays.stream(precision).anyMatch(k -> !(k >= 0))
                || !Arrays.stream(linear).allMatch(Double::isFinite)
                || precision.length != linear.length) {
            throw new IllegalArgumentException("Information: there must be a precision ≥ 0 and a finite linear term for each coordinate.\n"
                    + "  Got:      precision " + Arrays.toString(precision) + ", linear " + Arrays.toString(linear));
        }
    }

    /// {@return the precision by coordinate, a copy}
    public double[] precision() {
        return precision.clone();
    }

    /// {@return the linear term by coordinate, a copy}
    public double[] linear() {
        return linear.clone();
    }
}
