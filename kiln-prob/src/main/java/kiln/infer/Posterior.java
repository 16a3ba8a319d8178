package kiln.infer;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.diagnostics.Draws;
import kiln.diagnostics.SamplerReport;
import kiln.diagnostics.Summary;
import kiln.diagnostics.Verdict;
import kiln.infer.store.ChainState;
import kiln.model.HandlerException;
import kiln.model.Names;

/// The draws of a posterior with what the sampler reported; immutable.
///
/// Sites are the random variables that were sampled, on their own scale, in the order of the model, then its deterministic sites.
public final class Posterior {
    private final SequencedMap<String, Supplier<NDArray>> byChain;
    private final Set<String> deterministic;
    private final Map<String, Supplier<NDArray>> extraFields;
    private final int[] divergences;
    private final Optional<RunEnd> end;
    private final List<ChainState> lastState;
    private final Supplier<SamplerReport> report;
    private final Optional<UnconstrainedModel> summedOut;
    private final Parametrisation parametrisation;

    /// The given draws.
    ///
    /// @param byChain       value by site, shape `[chains, draws, …]`
    /// @param deterministic the sites that are no random variables
    /// @param extraFields   statistics by NumPyro's names, `[chain][draw]`
    /// @param divergences   divergent iterations of each chain after its warm-up
    public Posterior(
            SequencedMap<String, NDArray> byChain,
            Set<String> deterministic,
            Map<String, double[][]> extraFields,
            int[] divergences) {
        this(known(byChain), deterministic, known(statistics(extraFields)), divergences, Optional.empty(), List.of(),
                () -> new SamplerReport(divergences.clone(), extraFields.getOrDefault("diverging", new double[0][]), new double[0][],
                        new double[0][], OptionalInt.empty(), false));
    }

    /// The draws of a run, read when they are asked for.
    ///
    /// @param byChain       value by site, shape `[chains, draws, …]`
    /// @param deterministic the sites that are no random variables
    /// @param extraFields   statistics and other quantities, shape `[chains, draws, …]`
    /// @param divergences   divergent iterations of each chain after its warm-up
    /// @param end           how the run ended
    /// @param lastState     the states of the chains after their last iterations, to go on from
    /// @param report        what the sampler tells about its draws, for the verdict
    public Posterior(
            SequencedMap<String, Supplier<NDArray>> byChain,
            Set<String> deterministic,
            Map<String, Supplier<NDArray>> extraFields,
            int[] divergences,
            Optional<RunEnd> end,
            List<ChainState> lastState,
            Supplier<SamplerReport> report) {
        this(byChain, deterministic, extraFields, divergences, end, lastState, report, Optional.empty(), Parametrisation.AS_WRITTEN);
    }

    private Posterior(
            SequencedMap<String, Supplier<NDArray>> byChain,
            Set<String> deterministic,
            Map<String, Supplier<NDArray>> extraFields,
            int[] divergences,
            Optional<RunEnd> end,
            List<ChainState> lastState,
            Supplier<SamplerReport> report,
            Optional<UnconstrainedModel> summedOut,
            Parametrisation parametrisation) {
        this.byChain = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byChain));
        this.deterministic = Set.copyOf(deterministic);
        this.extraFields = Map.copyOf(extraFields);
        this.divergences = divergences.clone();
        this.end = end;
        this.lastState = List.copyOf(lastState);
        this.report = report;
        this.summedOut = summedOut;
        this.parametrisation = parametrisation;
    }

    /// {@return a copy that can find the discrete sites that a density summed out, and knows its coordinates}
    ///
    /// @param metrics the metric of each chain in words; none if the sampler has none
    public Posterior of(PosteriorDensity density, List<String> metrics) {
        return new Posterior(byChain, deterministic, extraFields, divergences, end, lastState, report, density.summedOut(),
                density.parametrisation().metrics(metrics));
    }

    /// {@return in which coordinates and metric it was sampled; if not in those of the model as written, [#printSummary] says so below the table}
    public Parametrisation parametrisation() {
        return parametrisation;
    }

    /// {@return how much the rest of the model, data above all, was found to say about the elements of hierarchies when their coordinates were chosen}
    ///
    /// By name of the site: precisions, of its shape, of its elements or, where it was looked at along other directions, of these, vector by vector for vectors; an element is sampled centred as far as its scale is above `1/√precision`, see
    /// [kiln.infer.mcmc.Centering]. Empty where all was sampled in the coordinates of the model as written. The draws are those of the model as written
    /// in any case.
    public SequencedMap<String, NDArray> centering() {
        return parametrisation.precisions();
    }

    private static SequencedMap<String, Supplier<NDArray>> known(Map<String, NDArray> arrays) {
        var out = new LinkedHashMap<String, Supplier<NDArray>>();
        arrays.forEach((name, x) -> out.put(name, () -> x));
        return out;
    }

    private static Map<String, NDArray> statistics(Map<String, double[][]> values) {
        var out = new LinkedHashMap<String, NDArray>();
        values.forEach((name, x) -> out.put(name, NDArray.of(x)));
        return out;
    }

    /// {@return how the run ended; empty for draws that are not of a run}
    public Optional<RunEnd> end() {
        return end;
    }

    /// {@return where the run stopped, for [kiln.infer.mcmc.MCMC#run(List)] to go on from; empty for draws that are not of a run}
    public List<ChainState> lastState() {
        return lastState;
    }

    /// {@return the acceptance that the warm-up of each chain aimed at in the end, in the order of the chains}
    ///
    /// Above [kiln.infer.mcmc.HMCSettings#targetAcceptProb()] where a step that would have been kept diverged during the warm-up: there one step size does not fit all
    /// of the posterior, see `docs/warmup.md`. Empty for draws that are not of a run, and for samplers that adapt no step size.
    public double[] targetAcceptProbs() {
        return lastState.stream().filter(s -> s.has("targetAcceptProb")).mapToDouble(s -> s.real("targetAcceptProb")).toArray();
    }

    /// {@return the names of all sites, in order}
    public List<String> names() {
        return List.copyOf(byChain.keySet());
    }

    /// {@return the draws of a site, all chains one after the other, shape `[chains · draws, …]`}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public NDArray samples(String name) {
        NDArray x = samplesByChain(name);
        return x.reshape(Shape.of(x.size(0) * x.size(1)).then(x.shape().slice(2, x.rank())));
    }

    /// {@return the draws of all sites, see [#samples(String)]: what [Predictive] takes}
    public SequencedMap<String, NDArray> samples() {
        var out = new LinkedHashMap<String, NDArray>();
        byChain.keySet().forEach(name -> out.put(name, samples(name)));
        return out;
    }

    /// {@return the draws of a site by chain, shape `[chains, draws, …]`}
    ///
    /// @throws IllegalArgumentException if there is no such site
    public NDArray samplesByChain(String name) {
        Supplier<NDArray> x = byChain.get(name);
        if (x == null) {
            throw new IllegalArgumentException(Names.noSuchSite("Posterior", name, names()).message());
        }
        return x.get();
    }

    /// Draws the discrete sites that were summed out, from their exact joint distribution given each draw of the others; together they are
    /// draws of the joint posterior.
    ///
    /// @param key source of the draws
    /// @return name and values, shape `[chains, draws, …]`
    /// @throws HandlerException if no site was summed out
    public SequencedMap<String, NDArray> inferDiscrete(PRNGKey key) {
        return discrete(1, key);
    }

    /// {@return for each draw the values of the discrete sites that are most probable together given the others, shape `[chains, draws, …]`}
    ///
    /// @throws HandlerException if no site was summed out
    public SequencedMap<String, NDArray> mostProbableDiscrete() {
        return discrete(0, PRNGKey.key(0));
    }

    /// {@return whether discrete sites were summed out, which [#inferDiscrete] draws}
    public boolean hasSummedOut() {
        return summedOut.isPresent();
    }

    private SequencedMap<String, NDArray> discrete(int temperature, PRNGKey key) {
        UnconstrainedModel model = summedOut.orElseThrow(() -> new HandlerException(new Diagnosis("Posterior", "no discrete site was summed out")
                .got("draws of " + Names.list(names()))
                .at(UserCode.line())
                .fix("take the draws of a model with discrete random variables, or draw data with Predictive.")));
        SequencedMap<String, NDArray> out = InferDiscrete.found(model, samples(), temperature, key);
        NDArray any = samplesByChain(names().getFirst());
        out.replaceAll((_, z) -> z.reshape(Shape.of(any.size(0), any.size(1)).then(z.shape().slice(1, z.rank()))));
        return out;
    }

    /// {@return a statistic of every draw, shape `[chains, draws]`; of an unconstrained site `[chains, draws, …]`}
    ///
    /// @param name NumPyro's name, such as `accept_prob`, `adapt_state.step_size` or `z.mu`
    /// @throws IllegalArgumentException if it was not asked for by `MCMC.extraFields`
    public NDArray extraField(String name) {
        Supplier<NDArray> x = extraFields.get(name.replaceFirst("^adapt_state\\.", ""));
        if (x == null) {
            throw new IllegalArgumentException(new Diagnosis("Posterior", "this statistic was not kept")
                    .expected("one of " + extraFields.keySet().stream().sorted().toList())
                    .got("\"" + name + "\"")
                    .at(UserCode.line())
                    .fix("ask for it before the run: new MCMC(…).extraFields(\"" + name + "\").")
                    .message());
        }
        return x.get();
    }

    /// {@return the number of divergent iterations of each chain after its warm-up; a copy}
    public int[] divergences() {
        return divergences.clone();
    }

    /// {@return the draws of the random variables for diagnostics, which know no arrays}
    public Draws draws() {
        NDArray first = samplesByChain(byChain.firstEntry().getKey());
        Draws out = Draws.of(first.size(0), first.size(1));
        for (String name : sites(false).toList()) {
            NDArray x = samplesByChain(name);
            out = out.with(name, x.shape().slice(2, x.rank()).dims(), nested(x));
        }
        return out;
    }

    private Stream<String> sites(boolean withDeterministic) {
        return byChain.keySet().stream().filter(name -> withDeterministic || !deterministic.contains(name));
    }

    private Draws draws(String name) {
        NDArray x = samplesByChain(name);
        return Draws.of(x.size(0), x.size(1)).with(name, x.shape().slice(2, x.rank()).dims(), nested(x));
    }

    /// Site by site, so that only one of them need be in memory.
    private Summary summary(boolean withDeterministic, double prob) {
        return new Summary(prob, sites(withDeterministic).flatMap(name -> Summary.of(draws(name), prob).rows().stream()).toList());
    }

    /// `[chain][draw][element]` of an array `[chains, draws, …]`.
    static double[][][] nested(NDArray x) {
        double[] flat = x.toDoubleArray();
        double[][][] out = new double[x.size(0)][x.size(1)][];
        int size = x.shape().slice(2, x.rank()).size();
        int at = 0;
        for (double[][] chain : out) {
            for (int i = 0; i < chain.length; i++, at += size) {
                chain[i] = Arrays.copyOfRange(flat, at, at + size);
            }
        }
        return out;
    }

    /// {@return the table of the random variables with 90% intervals}
    public Summary summary() {
        return summary(0.9);
    }

    /// {@return the table of the random variables}
    ///
    /// @param prob probability of the intervals, in (0, 1)
    public Summary summary(double prob) {
        return summary(false, prob);
    }

    /// {@return the table of all sites, deterministic ones included}
    ///
    /// @param prob probability of the intervals, in (0, 1)
    public Summary summaryWithDeterministic(double prob) {
        return summary(true, prob);
    }

    /// {@return what is wrong with the draws, in words, each with a remedy; nothing for a good run}
    public Verdict verdict() {
        NDArray first = samplesByChain(byChain.firstEntry().getKey());
        return Verdict.of(first.size(0), first.size(1), () -> sites(false).map(this::draws).iterator(), report.get());
    }

    /// Prints the table of the random variables with 90% intervals, the number of divergences, and the [#verdict] if something is wrong.
    public void printSummary() {
        printSummary(0.9);
    }

    /// Prints the table of the random variables, the number of divergences, and the [#verdict] if something is wrong.
    ///
    /// @param prob probability of the intervals, in (0, 1)
    public void printSummary(double prob) {
        IO.println(summary(prob) + lastLines());
    }

    private String lastLines() {
        String sentence = end.map(RunEnd::sentence).orElse("");
        String verdict = verdict().toString();
        return divergenceLine() + (parametrisation.isAsWritten() ? "" : "\n" + parametrisation) + (sentence.isEmpty() ? "" : "\n" + sentence) + (verdict.isEmpty() ? "" : "\n\n" + verdict);
    }

    private String divergenceLine() {
        int all = Arrays.stream(divergences).sum();
        return "Number of divergences: " + all + (all == 0 ? "" : " (by chain: " + Arrays.toString(divergences) + ")");
    }

    @Override
    public String toString() {
        return summary() + lastLines();
    }
}
