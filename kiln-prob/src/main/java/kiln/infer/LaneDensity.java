package kiln.infer;

/// A log density at several positions at a time, with its gradients: what vectorized chains evaluate, see [LogDensity#lanes].
///
/// ```
/// coordinate i of lane k  =  positions[i · lanes + k]
/// ```
///
/// Lanes lie next to each other, so that an operation on all of them is one on neighbours in memory, which processors have vector instructions
/// for. An evaluation allocates nothing after the first. An instance has a workspace and serves one thread at a time.
public interface LaneDensity {
    /// {@return the number of positions at a time, ≥ 1}
    int lanes();

    /// Values and gradients, each with the bits that [LogDensity#valueAndGradient] gives at its position alone.
    ///
    /// @param positions `q`, `[d][lanes]` in one array; only read
    /// @param values    receives `L(q)`, length `lanes`
    /// @param gradients receives `∇L(q)`, as the positions lie
    void valuesAndGradients(double[] positions, double[] values, double[] gradients);
}
