package kiln.func;

import java.util.function.Function;

/// A value and the way back from its cotangents.
///
/// @param value    the value
/// @param pullback from a cotangent with the structure of the value to that of the argument; may be called many times
public record VJP<P, R>(R value, Function<R, P> pullback) {}
