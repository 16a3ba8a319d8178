package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import kiln.infer.LogDensity;
import org.jspecify.annotations.Nullable;

/// Runs several chains on threads and collects their draws: the same draws for any number of threads.
///
/// Every chain has its own random numbers, workspace and statistics; threads take whole chains in the order of their numbers.
/// An exception thrown by the density stops all chains and reaches the caller as it was thrown.
///
/// @param numChains  number of chains, ≥ 1
/// @param numSamples iterations of each chain after its warm-up, before thinning, ≥ 0
/// @param thinning   every how many iterations a draw is kept, ≥ 1: `⌊numSamples / thinning⌋` draws
/// @param threads    at most so many chains run at a time, ≥ 1; with 1 the caller's thread does it
/// @param keep       statistics to keep of every draw
/// @param progress   is told how far the chains are
public record ParallelChains(
        int numChains, int numSamples, int thinning, int threads, Set<Statistic> keep, ProgressListener progress) {
    private static final long UPDATE_NANOS = 100_000_000;

    /// @throws IllegalArgumentException if a number is out of its range
    public ParallelChains {
        HMCSettings.require(numChains >= 1, "numChains must be ≥ 1", numChains);
        HMCSettings.require(numSamples >= 0, "numSamples must be ≥ 0", numSamples);
        HMCSettings.require(thinning >= 1, "thinning must be ≥ 1", thinning);
        HMCSettings.require(threads >= 1, "threads must be ≥ 1", threads);
        keep = Set.copyOf(keep);
    }

    /// Four chains of 1000 draws, without thinning, on as many threads as there are processors, keeping the divergences.
    public ParallelChains() {
        this(4, 1000, 1, Runtime.getRuntime().availableProcessors(), EnumSet.of(Statistic.DIVERGING), ProgressListener.NONE);
    }

    /// A copy with another [#numChains()].
    public ParallelChains numChains(int v) {
        return new ParallelChains(v, numSamples, thinning, threads, keep, progress);
    }

    /// A copy with another [#numSamples()].
    public ParallelChains numSamples(int v) {
        return new ParallelChains(numChains, v, thinning, threads, keep, progress);
    }

    /// A copy with another [#thinning()].
    public ParallelChains thinning(int v) {
        return new ParallelChains(numChains, numSamples, v, threads, keep, progress);
    }

    /// A copy with another [#threads()].
    public ParallelChains threads(int v) {
        return new ParallelChains(numChains, numSamples, thinning, v, keep, progress);
    }

    /// A copy with other [#keep()].
    public ParallelChains keep(Set<Statistic> v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, v, progress);
    }

    /// A copy with another [#progress()].
    public ParallelChains progress(ProgressListener v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, keep, v);
    }

    /// Starts all chains and runs them.
    ///
    /// @param positions initial positions `[chain][d]`
    /// @param seeds     one seed per chain
    /// @param numWarmup warm-up iterations of each chain, ≥ 0
    /// @throws IllegalArgumentException if there is not one position and one seed per chain
    public ChainDraws run(Sampler sampler, LogDensity density, double[][] positions, long[] seeds, int numWarmup) {
        if (positions.length != numChains || seeds.length != numChains) {
            throw new IllegalArgumentException("ParallelChains: there must be one position and one seed per chain.\n"
                    + "  Expected: " + numChains + "\n"
                    + "  Got:      " + positions.length + " positions, " + seeds.length + " seeds");
        }
        double[][] initial = Arrays.stream(positions).map(double[]::clone).toArray(double[][]::new);
        long[] own = seeds.clone();
        return run(c -> sampler.start(density, initial[c], own[c], numWarmup));
    }

    /// Runs chains, new or resumed ones: each does what is left of its warm-up, then `numSamples` iterations.
    ///
    /// @param start makes the chain of a number; called once per chain, by the thread that will run it
    public ChainDraws run(IntFunction<Chain> start) {
        Run run = new Run(start);
        try {
            if (threads == 1 || numChains == 1) {
                run.work();
            } else {
                run.onThreads(Math.min(threads, numChains));
            }
        } finally {
            progress.finished();
        }
        Throwable failure = run.failure.get();
        if (failure != null) {
            ParallelChains.<RuntimeException>rethrow(failure);
        }
        return ChainDraws.of(List.copyOf(run.finished.values()), keep);
    }

    /// Throws what was thrown, checked or not, without wrapping it.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }

    /// What the threads of one call of [ParallelChains#run] share.
    private final class Run {
        private final IntFunction<Chain> start;
        private final AtomicInteger nextChain = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Map<Integer, ChainRecord> finished = new ConcurrentSkipListMap<>();

        Run(IntFunction<Chain> start) {
            this.start = start;
        }

        void onThreads(int count) {
            List<Thread> workers = IntStream.range(0, count)
                    .mapToObj(i -> Thread.ofPlatform().name("kiln-chains-" + i).daemon().start(this::work))
                    .toList();
            for (Thread worker : workers) {
                while (worker.isAlive()) {
                    try {
                        worker.join();
                    } catch (InterruptedException e) {
                        // Stop the chains and wait for them: none may go on after this method has returned.
                        stop(new CancellationException("the thread that runs the chains was interrupted"));
                    }
                }
            }
            if (failure.get() instanceof CancellationException) {
                Thread.currentThread().interrupt();
            }
        }

        private void stop(Throwable cause) {
            failure.compareAndSet(null, cause);
        }

        private void work() {
            try {
                for (int c = nextChain.getAndIncrement(); c < numChains && failure.get() == null; c = nextChain.getAndIncrement()) {
                    sample(c);
                }
            } catch (Throwable e) {
                stop(e);
            }
        }

        private void sample(int number) {
            Chain chain = start.apply(number);
            long warmup = Math.max(0, chain.numWarmup() - chain.iteration());
            long total = warmup + numSamples;
            ChainRecord record = new ChainRecord(numSamples / thinning, chain.dimension(), keep);
            double[] position = new double[chain.dimension()];
            boolean watched = !progress.equals(ProgressListener.NONE);
            long lastUpdate = System.nanoTime();
            for (long i = 0; i < total && failure.get() == null; i++) {
                chain.next(position);
                if (i >= warmup) {
                    record.count(chain);
                    if ((i - warmup + 1) % thinning == 0) {
                        record.keep(chain, position);
                    }
                }
                if (watched && (i + 1 == total || System.nanoTime() - lastUpdate > UPDATE_NANOS)) {
                    lastUpdate = System.nanoTime();
                    progress.update(new ChainProgress(number, i < warmup, i + 1, total, chain.stepSize(), record.divergences()));
                }
            }
            record.finish(chain);
            finished.put(number, record);
        }
    }
}
