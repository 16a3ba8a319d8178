package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.InitStrategy;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;

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
/// @param sampler     the sampler with its target
/// @param numWarmup   adapting iterations of each chain, which are not kept; ≥ 0
/// @param initParams  where all chains start, as unconstrained values by site; empty: a random place for each chain
/// @param initStrategy where chains start unless `initParams` says; empty: uphill of a place that is uniform in (−2, 2) on
///                     unconstrained space, see [Initialisation#uphill]
/// @param chains      number of chains, draws, threads, thinning, statistics to keep, progress
public record MCMC(Sampler sampler, int numWarmup, Map<String, NDArray> initParams, Optional<InitStrategy> initStrategy, ParallelChains chains) {
    /// @throws IllegalArgumentException if `numWarmup` is negative
    public MCMC {
        HMCSettings.require(numWarmup >= 0, "numWarmup must be ≥ 0", numWarmup);
        initParams = Map.copyOf(initParams);
    }

    /// Four chains of 1000 warm-up iterations and 1000 draws.
    public MCMC(Sampler sampler) {
        this(sampler, 1000, Map.of(), Optional.empty(), new ParallelChains().progress(TerminalProgress.ifInteractive()));
    }

    /// A copy with another [#numWarmup()].
    public MCMC numWarmup(int v) {
        return new MCMC(sampler, v, initParams, initStrategy, chains);
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

    /// A copy that also keeps these statistics of every draw; divergences are always kept.
    public MCMC extraFields(Statistic... v) {
        Set<Statistic> keep = EnumSet.of(Statistic.DIVERGING);
        keep.addAll(Arrays.asList(v));
        return with(chains.keep(keep));
    }

    /// A copy that tells another listener how far the chains are; [ProgressListener#NONE] for silence.
    public MCMC progress(ProgressListener v) {
        return with(chains.progress(v));
    }

    /// A copy whose chains all start at the given unconstrained values.
    ///
    /// @param v value by site, for every random variable that is sampled
    public MCMC initParams(Map<String, NDArray> v) {
        return new MCMC(sampler, numWarmup, v, initStrategy, chains);
    }

    /// A copy whose chains start where a strategy says, such as `initToMedian()`.
    ///
    /// @param v asked for each chain with keys of its own
    public MCMC initStrategy(InitStrategy v) {
        return new MCMC(sampler, numWarmup, initParams, Optional.of(v), chains);
    }

    private MCMC with(ParallelChains v) {
        return new MCMC(sampler, numWarmup, initParams, initStrategy, v);
    }

    /// Runs all chains.
    ///
    /// @param key source of all random numbers
    /// @return the draws
    /// @throws kiln.model.HandlerException if the model has a random variable that this sampler cannot sample, or none
    /// @throws InitialisationException if no place with a finite density and gradient was found to start from
    public Posterior run(PRNGKey key) {
        PRNGKey[] keys = key.split(chains.numChains() + 1);
        PosteriorDensity target = switch (sampler.target()) {
            case Target.Posterior(var model) -> PosteriorDensity.of(model, keys[0]);
            case Target.Density(var density) -> PosteriorDensity.of(density);
            case Target.Open() -> throw new IllegalStateException(
                    "MCMC: the sampler has no target.\n  Fix:      give it a model: new NUTS(() -> model(x, y)).");
        };
        List<double[]> positions = new ArrayList<>();
        long[] seeds = new long[chains.numChains()];
        for (int c = 0; c < seeds.length; c++) {
            PRNGKey[] own = keys[c + 1].split();
            positions.add(start(target, own[0]));
            seeds[c] = own[1].bits();
        }
        ChainDraws draws = chains.run(sampler, target, positions.toArray(double[][]::new), seeds, numWarmup);
        return posterior(target, draws);
    }

    private static Posterior posterior(PosteriorDensity target, ChainDraws draws) {
        double[][][] positions = new double[draws.chains()][draws.draws()][];
        for (int c = 0; c < positions.length; c++) {
            for (int i = 0; i < positions[c].length; i++) {
                positions[c][i] = draws.position(c, i);
            }
        }
        Map<String, double[][]> fields = new HashMap<>();
        draws.statistics().forEach(s -> fields.put(s.fieldName(), draws.statistic(s)));
        return new Posterior(target.constrain(positions), target.deterministic(), fields, draws.divergences());
    }

    private double[] start(PosteriorDensity target, PRNGKey key) {
        Initialisation found;
        boolean isGiven = !initParams.isEmpty() || initStrategy.isPresent();
        if (!initParams.isEmpty()) {
            found = Initialisation.at(target, target.position(initParams));
        } else if (initStrategy.isPresent()) {
            InitStrategy strategy = initStrategy.get();
            found = Initialisation.proposed(target, i -> target.start(strategy, key.foldIn(i)), Initialisation.DEFAULT_TRIES);
        } else {
            var random = new ChainRandom(key.bits());
            found = Initialisation.uniform(target, random, Initialisation.DEFAULT_RADIUS, Initialisation.DEFAULT_TRIES);
        }
        return switch (found) {
            case Initialisation.Found f -> isGiven ? f.position() : Initialisation.uphill(target, f).position();
            case Initialisation.Failed f -> throw new InitialisationException(StartReport.of(target, f));
        };
    }
}
