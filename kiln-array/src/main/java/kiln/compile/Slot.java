package kiln.compile;

/// Where an argument or a result lies: from which element on of which Java array that the caller passes.
///
/// @param buffer number of the caller's array
/// @param offset first element; ≥ 0
public record Slot(int buffer, int offset) {}
