package kiln.func;

import kiln.array.NDArray;

/// A scalar to differentiate, and further results that are only passed on.
///
/// @param value the scalar
/// @param aux   structure of arrays that has no part in the gradient
public record WithAux<X>(NDArray value, X aux) {}
