package kiln.func;

import java.util.function.Function;

/// A value and the linear function that approximates the change of the value.
///
/// @param value       the value
/// @param pushforward from a direction with the structure of the argument to the derivative; may be called many times
public record Linearized<P, R>(R value, Function<P, R> pushforward) {}
