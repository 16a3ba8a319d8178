package kiln.infer.mcmc;

/// Looks at the draws of a run now and then, and tells the listener how well the chains agree; a thread that costs a few percent.
final class ConvergenceWatch implements AutoCloseable {
    private static final long PAUSE_MILLIS = 1000;
    /// Looks are this many times as far apart as they take.
    private static final int SPARING = 20;
    private static final int MOST = 100;

    private final Thread thread;

    ConvergenceWatch(DrawHistory history, ProgressListener listener) {
        thread = Thread.ofPlatform().name("kiln-convergence").daemon().unstarted(() -> watch(history, listener));
        if (!listener.equals(ProgressListener.NONE)) {
            thread.start();
        }
    }

    private static void watch(DrawHistory history, ProgressListener listener) {
        long pause = PAUSE_MILLIS;
        int seen = 0;
        while (true) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            int draws = history.draws();
            if (draws > seen) {
                seen = draws;
                long begin = System.nanoTime();
                Convergence.of(history, draws, MOST).ifPresent(listener::convergence);
                pause = Math.max(PAUSE_MILLIS, SPARING * (System.nanoTime() - begin) / 1_000_000);
            }
        }
    }

    /// Ends it; a look that is under way is finished before.
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
