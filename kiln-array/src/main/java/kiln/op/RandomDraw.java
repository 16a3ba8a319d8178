package kiln.op;

/// Draws whose distribution depends on an operand: the randomness is a parameter of the operation, so that equal operations draw equal
/// numbers, and the derivative is that of the draw at a fixed probability.
public sealed interface RandomDraw extends Structured permits GammaDraw {}
