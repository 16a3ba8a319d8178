package kiln.infer;

/// A log density at several positions at a time, with its gradients: what vectorized chains evaluate, see [LogDensity#lanes].
///
/// An evaluation allocates nothing after the first. An instance has a workspace and serves one thread at a time.
public interface LaneDensity {
    /// {@return the number of positions at a time, ≥ 2}
    int lanes();

    /// Values and gradients, each with the bits that [LogDensity#valueAndGradient] gives at its position alone.
    ///
    /// @param positions `q` of each lane, `[lanes][d]`; only read
    /// @param values    receives `L(q)` of each, length `lanes`
    /// @param gradients receives `∇L(q)` of each, `[lanes][d]`, different arrays
    void valuesAndGradients(double[][] positions, double[] values, double[][] gradients);

    /// Values alone, each with the bits that [LogDensity#value] gives at its position alone.
    ///
    /// @param positions `q` of each lane, `[lanes][d]`; only read
    /// @param values    receives `L(q)` of each, length `lanes`
    /// @param scratch   may be overwritten, `[lanes][d]`, other arrays than the positions and than each other
    default void values(double[][] positions, double[] values, double[][] scratch) {
        valuesAndGradients(positions, values, scratch);
    }
}
