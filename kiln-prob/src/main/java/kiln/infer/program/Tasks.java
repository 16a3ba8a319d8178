package kiln.infer.program;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import kiln.infer.thread.Workers;

/// Runs numbered tasks on threads. Results come in the order of the numbers, so they do not depend on how many threads there are.
final class Tasks {
    private Tasks() {}

    /// {@return the results of the tasks `0 … n − 1`}
    ///
    /// An exception stops the tasks that have not begun and reaches the caller as it was thrown; of several, that of the lowest number.
    ///
    /// @param threads at most so many at a time; with 1 the caller's thread does it
    static <T> List<T> map(int n, int threads, IntFunction<T> task) {
        var results = new AtomicReferenceArray<T>(n);
        var next = new AtomicInteger();
        Map<Integer, Throwable> failures = new ConcurrentSkipListMap<>();
        Runnable work = () -> {
            // Whoever takes a number has seen all lower ones taken: the lowest failure is found whatever the others do.
            for (int i = next.getAndIncrement(); i < n && failures.isEmpty(); i = next.getAndIncrement()) {
                try {
                    results.set(i, task.apply(i));
                } catch (Throwable e) {
                    failures.put(i, e);
                }
            }
        };
        if (threads == 1 || n == 1) {
            work.run();
        } else {
            Workers.run("kiln-programs", Math.min(threads, n), work, () ->
                    failures.putIfAbsent(n, new CancellationException("the thread that runs the models was interrupted")));
        }
        if (!failures.isEmpty()) {
            Workers.rethrow(failures.values().iterator().next());
        }
        return IntStream.range(0, n).mapToObj(results::get).toList();
    }

    /// Refuses a setting.
    static void require(boolean holds, String what, long got) {
        if (!holds) {
            throw new kiln.array.DomainException(
                    new kiln.array.Diagnosis("inference", what).got("" + got).at(kiln.array.UserCode.line()));
        }
    }
}
