package kiln.op;

/// A product of arrays summed over shared axes.
public sealed interface Contraction extends Structured permits MatMul, FourierTransform {}
