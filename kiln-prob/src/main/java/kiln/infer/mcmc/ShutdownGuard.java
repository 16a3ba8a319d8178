package kiln.infer.mcmc;

/// Lets a program keep its draws when its process is told to end (Ctrl-C, SIGTERM): the run is stopped, and the process waits for the
/// thread that runs it, which goes on with what was drawn, for a short while.
final class ShutdownGuard implements AutoCloseable {
    /// Time for the program to print or store what was drawn.
    private static final long GRACE_MILLIS = 10_000;

    private final Thread hook;

    /// @param stop ends the run
    ShutdownGuard(Runnable stop) {
        Thread caller = Thread.currentThread();
        hook = new Thread(() -> {
            stop.run();
            try {
                caller.join(GRACE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "kiln-shutdown");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            stop.run(); // the process is ending already
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs and waits for this thread.
        }
    }
}
