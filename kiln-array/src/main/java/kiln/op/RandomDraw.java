package kiln.op;

/// Draws that are computed inside a graph: because their distribution depends on an operand, or because their key is one.
///
/// The first operand holds packed keys, `int64`; the same keys give the same numbers. Derivatives are those of the draw at a fixed
/// probability.
public sealed interface RandomDraw extends Structured permits GammaDraw, KeyedDraw {}
