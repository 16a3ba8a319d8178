package kiln.infer;

/// A log density on `R^d` with its gradient: all that a sampler or an optimiser knows of a model.
///
/// ```
/// L(q) = log p(x, θ(q)) + log |det dθ/dq|
/// ```
///
/// An evaluation allocates nothing, and one instance may be used by several threads at a time.
public interface LogDensity {
    /// {@return the dimension `d` of the unconstrained space; ≥ 0}
    int dimension();

    /// Value and gradient at a point.
    ///
    /// A value outside the support, or one that cannot be computed, is a result and not an exception: `-∞` or NaN.
    ///
    /// @param position `q`, length `d`; only read
    /// @param gradient receives `∇L(q)`, length `d`
    /// @return `L(q)`
    double valueAndGradient(double[] position, double[] gradient);

    /// {@return how it is computed, for people: for a compiled model its graph before and after each pass, loops, and sizes}
    default String explain() {
        return getClass().getName() + ": a density in " + dimension() + " dimensions that Kiln did not compile\n";
    }
}
