package kiln.func;

import kiln.array.NDArray;

/// The value of a scalar function and its gradient.
///
/// @param value the value, a scalar
/// @param grad  the gradient, with the structure of the argument
public record ValueAndGrad<P>(NDArray value, P grad) {}
