package kiln.model;

/// What a parameter can be told beyond its start and its constraint, see [Primitives#eventDim].
public sealed interface ParamOption {
    /// How many axes at the end belong to one copy.
    ///
    /// @param dims ≥ 0
    record EventDim(int dims) implements ParamOption {}
}
