package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.diagnostics.SamplerReport;
import kiln.infer.Information;
import kiln.infer.InitStrategy;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.infer.Postprocessing;
import kiln.infer.RunEnd;
import kiln.infer.SplitDensity;
import kiln.infer.StopReason;
import kiln.infer.store.ChainState;
import kiln.infer.store.RunFolder;
import org.jspecify.annotations.Nullable;

/// One run of [MCMC]: makes the density, starts or resumes the chains, and turns what they drew into a posterior.
final class MCMCRun {
    /// The array of a state that says in which coordinates it is.
    private static final String INFORMATION = "information";
    /// What the key of the pilot is folded with: larger than any number of chains.
    private static final int PILOT = 0x63656e74;

    private final MCMC mcmc;
    private final RunKeys source;
    private final long base;
    private final PRNGKey[] keys;
    /// The density as the model is written.
    private final PosteriorDensity written;
    /// The same, as those see it who ask for gradients only where the kernel does.
    private final LogDensity seen;
    private final Optional<Postprocessing> postprocessing;
    /// The density in the coordinates of the run.
    private PosteriorDensity target;
    /// Where the chains start, in the coordinates of the model as written.
    private double @Nullable [][] positions;

    /// @param base iteration after which draws are kept
    MCMCRun(MCMC mcmc, RunKeys source, long base) {
        this.mcmc = mcmc;
        this.source = source;
        this.base = base;
        mcmc.chains().method().require(mcmc.sampler());
        mcmc.storage().requirePlace();
        keys = source.split(chains());
        PosteriorDensity density = mcmc.sampler().target().density("MCMC", model -> mcmc.sampler().density(model, keys[0]));
        written = shared(density);
        target = written;
        seen = mcmc.sampler().usesGradient() ? written : new ValueDensity(written);
        postprocessing = mcmc.fields().postprocessFn().map(f -> Postprocessing.of(f, written));
    }

    private PosteriorDensity shared(PosteriorDensity density) {
        return mcmc.chains().evaluationThreads() == 1 ? density : density.threads(mcmc.chains().sharing(groups()));
    }

    /// Goes over to the coordinates in which a state is.
    private void recenter(ChainState state) {
        if (state.has(INFORMATION)) {
            target = shared(written.informed(Information.ofNumbers(state.doubles(INFORMATION))));
        }
    }

    /// Notes the coordinates in a state, unless they are those of the model as written.
    private ChainState.Builder noted(ChainState.Builder state) {
        target.information().ifPresent(i -> state.put(INFORMATION, i.numbers()));
        return state;
    }

    /// Runs from the beginning.
    Posterior begin() {
        double[][] places = positions(); // a failure to start is told before anything is written
        long begun = System.nanoTime();
        target = shared(CenteringPilot.of(mcmc.sampler(), mcmc.numWarmup())
                .map(pilot -> pilot.adapt(written, places[0], source.shared().foldIn(PILOT).bits(), stopping(begun)).density())
                .orElse(written));
        RunColumns columns = columns();
        Optional<RunFolder> folder = mcmc.storage().folder().map(f -> RunFolder.create(
                f, description(columns), columns.columns(), chains(), planned(), mcmc.storage().blockSize(), stored(places)));
        try {
            return run(draws(columns, folder), folder, g -> ChainRun.Start.fresh(start(g), base), begun);
        } finally {
            folder.ifPresent(RunFolder::close);
        }
    }

    /// Runs on from states in memory.
    Posterior goOn(List<ChainState> states) {
        if (states.size() != groups()) {
            throw new IllegalArgumentException(new Diagnosis("MCMC.run", "the state is not of as many chains")
                    .expected(groups() + " states")
                    .got(states.size() + " states")
                    .at(UserCode.line())
                    .fix("numChains(" + states.size() + ").")
                    .message());
        }
        int dimension = target.dimension() * chains() / groups();
        for (ChainState state : states) {
            if (state.position().length != dimension) {
                throw new IllegalArgumentException(new Diagnosis("MCMC.run", "the state is of another model")
                        .expected(dimension + " coordinates, as the model has")
                        .got(state.position().length + " coordinates in " + state)
                        .at(UserCode.line())
                        .fix("go on with the model that the state was made with.")
                        .message());
            }
        }
        recenter(states.getFirst());
        HMCSettings.require(mcmc.storage().folder().isEmpty(), "a run from a state in memory has no folder", mcmc.storage().folder());
        return run(draws(columns(), Optional.empty()), Optional.empty(),
                g -> ChainRun.Start.fresh(resumed(states.get(g)), states.get(g).iteration()), System.nanoTime());
    }

    /// Runs on in a folder.
    ///
    /// @param mcmc the run, with its folder
    static Posterior resume(MCMC mcmc) {
        var path = mcmc.storage().folder().orElseThrow();
        SequencedMap<String, String> written = RunFolder.description(path);
        var run = new MCMCRun(mcmc, RunKeys.parse(written.getOrDefault("key", "PRNGKey[0, 0]")),
                written.getOrDefault("base", "").equals("0") ? 0 : mcmc.numWarmup());
        RunColumns planned = run.columns();
        try (RunFolder folder = RunFolder.open(path, run.description(planned), planned.columns(), run.chains(), run.planned(), mcmc.storage().blockSize())) {
            run.positions = run.places(folder.start());
            run.recenter(folder.start());
            RunDraws draws = run.draws(run.columns(), Optional.of(folder));
            List<Optional<GroupState>> states = draws.restore(folder);
            return run.run(draws, Optional.of(folder), g -> states.get(g)
                    .map(s -> new ChainRun.Start(run.resumed(s.state()), s.first(), s.base(), s.kept(), s.divergences()))
                    .orElseGet(() -> ChainRun.Start.fresh(run.start(g), run.base)), System.nanoTime());
        }
    }

    private int chains() {
        return mcmc.chains().numChains();
    }

    /// The number of groups of chains that move together.
    private int groups() {
        return mcmc.sampler() instanceof EnsembleSampler ? 1 : chains();
    }

    private int planned() {
        return mcmc.chains().numSamples() / mcmc.chains().thinning();
    }

    private RunColumns columns() {
        return RunColumns.of(target, postprocessing, mcmc.chains().keep(), mcmc.fields());
    }

    private RunDraws draws(RunColumns columns, Optional<RunFolder> folder) {
        return new RunDraws(columns, chains(), chains() / groups(), folder, mcmc.storage().inMemory());
    }

    /// Everything that the draws depend on, and how they are laid out.
    private SequencedMap<String, String> description(RunColumns columns) {
        var out = new LinkedHashMap<String, String>();
        out.put("kernel", mcmc.sampler().description());
        out.put("key", source.toString());
        out.put("numWarmup", "" + mcmc.numWarmup());
        out.put("base", "" + base);
        out.put("numChains", "" + chains());
        out.put("thinning", "" + mcmc.chains().thinning());
        out.put("blockSize", "" + mcmc.storage().blockSize());
        out.put("columns", columns.text());
        out.put("fingerprint of model and data", Fingerprint.of(seen));
        postprocessing.ifPresent(p -> out.put("fingerprint of postprocessFn", Fingerprint.of(written, p)));
        return out;
    }

    private Posterior run(RunDraws draws, Optional<RunFolder> folder, IntFunction<ChainRun.Start> start, long begun) {
        ChainRun run = new ChainRun(mcmc.chains(), groups(), mcmc.storage().blockSize(), start, draws, stops(draws, begun),
                mcmc.chains().together(target));
        StopReason reason;
        try (var _ = new ShutdownGuard(() -> run.stop(StopReason.INTERRUPTED));
                var _ = new ConvergenceWatch(draws, mcmc.chains().progress())) {
            reason = run.run();
        }
        int count = Math.min(draws.draws(), planned());
        if (count == 0 && planned() > 0) {
            throw new CancellationException(new Diagnosis("MCMC", "the run ended before all chains had a draw")
                    .got(reason.toString().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
                    .fix(mcmc.storage().folder().map(f -> "go on by resume(" + f + ").")
                            .orElse("give it a folder(path), from which an ended run can be resumed."))
                    .message());
        }
        folder.ifPresent(f -> f.describe(count));
        return posterior(draws, run.states(), new RunEnd(reason, count, planned()));
    }

    /// {@return whether what ends the run early has come to pass before the chains begin}
    private BooleanSupplier stopping(long begun) {
        Stopping s = mcmc.stopping();
        return () -> Thread.currentThread().isInterrupted()
                || s.stopWhen().getAsBoolean()
                || s.timeLimit().map(t -> System.nanoTime() - begun >= t.toNanos()).orElse(false);
    }

    private ChainRun.Stops stops(DrawHistory draws, long begun) {
        Stopping s = mcmc.stopping();
        int block = mcmc.storage().blockSize();
        return new ChainRun.Stops(
                n -> s.rule().flatMap(rule -> Convergence.of(draws, n, Integer.MAX_VALUE).map(c -> c.satisfies(rule))).orElse(false),
                n -> s.rule().isPresent() ? StopRule.next(n, block) : Integer.MAX_VALUE,
                s.stopWhen(),
                s.timeLimit().map(t -> begun + t.toNanos()));
    }

    private Posterior posterior(RunDraws draws, List<GroupState> states, RunEnd end) {
        Map<String, Supplier<NDArray>> extra = new LinkedHashMap<>(draws.arrays(RunColumns.STATISTICS, end.draws()));
        draws.arrays(RunColumns.UNCONSTRAINED, end.draws()).forEach((name, x) -> extra.put("z." + name, x));
        int[] divergences = states.stream().flatMap(s -> s.divergences().stream()).mapToInt(Integer::intValue).toArray();
        return new Posterior(draws.arrays(RunColumns.POSTERIOR, end.draws()), draws.deterministic(), extra, divergences,
                Optional.of(end), states.stream().map(g -> noted(new ChainState.Builder(g.state())).build()).toList(), () -> report(divergences, extra))
                .of(target, metrics(states));
    }

    /// The last metrics of the chains in words, for kernels with gradients: of the coordinates that have one.
    private static List<String> metrics(List<GroupState> states) {
        return states.stream().map(GroupState::state).filter(s -> s.has("gradient"))
                .map(s -> Metric.of(s, s.doubles("gradient").length).words()).toList();
    }

    /// What the kernel tells of its draws; statistics that were only asked for by the user tell nothing here.
    private SamplerReport report(int[] divergences, Map<String, Supplier<NDArray>> statistics) {
        OptionalInt depth = mcmc.sampler() instanceof NUTS nuts ? OptionalInt.of(nuts.maxTreeDepth()) : OptionalInt.empty();
        return new SamplerReport(divergences, reported(Statistic.DIVERGING, statistics), reported(Statistic.ENERGY, statistics),
                reported(Statistic.TREE_DEPTH, statistics), depth,
                mcmc.sampler() instanceof AdaptiveSampler<?> s && s.settings().takesDenseMass(target.dimension()));
    }

    private double[][] reported(Statistic s, Map<String, Supplier<NDArray>> statistics) {
        Supplier<NDArray> values = statistics.get(s.fieldName());
        if (values == null || !mcmc.sampler().reported().contains(s)) {
            return new double[0][];
        }
        NDArray x = values.get();
        return IntStream.range(0, x.size(0)).mapToObj(c -> x.get(c).toDoubleArray()).toArray(double[][]::new);
    }

    private Ensemble start(int group) {
        double[][] at = Arrays.stream(positions()).map(target::ofWritten).toArray(double[][]::new);
        return switch (mcmc.sampler()) {
            case Sampler s -> Ensemble.of(s.start(target, at[group], seed(group), mcmc.numWarmup()));
            case EnsembleSampler s -> s.start(target, at, seed(0), mcmc.numWarmup());
        };
    }

    private Ensemble resumed(ChainState state) {
        return switch (mcmc.sampler()) {
            case Sampler s -> Ensemble.of(s.resume(target, state));
            case EnsembleSampler s -> s.resume(target, state);
        };
    }

    private long seed(int chain) {
        return keys[chain + 1].split()[1].bits();
    }

    /// Where all chains start, found when they are first needed.
    private synchronized double[][] positions() {
        double[][] known = positions;
        if (known == null) {
            List<double[]> given = mcmc.initParams().isEmpty() ? List.of() : written.positions(mcmc.initParams(), chains());
            List<double[]> found = new ArrayList<>();
            for (int c = 0; c < chains(); c++) {
                found.add(switch (given.isEmpty() ? place(keys[c + 1].split()[0]) : Initialisation.at(seen, given.get(c))) {
                    case Initialisation.Found f -> f.position();
                    case Initialisation.Failed f -> throw new InitialisationException(StartReport.of(written, f));
                });
            }
            known = found.toArray(double[][]::new);
            positions = known;
        }
        return known;
    }

    /// What runs the user's program to find a place, on the user's thread: a strategy of the user, or one for values that are not on
    /// unconstrained space, which have no cube to be uniform in and no way uphill.
    private Optional<InitStrategy> strategy() {
        boolean split = SplitDensity.in(written, SplitDensity.class).isPresent();
        return mcmc.initStrategy().or(() -> split ? Optional.of(InitStrategy.initToUniform()) : Optional.empty());
    }

    private Initialisation place(PRNGKey own) {
        if (strategy().isPresent()) {
            InitStrategy s = strategy().get();
            return Initialisation.proposed(seen, i -> written.start(s, own.foldIn(i)), Initialisation.DEFAULT_TRIES);
        }
        ChainRandom random = new ChainRandom(own.bits());
        if (mcmc.chainStart().isPresent()) {
            return mcmc.chainStart().get().find(written, random);
        }
        return mcmc.sampler() instanceof EnsembleSampler || !mcmc.sampler().usesGradient()
                ? Initialisation.uniform(seen, random, Initialisation.DEFAULT_RADIUS, Initialisation.DEFAULT_TRIES)
                : ChainStart.DEFAULT.find(written, random);
    }

    private ChainState stored(double[][] places) {
        return noted(new ChainState.Builder("start").put("position", Arrays.stream(places).flatMapToDouble(Arrays::stream).toArray())).build();
    }

    private double[][] places(ChainState stored) {
        int d = target.dimension();
        double[] all = stored.position();
        double[][] out = new double[chains()][];
        for (int c = 0; c < out.length; c++) {
            out[c] = Arrays.copyOfRange(all, c * d, (c + 1) * d);
        }
        return out;
    }
}
