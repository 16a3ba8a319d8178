package kiln.func;

/// A value and its derivative in a direction.
///
/// @param value   the value
/// @param tangent the directional derivative, with the structure of the value
public record JVP<R>(R value, R tangent) {}
