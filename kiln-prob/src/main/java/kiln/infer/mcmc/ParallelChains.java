package kiln.infer.mcmc;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.infer.LogDensity;
import kiln.infer.StopReason;

/// Runs several chains on threads and collects their draws: the same draws for any number of threads.
///
/// Every chain has its own random numbers, workspace and statistics; a thread moves one of them at a time. An exception thrown by the
/// density stops all chains and reaches the caller as it was thrown. If the thread that runs the chains is interrupted, it returns the
/// draws that all chains have made until then.
///
/// @param numChains  number of chains, ≥ 1
/// @param numSamples iterations of each chain after its warm-up, before thinning, ≥ 0
/// @param thinning   every how many iterations a draw is kept, ≥ 1: `⌊numSamples / thinning⌋` draws
/// @param threads    at most so many chains run at a time, ≥ 1; with 1 the caller's thread does it
/// @param evaluationThreads at most so many threads share one evaluation of the density, see [LogDensity#threads], ≥ 1; no more than there
///                   are processors for each of the chains that run at a time
/// @param method     how threads move chains
/// @param keep       statistics to keep of every draw
/// @param progress   is told how far the chains are
public record ParallelChains(
        int numChains, int numSamples, int thinning, int threads, int evaluationThreads, ChainMethod method, Set<Statistic> keep, ProgressListener progress) {
    /// Draws that are handed on at a time.
    static final int BLOCK = 100;

    /// @throws IllegalArgumentException if a number is out of its range
    public ParallelChains {
        HMCSettings.require(numChains >= 1, "numChains must be ≥ 1", numChains);
        HMCSettings.require(numSamples >= 0, "numSamples must be ≥ 0", numSamples);
        HMCSettings.require(thinning >= 1, "thinning must be ≥ 1", thinning);
        HMCSettings.require(threads >= 1, "threads must be ≥ 1", threads);
        HMCSettings.require(evaluationThreads >= 1, "evaluationThreads must be ≥ 1", evaluationThreads);
        keep = Set.copyOf(keep);
    }

    /// Four chains of 1000 draws, without thinning, on as many threads as there are processors, one for each evaluation, keeping the divergences.
    public ParallelChains() {
        this(4, 1000, 1, Runtime.getRuntime().availableProcessors(), 1, ChainMethod.PARALLEL, EnumSet.of(Statistic.DIVERGING), ProgressListener.NONE);
    }

    /// A copy with another [#numChains()].
    public ParallelChains numChains(int v) {
        return new ParallelChains(v, numSamples, thinning, threads, evaluationThreads, method, keep, progress);
    }

    /// A copy with another [#numSamples()].
    public ParallelChains numSamples(int v) {
        return new ParallelChains(numChains, v, thinning, threads, evaluationThreads, method, keep, progress);
    }

    /// A copy with another [#thinning()].
    public ParallelChains thinning(int v) {
        return new ParallelChains(numChains, numSamples, v, threads, evaluationThreads, method, keep, progress);
    }

    /// A copy with another [#threads()].
    public ParallelChains threads(int v) {
        return new ParallelChains(numChains, numSamples, thinning, v, evaluationThreads, method, keep, progress);
    }

    /// A copy with other [#evaluationThreads()].
    public ParallelChains evaluationThreads(int v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, v, method, keep, progress);
    }

    /// A copy with another [#method()].
    public ParallelChains method(ChainMethod v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, evaluationThreads, v, keep, progress);
    }

    /// A copy with other [#keep()].
    public ParallelChains keep(Set<Statistic> v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, evaluationThreads, method, v, progress);
    }

    /// A copy with another [#progress()].
    public ParallelChains progress(ProgressListener v) {
        return new ParallelChains(numChains, numSamples, thinning, threads, evaluationThreads, method, keep, v);
    }

    /// {@return how many threads share one evaluation}
    ///
    /// @param groups number of groups of chains that move on their own
    int sharing(int groups) {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / Math.min(threads, groups), 1, evaluationThreads);
    }

    private LogDensity shared(LogDensity density, int groups) {
        return evaluationThreads == 1 ? density : density.threads(sharing(groups));
    }

    /// Starts all chains and runs them.
    ///
    /// @param positions initial positions `[chain][d]`
    /// @param seeds     one seed per chain
    /// @param numWarmup warm-up iterations of each chain, ≥ 0
    /// @throws IllegalArgumentException if there is not one position and one seed per chain, or the sampler has no vectorized form and is to run so
    public ChainDraws run(Sampler sampler, LogDensity density, double[][] positions, long[] seeds, int numWarmup) {
        method.require(sampler);
        if (positions.length != numChains || seeds.length != numChains) {
            throw new IllegalArgumentException("ParallelChains: there must be one position and one seed per chain.\n"
                    + "  Expected: " + numChains + "\n"
                    + "  Got:      " + positions.length + " positions, " + seeds.length + " seeds");
        }
        double[][] initial = Arrays.stream(positions).map(double[]::clone).toArray(double[][]::new);
        long[] own = seeds.clone();
        LogDensity target = shared(density, numChains);
        return run(numChains, together(target), c -> Ensemble.of(sampler.start(target, initial[c], own[c], numWarmup)));
    }

    /// Starts an ensemble and runs it.
    ///
    /// @param positions initial positions `[chain][d]`
    /// @param seed      seed of all random numbers
    /// @param numWarmup warm-up iterations, ≥ 0
    public ChainDraws run(EnsembleSampler sampler, LogDensity density, double[][] positions, long seed, int numWarmup) {
        method.require(sampler);
        LogDensity target = shared(density, 1);
        return run(1, Optional.empty(), g -> sampler.start(target, positions, seed, numWarmup));
    }

    /// Runs chains, new or resumed ones: each does what is left of its warm-up, then `numSamples` iterations.
    ///
    /// @param start makes the chain of a number; called once per chain, by the thread that will run it
    /// @throws IllegalArgumentException if the chains are to be vectorized: they need not be of one density
    public ChainDraws run(IntFunction<Chain> start) {
        if (method == ChainMethod.VECTORIZED) {
            throw new IllegalArgumentException(new Diagnosis("ParallelChains.run", "chains that were started elsewhere cannot be vectorized")
                    .expected("method(PARALLEL), or a sampler with its density")
                    .got("method(VECTORIZED)")
                    .at(UserCode.line())
                    .fix("leave method(VECTORIZED) out.")
                    .message());
        }
        return run(numChains, Optional.empty(), g -> Ensemble.of(start.apply(g)));
    }

    /// {@return the density that chains evaluate together, if they do}
    Optional<LogDensity> together(LogDensity density) {
        return method == ChainMethod.VECTORIZED ? Optional.of(density) : Optional.empty();
    }

    private ChainDraws run(int groups, Optional<LogDensity> together, IntFunction<Ensemble> start) {
        PositionRecord record = new PositionRecord(numChains, numChains / groups);
        ChainRun run = new ChainRun(this, groups, BLOCK, g -> {
            Ensemble e = start.apply(g);
            return ChainRun.Start.fresh(e, Math.max(e.numWarmup(), e.iteration()));
        }, record, ChainRun.Stops.NEVER, together);
        StopReason reason = run.run();
        return record.draws(run.states(), keep, reason);
    }
}
