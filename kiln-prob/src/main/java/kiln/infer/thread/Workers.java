package kiln.infer.thread;

import java.util.List;
import java.util.stream.IntStream;
import kiln.array.DType;

/// Threads that do the same work until there is none left, and the one that waits for them.
public final class Workers {
    private Workers() {}

    /// Runs the work on threads of its own and returns when all of them have ended, interrupted or not: none goes on after this method.
    ///
    /// The threads see the default element type of the caller, who stays interrupted if it was.
    ///
    /// @param name        of the threads, for debuggers
    /// @param count       number of threads, ≥ 1
    /// @param work        done by every thread; takes its tasks itself; must not throw
    /// @param interrupted called when the caller is interrupted while it waits: should make the work end soon
    public static void run(String name, int count, Runnable work, Runnable interrupted) {
        DType floating = DType.floating();
        List<Thread> threads = IntStream.range(0, count)
                .mapToObj(i -> Thread.ofPlatform().name(name + "-" + i).daemon().start(() -> DType.withDefault(floating, work)))
                .toList();
        boolean wasInterrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    interrupted.run();
                }
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Throws what a thread had thrown, checked or not, without wrapping it.
    public static void rethrow(Throwable thrown) {
        Workers.<RuntimeException>sneak(thrown);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
