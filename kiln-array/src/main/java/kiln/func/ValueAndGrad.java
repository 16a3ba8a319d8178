package kiln.func;

import kiln.array.NDArray;

/// The value of a scalar function and its gradient.
///
/// @param value the value, a scalar
/// @param grad  the gradient, with the structure of the argument
public record ValueAndGrad<P>(NDArray value, P grad) {
    /// The value of a scalar function, its further results, and its gradient.
    ///
    /// @param value the value, a scalar
    /// @param aux   the further results
    /// @param grad  the gradient, with the structure of the argument
    public record WithAux<P, X>(NDArray value, X aux, P grad) {}
}
