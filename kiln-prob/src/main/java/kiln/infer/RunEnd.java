package kiln.infer;

/// How a run ended, and how far it came. Whatever stopped it, its draws are the first ones of the run that was planned.
///
/// @param reason  why it ended
/// @param draws   draws kept of each chain
/// @param planned draws of each chain that were asked for
public record RunEnd(StopReason reason, int draws, int planned) {
    /// {@return a sentence for people; empty if the run did what it was asked for}
    public String sentence() {
        String count = draws + " of " + planned + " draws of each chain";
        return switch (reason) {
            case COMPLETED -> "";
            case CONVERGED -> "Converged after " + count + ".";
            case TIME_LIMIT -> "Stopped by the time limit after " + count + ".";
            case STOPPED -> "Stopped by the program after " + count + ".";
            case INTERRUPTED -> "Interrupted after " + count + ".";
        };
    }
}
