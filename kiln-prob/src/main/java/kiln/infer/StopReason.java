package kiln.infer;

/// Why a run ended.
public enum StopReason {
    /// All draws that were asked for were made.
    COMPLETED,
    /// The stop rule was satisfied before.
    CONVERGED,
    /// The time limit passed.
    TIME_LIMIT,
    /// The program's own condition was met.
    STOPPED,
    /// The thread was interrupted, or the process was told to end (Ctrl-C, SIGTERM).
    INTERRUPTED
}
