package kiln.infer.mcmc;

/// Whoever wants to know how far the chains are.
///
/// The methods are called from the threads of the chains, several at a time; a call should return at once.
public interface ProgressListener {
    /// Nobody.
    ProgressListener NONE = progress -> {};

    /// {@return a display on the terminal if a person is looking, otherwise a line in the log now and then}
    static ProgressListener standard() {
        return TerminalProgress.isInteractive() ? new TerminalProgress(System.err) : new LogProgress();
    }

    /// A chain has moved on: about ten times a second, and after its last iteration.
    void update(ChainProgress progress);

    /// How well the chains agree so far: about once a second while there are new draws, by a thread of its own.
    default void convergence(Convergence convergence) {}

    /// All chains have ended, also after a failure; called once by the thread that started the run.
    default void finished() {}
}
