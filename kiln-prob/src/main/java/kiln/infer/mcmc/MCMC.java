package kiln.infer.mcmc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.InitStrategy;
import kiln.infer.Posterior;
import kiln.infer.store.ChainState;

/// Markov chain Monte Carlo: runs several chains of a sampler and collects their draws.
///
/// ```
/// var posterior = new MCMC(new NUTS(() -> model(x, y))).numWarmup(1000).numSamples(1000).numChains(4).run(key(0));
/// posterior.printSummary();
/// ```
///
/// The model is run a few times to find its random variables, traced, differentiated and compiled once; the chains then run in
/// parallel on threads. The draws depend on the key, the model and the data only: not on the number of threads or the machine.
///
/// A run can end early: when the chains agree ([#until]), at a time limit, when the program says so ([#stopWhen]), by an interrupt of its
/// thread, or by Ctrl-C. It then returns the draws made so far, which are the first ones of the whole run, and says so. With a
/// [#folder(Path)] it outlives even the end of its process: [#resume(Path)] goes on, bit for bit.
///
/// @param sampler     the method with its target
/// @param numWarmup   adapting iterations of each chain, which are not kept; ≥ 0
/// @param initParams  where the chains start, as unconstrained values by site; empty: a random place for each chain
/// @param initStrategy where the chains start unless `initParams` says; empty: what `chainStart` says
/// @param chainStart  how chains find the place they start from, unless `initParams` or `initStrategy` says; empty: by [ChainStart#DEFAULT], four ascents, or at
///                    uniform positions where chains move together, where the kernel looks at no gradient ([Kernel#usesGradient]) and where some
///                    coordinates are moved by none
/// @param chains      number of chains, draws, threads, thinning, statistics to keep, progress
/// @param fields      what is kept of the values of a draw: all sites, unless it says otherwise
/// @param stopping    what may end the run early
/// @param storage     where the draws are kept
public record MCMC(Kernel sampler, int numWarmup, Map<String, NDArray> initParams, Optional<InitStrategy> initStrategy, Optional<ChainStart> chainStart,
        ParallelChains chains, SiteFields fields, Stopping stopping, DrawStorage storage) {
    /// @throws IllegalArgumentException if `numWarmup` is negative
    public MCMC {
        HMCSettings.require(numWarmup >= 0, "numWarmup must be ≥ 0", numWarmup);
        initParams = Map.copyOf(initParams);
    }

    /// Four chains of 1000 warm-up iterations and 1000 draws.
    public MCMC(Kernel sampler) {
        this(sampler, 1000, Map.of(), Optional.empty(), Optional.empty(),
                new ParallelChains().keep(sampler.reported()).progress(ProgressListener.standard()), SiteFields.NONE, Stopping.NEVER,
                new DrawStorage(Optional.empty(), ParallelChains.BLOCK, true));
    }

    /// A copy with another [#numWarmup()].
    public MCMC numWarmup(int v) {
        return new MCMC(sampler, v, initParams, initStrategy, chainStart, chains, fields, stopping, storage);
    }

    /// A copy with another number of iterations after warm-up, before thinning.
    public MCMC numSamples(int v) {
        return with(chains.numSamples(v));
    }

    /// A copy with another number of chains.
    public MCMC numChains(int v) {
        return with(chains.numChains(v));
    }

    /// A copy that keeps every `v`-th draw.
    public MCMC thinning(int v) {
        return with(chains.thinning(v));
    }

    /// A copy that runs at most so many chains at a time; the draws are the same.
    public MCMC threads(int v) {
        return with(chains.threads(v));
    }

    /// A copy in which at most so many threads share one evaluation of the density, which pays for models of 50,000 observations and more
    /// where processors are idle, see [kiln.infer.LogDensity#threads]; the draws are the same.
    ///
    /// @param v ≥ 1; no more than there are processors for each of the chains that run at a time are used: with 16 processors and four chains
    ///          at a time, four
    public MCMC evaluationThreads(int v) {
        return with(chains.evaluationThreads(v));
    }

    /// A copy whose threads move chains another way; the draws are the same.
    ///
    /// @param v [ChainMethod#VECTORIZED] to evaluate the density for several chains at a time, which pays for models with recursions
    public MCMC chainMethod(ChainMethod v) {
        return with(chains.method(v));
    }

    /// A copy that also keeps these statistics of every draw; what the verdict needs is always kept ([Kernel#reported]).
    public MCMC extraFields(Statistic... v) {
        Set<Statistic> keep = EnumSet.copyOf(sampler.reported());
        keep.addAll(Arrays.asList(v));
        return with(chains.keep(keep));
    }

    /// A copy that also keeps the named fields, in NumPyro's words; posteriors return them by these names.
    ///
    /// @param v `accept_prob` and the other statistics; `z.site` for the unconstrained values of a site; `~z.site` to leave a site out
    /// @throws IllegalArgumentException if there is no such field
    public MCMC extraFields(String... v) {
        List<String> names = List.of(v);
        Set<Statistic> keep = EnumSet.copyOf(sampler.reported());
        names.stream().filter(n -> !n.startsWith("z.") && !n.startsWith("~z.")).map(Statistic::of).forEach(keep::add);
        return with(chains.keep(keep)).with(fields.and(names));
    }

    /// A copy that keeps of every draw what a function makes of it, in place of the values of the sites: NumPyro's `postprocess_fn`, after the constraining.
    ///
    /// ```
    /// .postprocessFn(draw -> Map.of("ratio", draw.get("a").div(draw.get("b"))))
    /// ```
    ///
    /// The function is traced and compiled as the model is, and may branch as a model may. Its arrays are the sites of the posterior: in memory, in a run folder, and
    /// for thinning, summary, verdict and stop rule, which look at all of them but those under the name of a deterministic site. What needs the random variables
    /// themselves, such as [kiln.infer.Predictive] and [kiln.infer.LogLikelihood], finds them only if it returns them as well. Nothing random should be in it: numbers drawn
    /// with a key would be the same ones for every draw.
    ///
    /// @param v from the values of all sites and deterministic sites of a draw, on their own scale, to arrays by name, at least one, the same ones for every draw; a
    ///          `LinkedHashMap` keeps its order, other maps are taken in the order of the names
    public MCMC postprocessFn(UnaryOperator<Map<String, NDArray>> v) {
        return with(fields.postprocessFn(v));
    }

    /// A copy that tells another listener how far the chains are; [ProgressListener#NONE] for silence.
    public MCMC progress(ProgressListener v) {
        return with(chains.progress(v));
    }

    /// A copy whose chains start at the given unconstrained values.
    ///
    /// @param v value by site, for every random variable that is sampled: of its unconstrained shape, where all chains start, or
    ///          `[chains, …]`, one place for each
    public MCMC initParams(Map<String, NDArray> v) {
        return new MCMC(sampler, numWarmup, v, initStrategy, chainStart, chains, fields, stopping, storage);
    }

    /// A copy whose chains start where a strategy says, such as `initToMedian()`.
    ///
    /// @param v asked for each chain with keys of its own
    public MCMC initStrategy(InitStrategy v) {
        return new MCMC(sampler, numWarmup, initParams, Optional.of(v), chainStart, chains, fields, stopping, storage);
    }

    /// A copy whose chains find their places another way, such as `new ChainStart.Paths(4)`: Pathfinder. Ways uphill need the gradient, whatever the kernel does.
    public MCMC chainStart(ChainStart v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, Optional.of(v), chains, fields, stopping, storage);
    }

    /// A copy that ends as soon as R̂ of every quantity is below and its effective sample size above a limit, see [StopRule];
    /// [#numSamples(int)] says after how many draws it ends in any case.
    ///
    /// @param rHat upper limit of R̂, > 1, such as 1.01
    /// @param ess  lower limit of the bulk ESS, in draws, > 0, such as 400
    public MCMC until(double rHat, double ess) {
        return with(new Stopping(Optional.of(new StopRule(rHat, ess)), stopping.timeLimit(), stopping.stopWhen()));
    }

    /// A copy that ends when so much time has passed, warm-up included.
    ///
    /// @param v > 0
    public MCMC timeLimit(Duration v) {
        return with(new Stopping(stopping.rule(), Optional.of(v), stopping.stopWhen()));
    }

    /// A copy that ends when a condition is met: a handle for other threads, such as `stop::get` of an `AtomicBoolean`.
    ///
    /// @param v asked between iterations, by several threads; should be fast
    public MCMC stopWhen(BooleanSupplier v) {
        return with(new Stopping(stopping.rule(), stopping.timeLimit(), v));
    }

    /// A copy that appends draws and states to a run folder, to be resumed and to be read by other programs.
    ///
    /// @param v a folder that holds no run; made if it does not exist
    public MCMC folder(Path v) {
        return with(new DrawStorage(Optional.of(v), storage.blockSize(), storage.inMemory()));
    }

    /// A copy that hands on so many draws at a time: a killed run loses less than a block of each chain.
    ///
    /// @param v ≥ 1
    public MCMC blockSize(int v) {
        return with(new DrawStorage(storage.folder(), v, storage.inMemory()));
    }

    /// A copy whose draws stay in memory, or are only in the [#folder(Path)] and read from it when they are asked for: a run needs one then.
    public MCMC keepInMemory(boolean v) {
        return with(new DrawStorage(storage.folder(), storage.blockSize(), v));
    }

    private MCMC with(ParallelChains v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, chainStart, v, fields, stopping, storage);
    }

    private MCMC with(SiteFields v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, chainStart, chains, v, stopping, storage);
    }

    private MCMC with(Stopping v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, chainStart, chains, fields, v, storage);
    }

    private MCMC with(DrawStorage v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, chainStart, chains, fields, stopping, v);
    }

    /// Runs all chains.
    ///
    /// @param key source of all random numbers
    /// @return the draws
    /// @throws kiln.model.HandlerException if the model has a random variable that this sampler cannot sample, or none
    /// @throws InitialisationException if no place with a finite density and gradient was found to start from
    /// @throws java.util.concurrent.CancellationException if the run was ended before the first draw
    /// @throws kiln.infer.store.RunFolderException if the folder holds a run
    public Posterior run(PRNGKey key) {
        return new MCMCRun(this, RunKeys.of(key), numWarmup).begin();
    }

    /// Runs all chains, each with a key of its own, on which alone its draws depend: runs of some chains here and of others elsewhere make up one run of all.
    ///
    /// Of two kinds of runs that does not hold: where the coordinates of a hierarchy are chosen ([Centering#ADAPTED]) the first key chooses them for all chains, and the
    /// walkers of an ensemble need each other.
    ///
    /// @param keys one for each chain
    /// @return the draws
    /// @throws IllegalArgumentException if there is not one key for each chain
    public Posterior runByChain(List<PRNGKey> keys) {
        return new MCMCRun(this, RunKeys.byChain(keys, chains.numChains()), numWarmup).begin();
    }

    /// Runs the warm-up alone; `run(warm.lastState())` then draws, the same as [#run(PRNGKey)] would.
    ///
    /// @param key source of all random numbers
    /// @return no draws, but the state after the warm-up
    public Posterior warmup(PRNGKey key) {
        return new MCMCRun(numSamples(0), RunKeys.of(key), numWarmup).begin();
    }

    /// Runs the warm-up alone and keeps its draws, which are not draws of the posterior: for looking at how it went.
    ///
    /// @param key source of all random numbers
    /// @return the draws of the warm-up, and the state after it
    public Posterior collectWarmup(PRNGKey key) {
        return new MCMCRun(numSamples(numWarmup), RunKeys.of(key), 0).begin();
    }

    /// Goes on from where chains stopped: [#numSamples(int)] more iterations of each, the same as if the first run had been longer.
    ///
    /// @param state [Posterior#lastState] of a run of the same sampler, model and number of chains
    /// @return the draws made now
    /// @throws IllegalArgumentException if the state is not of this sampler, of a model of another dimension or of another number of chains
    public Posterior run(List<ChainState> state) {
        return new MCMCRun(this, RunKeys.of(PRNGKey.key(0)), numWarmup).goOn(state);
    }

    /// Goes on with a run whose process ended, however it ended, or that was stopped: the same draws as if it had not.
    ///
    /// Model, data, sampler and settings must be those of the run. Only [#numSamples(int)] may be larger, which makes the run longer,
    /// and what ends it early may differ; the number of threads does not matter.
    ///
    /// @param folder the folder of the run
    /// @return all draws of the run, those made before included
    /// @throws kiln.infer.store.RunFolderException if there is no run, a file is damaged, or it is the folder of another run
    public Posterior resume(Path folder) {
        return MCMCRun.resume(folder(folder));
    }
}
