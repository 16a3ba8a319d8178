package kiln.array;

/// A value outside the domain of a function, a parameter or a support.
public final class DomainException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Diagnosis diagnosis;

    /// An error with the given diagnosis as its message.
    public DomainException(Diagnosis diagnosis) {
        super(diagnosis.message());
        this.diagnosis = diagnosis;
    }

    /// {@return what the message is made of}
    public Diagnosis diagnosis() {
        return diagnosis;
    }
}
