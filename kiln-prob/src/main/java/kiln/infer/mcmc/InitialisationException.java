package kiln.infer.mcmc;

import kiln.array.Diagnosis;

/// No place with a finite log density and gradient was found for a chain to start from.
public final class InitialisationException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /// An error with the given diagnosis as its message.
    public InitialisationException(Diagnosis diagnosis) {
        super(diagnosis.message());
    }
}
