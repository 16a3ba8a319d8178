package kiln.infer.svi;

import kiln.array.Diagnosis;

/// An optimisation came to a loss that is no number; it has the result of the steps before.
public final class SVIException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient SVIResult result;

    SVIException(Diagnosis diagnosis, SVIResult result) {
        super(diagnosis.message());
        this.result = result;
    }

    /// {@return the steps before, with the last parameters whose loss was a number}
    public SVIResult result() {
        return result;
    }
}
