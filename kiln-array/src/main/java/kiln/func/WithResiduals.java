package kiln.func;

/// The value of a function, and what its reverse derivative needs of the computation.
///
/// @param value     the value
/// @param residuals arrays, or a structure of them
public record WithResiduals<R, S>(R value, S residuals) {}
