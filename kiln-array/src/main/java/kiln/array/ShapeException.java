package kiln.array;

/// Shapes, axes or indices that do not fit together.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// An error with the given diagnosis as its message.
    public ShapeException(Diagnosis diagnosis) {
        super(diagnosis.message());
    }
}
