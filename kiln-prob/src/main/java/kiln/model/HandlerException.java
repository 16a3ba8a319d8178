package kiln.model;

import kiln.array.Diagnosis;

/// A statement of a model and the handlers around it do not fit: no handler, no key, a name used twice, a plate left open.
public final class HandlerException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// An error with the given diagnosis as its message.
    public HandlerException(Diagnosis diagnosis) {
        super(diagnosis.message());
    }
}
