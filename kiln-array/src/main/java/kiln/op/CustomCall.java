package kiln.op;

/// The open branch of the operations: what the user defines, with rules of their own.
public non-sealed interface CustomCall extends TupleOp {}
