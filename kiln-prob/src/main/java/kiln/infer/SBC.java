package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.func.Functions;
import kiln.infer.mcmc.EnsembleSampler;
import kiln.infer.mcmc.Kernel;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;

/// Simulation-based calibration: whether a sampler draws from the posterior of a model, by data whose true parameters are known.
///
/// ```
/// for r = 1 … R:   θ* ~ prior,  y ~ model given θ*,  θ₁ … θ_L ~ posterior given y,  rank_r = #{ l : θ_l < θ* }
/// ```
///
/// If the draws are right, every rank is uniform on `0 … L`: [SBCResult] tests it. Ranked are all elements of all latent sites, the log
/// likelihood of the data, and the log joint density; the latter two see errors of the data that no single parameter shows. Discrete sites that the sampler sums out are
/// drawn given each draw of the others ([Posterior#inferDiscrete]); ties are broken at random.
///
/// ```java
/// SBCResult result = new SBC(() -> regression(x), "y").numSimulations(200).run(key(0));
/// ```
///
/// The model has no data: its site `"y"` is drawn, and observed in the fit. The simulations run on all processors; the result depends on
/// the key alone.
///
/// Source: Talts, Betancourt, Simpson, Vehtari and Gelman (2018), algorithm 1; Modrák et al., *Simulation-based calibration checking for
/// Bayesian computation: the choice of test quantities* (2023), for the last two quantities.
///
/// @param model          draws parameters and data
/// @param fitted         the model whose posterior is sampled; the same, unless an error is looked for
/// @param data           names of the sites that are data
/// @param kernel         makes the sampler of a model; of an ensemble of walkers one is looked at
/// @param numSimulations number of simulated data sets `R`, ≥ 1
/// @param numDraws       number of draws `L` that a parameter is ranked among, ≥ 1
/// @param thinning       iterations for each of them, ≥ 1, so that they are nearly independent
/// @param numWarmup      warm-up iterations of each fit, ≥ 0
public record SBC(
        Model model,
        Model fitted,
        Set<String> data,
        Function<Model, ? extends Kernel> kernel,
        int numSimulations,
        int numDraws,
        int thinning,
        int numWarmup) {
    /// Chains of an ensemble: twice the dimension of a posterior of ten coordinates.
    private static final int WALKERS = 20;

    /// @throws IllegalArgumentException if a number is out of its range, or no site is named
    public SBC {
        data = Set.copyOf(data);
        if (data.isEmpty() || numSimulations < 1 || numDraws < 1 || thinning < 1 || numWarmup < 0) {
            throw new IllegalArgumentException(new Diagnosis("SBC", "the settings are out of range")
                    .expected("at least one site of data; numSimulations, numDraws and thinning ≥ 1, numWarmup ≥ 0")
                    .got(data.size() + " sites, " + numSimulations + ", " + numDraws + ", " + thinning + ", " + numWarmup)
                    .at(UserCode.line())
                    .message());
        }
    }

    /// 200 simulations, NUTS, 99 draws with 3 iterations for each after 500 of warm-up.
    ///
    /// @param model draws parameters and data
    /// @param data  names of the sites that are data
    public SBC(Model model, String... data) {
        this(model, model, Set.of(data), NUTS::new, 200, 99, 3, 500);
    }

    /// {@return a copy that samples the posterior of another model with the same sites, to see whether the difference is found}
    public SBC fitted(Model v) {
        return new SBC(model, v, data, kernel, numSimulations, numDraws, thinning, numWarmup);
    }

    /// {@return a copy with another sampler: `m -> new HMC(m).numSteps(10)`}
    public SBC kernel(Function<Model, ? extends Kernel> v) {
        return new SBC(model, fitted, data, v, numSimulations, numDraws, thinning, numWarmup);
    }

    /// {@return a copy with another [#numSimulations()]}
    public SBC numSimulations(int v) {
        return new SBC(model, fitted, data, kernel, v, numDraws, thinning, numWarmup);
    }

    /// {@return a copy with another [#numDraws()]}
    public SBC numDraws(int v) {
        return new SBC(model, fitted, data, kernel, numSimulations, v, thinning, numWarmup);
    }

    /// {@return a copy with another [#thinning()]}
    public SBC thinning(int v) {
        return new SBC(model, fitted, data, kernel, numSimulations, numDraws, v, numWarmup);
    }

    /// {@return a copy with another [#numWarmup()]}
    public SBC numWarmup(int v) {
        return new SBC(model, fitted, data, kernel, numSimulations, numDraws, thinning, v);
    }

    /// Runs all simulations.
    ///
    /// @param key source of all randomness
    /// @throws HandlerException if a site of data is not drawn by the model, or the fitted model has sites that the model lacks
    public SBCResult run(PRNGKey key) {
        PRNGKey[] keys = key.split(numSimulations + 1);
        check(Handlers.trace(model, Handlers.seed(keys[numSimulations])), Handlers.trace(fitted, Handlers.seed(keys[numSimulations])));
        // Compiled once for all simulations and draws: running the model for each draw would take as long as the chains.
        Function<Map<String, NDArray>, NDArray> densities = Functions.jit(this::densities);
        return SBCResult.of(GivenDraws.map(numSimulations, true, r -> simulate(keys[r], densities)), numDraws);
    }

    private static Set<String> drawn(Trace run) {
        Set<String> names = new LinkedHashSet<>();
        run.samples().values().stream().filter(s -> !s.isObserved()).forEach(s -> names.add(s.name()));
        return names;
    }

    private void check(Trace run, Trace fittedRun) {
        Set<String> drawn = drawn(run);
        List<String> missing = data.stream().filter(name -> !drawn.contains(name)).sorted().toList();
        if (!missing.isEmpty()) {
            throw new HandlerException(new Diagnosis("SBC", "a site of data is not drawn by the model")
                    .expected("names among " + Names.list(drawn))
                    .got(Names.list(missing))
                    .at(UserCode.line())
                    .fix("pass the model without its data: sample(\"y\", …) instead of sample(\"y\", …, y)."));
        }
        List<String> unknown = drawn(fittedRun).stream().filter(name -> !drawn.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis("SBC", "the fitted model has a site of which the model draws no true value")
                    .expected("names among " + Names.list(drawn))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, drawn, "give the sites of both models the same names") + "."));
        }
    }

    /// What one simulated data set tells.
    ///
    /// @param labels      names of the quantities
    /// @param ranks       the rank of each
    /// @param z           `(posterior mean − truth) / posterior sd` of each
    /// @param posteriorSd posterior standard deviation of each
    /// @param truth       the true value of each
    /// @param ess         smallest effective number of the ranked draws
    record Simulation(List<String> labels, List<Integer> ranks, List<Double> z, List<Double> posteriorSd, List<Double> truth, double ess) {}

    private Simulation simulate(PRNGKey key, Function<Map<String, NDArray>, NDArray> densities) {
        PRNGKey[] keys = key.split(3);
        Map<String, NDArray> all = new LinkedHashMap<>();
        Handlers.trace(model, Handlers.seed(keys[0])).samples().values()
                .forEach(s -> all.put(s.name(), s.requireValue()));
        Map<String, NDArray> observed = new LinkedHashMap<>(all);
        observed.keySet().retainAll(data);
        Model conditioned = Handlers.handle(fitted, Handlers.condition(observed));
        Kernel sampler = kernel.apply(conditioned);
        Posterior posterior = new MCMC(sampler).numChains(sampler instanceof EnsembleSampler ? WALKERS : 1).threads(1).numWarmup(numWarmup)
                .numSamples(numDraws * thinning).thinning(thinning).progress(ProgressListener.NONE).run(keys[1]);
        return rank(densities, all, posterior, keys[2]);
    }

    private Simulation rank(Function<Map<String, NDArray>, NDArray> densities, Map<String, NDArray> truth, Posterior posterior, PRNGKey key) {
        var ties = new java.util.SplittableRandom(key.bits());
        var out = new Simulation(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
        double ess = Double.POSITIVE_INFINITY;
        var draws = posterior.draws();
        var samples = posterior.samples();
        if (posterior.hasSummedOut()) {
            for (var site : posterior.inferDiscrete(key.foldIn(1)).entrySet()) {
                NDArray z = site.getValue();
                Shape shape = z.shape().slice(2, z.rank());
                draws = draws.with(site.getKey(), shape.dims(), Posterior.nested(z));
                samples.put(site.getKey(), z.reshape(Shape.of(z.size(0) * z.size(1)).then(shape)));
            }
        }
        for (String name : draws.names()) {
            double[] want = java.util.Objects.requireNonNull(truth.get(name), name).toDoubleArray();
            List<String> labels = draws.labels(name);
            for (int e = 0; e < want.length; e++) {
                double[][] x = draws.element(name, e);
                ess = Math.min(ess, EffectiveSampleSize.essBulk(x));
                add(out, labels.get(e), want[e], x[0], ties);
            }
        }
        double[] likelihood = new double[numDraws];
        double[] joint = new double[numDraws];
        var given = GivenDraws.of("SBC", samples, 1);
        Map<String, NDArray> values = new LinkedHashMap<>(truth);
        for (int i = 0; i < numDraws; i++) {
            for (String name : draws.names()) {
                values.put(name, given.one(name, i));
            }
            double[] at = densities.apply(values).toDoubleArray();
            likelihood[i] = at[0];
            joint[i] = at[1];
        }
        double[] at = densities.apply(truth).toDoubleArray();
        add(out, "log likelihood", at[0], likelihood, ties);
        add(out, "log joint", at[1], joint, ties);
        return new Simulation(out.labels, out.ranks, out.z, out.posteriorSd, out.truth, ess);
    }

    /// {@return the log likelihood of the data and the log joint density of the fitted model}
    ///
    /// @param values of all its sites and data
    private NDArray densities(Map<String, NDArray> values) {
        Map<String, NDArray> observed = new LinkedHashMap<>(values);
        observed.keySet().retainAll(data);
        Trace run = Handlers.trace(Handlers.handle(fitted, Handlers.condition(observed)), Handlers.substitute(values));
        NDArray likelihood = Np.scalar(0.0);
        for (Message.Sample s : run.samples().values()) {
            likelihood = s.isObserved() ? likelihood.plus(s.logProb().sum()) : likelihood;
        }
        return Np.stack(List.of(likelihood, run.logProb()), 0);
    }

    private static void add(Simulation out, String label, double truth, double[] draws, java.util.SplittableRandom ties) {
        int below = 0;
        int equal = 0;
        for (double v : draws) {
            below += v < truth ? 1 : 0;
            equal += v == truth ? 1 : 0;
        }
        double mean = Arrays.stream(draws).sum() / draws.length;
        IntToDoubleFunction square = i -> (draws[i] - mean) * (draws[i] - mean);
        double sd = Math.sqrt(IntStream.range(0, draws.length).mapToDouble(square).sum() / (draws.length - 1));
        out.labels.add(label);
        out.ranks.add(below + (equal == 0 ? 0 : ties.nextInt(equal + 1)));
        out.z.add((mean - truth) / sd);
        out.posteriorSd.add(sd);
        out.truth.add(truth);
    }
}
