package kiln.infer.mcmc;

/// Whoever wants to know how far the chains are.
///
/// The methods are called from the threads of the chains, several at a time; a call should return at once.
public interface ProgressListener {
    /// Nobody.
    ProgressListener NONE = progress -> {};

    /// A chain has moved on: about ten times a second, and after its last iteration.
    void update(ChainProgress progress);

    /// All chains have ended, also after a failure; called once by the thread that started the run.
    default void finished() {}
}
