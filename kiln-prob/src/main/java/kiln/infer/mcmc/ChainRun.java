package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import kiln.infer.LogDensity;
import kiln.infer.StopReason;
import kiln.infer.thread.Workers;
import org.jspecify.annotations.Nullable;

/// One run of several groups of chains on threads: who moves which group when, and when it is enough.
///
/// ```
/// thread:  take the free group that is least far  →  move it by a slice  →  put it back  →  …
/// ```
///
/// The draws of a group depend on nothing but the group, so neither the number of threads nor the slices change a bit. Where a stop
/// rule asks to look at the draws, all groups wait for each other at the same numbers of draws.
final class ChainRun {
    private static final long UPDATE_NANOS = 100_000_000;
    /// Iterations after which a thread looks for a group that is less far: short, so that an interrupted run has draws of all chains.
    private static final int SLICE = 25;

    private final ParallelChains settings;
    private final int blockSize;
    private final List<Statistic> keep;
    private final IntFunction<Start> start;
    private final DrawSink sink;
    private final Stops stops;
    private final Optional<LogDensity> together;
    private final List<Slot> slots;
    private final Object monitor = new Object();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable StopReason reason;
    private int goal;

    /// A group as it begins or goes on.
    ///
    /// @param ensemble    the chains
    /// @param first       iteration at which the run began, for showing how far it is
    /// @param base        iteration after which draws are kept
    /// @param kept        draws kept before
    /// @param divergences divergent iterations before, by chain of the group
    record Start(Ensemble ensemble, long first, long base, int kept, List<Integer> divergences) {
        /// A group that has not made a draw.
        static Start fresh(Ensemble ensemble, long base) {
            return new Start(ensemble, ensemble.iteration(), base, 0, Collections.nCopies(ensemble.size(), 0));
        }
    }

    /// What ends a run early.
    ///
    /// @param converged is asked when all chains have so many draws; true to stop
    /// @param nextCheck the number of draws at which it is asked next, given the last one
    /// @param stopWhen  is asked between iterations; true to stop
    /// @param deadline  `System.nanoTime()` at which to stop; empty for never
    record Stops(IntPredicate converged, java.util.function.IntUnaryOperator nextCheck, BooleanSupplier stopWhen,
            Optional<Long> deadline) {
        static final Stops NEVER = new Stops(n -> false, n -> Integer.MAX_VALUE, () -> false, Optional.empty());
    }

    /// @param groups    number of groups
    /// @param blockSize draws that a sink receives at a time, ≥ 1
    /// @param start     makes a group, called once per group by the thread that moves it first
    /// @param together  the density that a thread evaluates for several groups together, each a chain; empty: a thread moves one group at a time
    ChainRun(ParallelChains settings, int groups, int blockSize, IntFunction<Start> start, DrawSink sink, Stops stops,
            Optional<LogDensity> together) {
        this.settings = settings;
        this.blockSize = blockSize;
        this.start = start;
        this.sink = sink;
        this.stops = stops;
        this.together = together;
        keep = settings.keep().stream().sorted().toList();
        slots = IntStream.range(0, groups).mapToObj(Slot::new).toList();
        goal = Math.min(stops.nextCheck().applyAsInt(0), planned());
    }

    private int planned() {
        return settings.numSamples() / settings.thinning();
    }

    /// Moves all groups to the end. An exception thrown by a density stops them all and arrives as it was thrown.
    StopReason run() {
        int threads = Math.min(settings.threads(), slots.size());
        try {
            if (threads == 1) {
                work();
            } else {
                Workers.run("kiln-chains", threads, this::work, () -> stop(StopReason.INTERRUPTED));
            }
            Throwable thrown = failure.get();
            if (thrown != null) {
                Workers.rethrow(thrown);
            }
            slots.forEach(Slot::finish);
        } finally {
            settings.progress().finished();
        }
        StopReason early = reason;
        return early == null || isComplete() ? StopReason.COMPLETED : early;
    }

    /// {@return the groups after the run}
    List<GroupState> states() {
        List<GroupState> out = new ArrayList<>();
        slots.forEach(s -> s.state().ifPresent(out::add));
        return out;
    }

    /// {@return the smallest number of draws any chain has}
    int draws() {
        return slots.stream().mapToInt(s -> s.kept).min().orElse(0);
    }

    /// Ends the run after the iterations that are under way.
    void stop(StopReason why) {
        synchronized (monitor) {
            if (reason == null) {
                reason = why;
            }
            monitor.notifyAll();
        }
    }

    private void work() {
        try {
            Optional<LaneChains> lanes = together.map(density -> new LaneChains(density, lanes())).filter(LaneChains::gains);
            for (Optional<Slot> slot = take(); slot.isPresent(); slot = take()) {
                if (lanes.isPresent()) {
                    lanes.get().run(slot.get(), this::another);
                } else {
                    slot.get().advance();
                    putBack(slot.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(StopReason.INTERRUPTED);
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stop(StopReason.STOPPED);
        }
    }

    /// How many chains a thread moves together: as many as there are for each.
    private int lanes() {
        return Math.min(LaneChains.MOST, Math.ceilDiv(slots.size(), Math.min(settings.threads(), slots.size())));
    }

    private void putBack(Slot slot) {
        synchronized (monitor) {
            slot.isBusy = false;
            monitor.notifyAll();
        }
    }

    /// The free group that is least far, if there is one now; nobody else moves it then.
    private @Nullable Slot another() {
        synchronized (monitor) {
            Slot least = null;
            for (Slot s : slots) {
                if (!s.isBusy && !s.isAtGoal() && (least == null || s.done < least.done)) {
                    least = s;
                }
            }
            if (least != null && reason == null) {
                least.isBusy = true;
                return least;
            }
            return null;
        }
    }

    /// The free group that is least far; waits while others move the last ones before a look at the draws; empty at the end.
    private Optional<Slot> take() throws InterruptedException {
        synchronized (monitor) {
            while (reason == null) {
                Slot next = another();
                if (next != null) {
                    return Optional.of(next);
                }
                if (slots.stream().anyMatch(s -> s.isBusy)) {
                    monitor.wait();
                } else if (goal >= planned()) {
                    return Optional.empty();
                } else if (stops.converged().test(goal)) {
                    stop(StopReason.CONVERGED);
                } else {
                    goal = Math.min(stops.nextCheck().applyAsInt(goal), planned());
                }
            }
            return Optional.empty();
        }
    }

    /// Whether a wish to stop came too late to stop anything.
    private boolean isComplete() {
        return goal == planned() && slots.stream().allMatch(Slot::isAtGoal);
    }

    /// One group with what has been made of it; moved by one thread at a time.
    private final class Slot implements LaneChains.Member {
        private final int number;
        private @Nullable Ensemble ensemble;
        private double[][] latest = new double[0][];
        private DrawBlock block = new DrawBlock(1, 1, List.of());
        private int[] divergences = new int[0];
        private long first;
        private long base;
        private boolean isBusy;
        private int kept;
        private long sliceEnd;
        private volatile long done;
        private long lastUpdate = System.nanoTime();

        Slot(int number) {
            this.number = number;
        }

        private Ensemble begun() {
            Ensemble known = ensemble;
            if (known != null) {
                return known;
            }
            Start s = start.apply(number);
            Ensemble made = s.ensemble();
            latest = new double[made.size()][made.dimension()];
            block = nextBlock(made, s.kept());
            divergences = s.divergences().stream().mapToInt(Integer::intValue).toArray();
            first = s.first();
            base = s.base();
            kept = s.kept();
            done = made.iteration() - first;
            ensemble = made;
            return made;
        }

        /// A block up to the next multiple of the block size.
        private DrawBlock nextBlock(Ensemble e, int from) {
            return new DrawBlock(e.size(), blockSize - from % blockSize, keep);
        }

        /// Whether it has all iterations up to the next look at the draws.
        boolean isAtGoal() {
            return ensemble != null && done >= base - first + iterations();
        }

        /// Iterations after [#base] up to the next look; the last ones may be too few for another draw.
        private long iterations() {
            return goal == planned() ? settings.numSamples() : (long) goal * settings.thinning();
        }

        void advance() {
            Ensemble e = begun();
            for (int i = 0; i < SLICE && reason == null && !isAtGoal(); i++) {
                e.next(latest);
                account(e);
            }
        }

        /// What is done after each iteration.
        private void account(Ensemble e) {
            done = e.iteration() - first;
            long after = e.iteration() - base;
            if (after > 0) {
                keep(e, after);
            } else if (after == 0 || done % ((long) blockSize * settings.thinning()) == 0) {
                sink.checkpoint(number, () -> state(e));
            }
            long total = base - first + settings.numSamples();
            boolean watched = !settings.progress().equals(ProgressListener.NONE);
            if (watched && (done == total || System.nanoTime() - lastUpdate > UPDATE_NANOS)) {
                lastUpdate = System.nanoTime();
                settings.progress().update(new ChainProgress(number, after < 0, done, total,
                        e.statistic(Statistic.STEP_SIZE, 0), IntStream.of(divergences).sum()));
            }
            askWhetherToStop();
        }

        // ---- as a chain that a thread moves together with others

        @Override
        public HamiltonianChain chain() {
            if (begun() instanceof SingleChain(HamiltonianChain chain)) {
                return chain;
            }
            throw new IllegalStateException("no chain that is moved step by step: " + begun());
        }

        @Override
        public double[] position() {
            return latest[0];
        }

        @Override
        public boolean begins() {
            begun();
            sliceEnd = done + SLICE;
            if (reason == null && !isAtGoal()) {
                return true;
            }
            putBack(this);
            return false;
        }

        @Override
        public boolean moved() {
            account(begun());
            if (reason == null && done < sliceEnd && !isAtGoal()) {
                return true;
            }
            putBack(this);
            return false;
        }

        private void keep(Ensemble e, long after) {
            for (int m = 0; m < divergences.length; m++) {
                divergences[m] += e.statistic(Statistic.DIVERGING, m) == 1 ? 1 : 0;
            }
            if (after % settings.thinning() == 0) {
                block.add(e, latest);
                if (block.isFull()) {
                    flush(e);
                }
            }
        }

        private void flush(Ensemble e) {
            sink.add(number, kept, block);
            kept += block.count();
            block = nextBlock(e, kept);
            sink.checkpoint(number, () -> state(e));
        }

        private void askWhetherToStop() {
            if (Thread.currentThread().isInterrupted()) {
                stop(StopReason.INTERRUPTED);
            } else if (stops.stopWhen().getAsBoolean()) {
                stop(StopReason.STOPPED);
            } else if (stops.deadline().isPresent() && System.nanoTime() - stops.deadline().get() >= 0) {
                stop(StopReason.TIME_LIMIT);
            }
        }

        /// Hands over the draws that do not fill a block, and the state.
        void finish() {
            Ensemble e = ensemble;
            if (e != null) {
                if (block.count() > 0) {
                    sink.add(number, kept, block);
                    kept += block.count();
                }
                sink.checkpoint(number, () -> state(e));
            }
        }

        Optional<GroupState> state() {
            return Optional.ofNullable(ensemble).map(this::state);
        }

        private GroupState state(Ensemble e) {
            return new GroupState(e.state(), first, base, kept, IntStream.of(divergences).boxed().toList());
        }
    }
}
