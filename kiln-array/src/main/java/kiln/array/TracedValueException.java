package kiln.array;

/// The number of a traced value was asked for while a function is being traced.
///
/// The error keeps the value, so that whoever knows more about it (a model knows its sites) can say where it came from.
public final class TracedValueException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Diagnosis diagnosis;
    private final transient NDArray value;

    /// An error with the given diagnosis as its message.
    ///
    /// @param value the array whose numbers were asked for
    public TracedValueException(Diagnosis diagnosis, NDArray value) {
        super(diagnosis.message());
        this.diagnosis = diagnosis;
        this.value = value;
    }

    /// {@return what the message says, to be extended}
    public Diagnosis diagnosis() {
        return diagnosis;
    }

    /// {@return the array whose numbers were asked for}
    public NDArray value() {
        return value;
    }
}
