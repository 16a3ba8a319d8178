package kiln.array;

/// The number of a traced value was asked for while a function is being traced.
public final class TracedValueException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// An error with the given diagnosis as its message.
    public TracedValueException(Diagnosis diagnosis) {
        super(diagnosis.message());
    }
}
