package kiln.infer.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.infer.mcmc.ChainRandom;
import kiln.math.Elementary;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Interceptor;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// Metropolis-Hastings over executions: draws one random choice anew, runs the model again with the others kept, and accepts or not.
///
/// ```
/// site     uniform among the n latent sites of the execution; its new value from its prior given what comes before
/// kept     the other sites that the new run has under the same name, with the same kind of distribution and shape
/// drawn    sites that only the new run has, from their priors
/// log α  = log n − log n′ + Σ kept (log p′ − log p) + log p′(data) − log p(data)
/// ```
///
/// What is drawn from its prior cancels against its density, on the way there and back, so executions of different dimension are
/// compared correctly. A model needs every latent site to have a name that means the same choice in all runs.
///
/// Source: Wingate, Stuhlmüller and Goodman, *Lightweight implementations of probabilistic programming languages via
/// transformational compilation* (2011), algorithm 2, as corrected in the authors' revision.
///
/// @param model      the model, its data observed
/// @param numWarmup  proposals of each chain that are not kept; ≥ 0
/// @param numSamples executions that each chain keeps; ≥ 1
/// @param thinning   proposals from one kept execution to the next; ≥ 1
/// @param numChains  number of chains; ≥ 1
/// @param threads    at most so many chains run at a time; the draws are the same
public record SingleSiteMH(Model model, int numWarmup, int numSamples, int thinning, int numChains, int threads) {
    private static final int TRIES = 10_000;

    /// @throws kiln.array.DomainException if a number is out of its range
    public SingleSiteMH {
        Tasks.require(numWarmup >= 0, "numWarmup must be ≥ 0", numWarmup);
        Tasks.require(numSamples >= 1, "numSamples must be ≥ 1", numSamples);
        Tasks.require(thinning >= 1, "thinning must be ≥ 1", thinning);
        Tasks.require(numChains >= 1, "numChains must be ≥ 1", numChains);
        Tasks.require(threads >= 1, "threads must be ≥ 1", threads);
    }

    /// Four chains of 1000 proposals to warm up and 1000 executions.
    public SingleSiteMH(Model model) {
        this(model, 1000, 1000, 1, 4, Runtime.getRuntime().availableProcessors());
    }

    /// A copy with another [#numWarmup()].
    public SingleSiteMH numWarmup(int v) {
        return new SingleSiteMH(model, v, numSamples, thinning, numChains, threads);
    }

    /// A copy with another [#numSamples()].
    public SingleSiteMH numSamples(int v) {
        return new SingleSiteMH(model, numWarmup, v, thinning, numChains, threads);
    }

    /// A copy that keeps the execution after every `v`-th proposal.
    public SingleSiteMH thinning(int v) {
        return new SingleSiteMH(model, numWarmup, numSamples, v, numChains, threads);
    }

    /// A copy with another [#numChains()].
    public SingleSiteMH numChains(int v) {
        return new SingleSiteMH(model, numWarmup, numSamples, thinning, v, threads);
    }

    /// A copy that runs at most so many chains at a time.
    public SingleSiteMH threads(int v) {
        return new SingleSiteMH(model, numWarmup, numSamples, thinning, numChains, v);
    }

    /// Runs all chains.
    ///
    /// @param key source of all random numbers; chain `i` takes `key.split(numChains)[i]`
    /// @throws HandlerException if no run without contradiction to the observations was found to start from, or a run has no latent site
    public ProgramChains run(PRNGKey key) {
        PRNGKey[] keys = key.split(numChains);
        List<Chain> done = Tasks.map(numChains, threads, i -> new Chain(keys[i]).run());
        return new ProgramChains(
                done.stream().map(c -> c.kept).toList(),
                done.stream().mapToDouble(c -> (double) c.accepted / ((double) numSamples * thinning)).toArray());
    }

    /// A run with the log density of each of its sites.
    private record State(Trace trace, List<Message.Sample> latent, Map<String, Double> densities, double data) {
        static State of(Trace trace) {
            List<Message.Sample> latent = new ArrayList<>();
            Map<String, Double> densities = new LinkedHashMap<>();
            double data = 0;
            for (Message m : trace.sites().values()) {
                if (m instanceof Message.Sample s) {
                    double density = Runs.logDensity(s);
                    if (s.isObserved()) {
                        data += density;
                    } else {
                        latent.add(s);
                        densities.put(s.name(), density);
                    }
                }
            }
            return new State(trace, latent, densities, data);
        }
    }

    private final class Chain {
        private final PRNGKey draws;
        private final ChainRandom random;
        private final List<Execution> kept = new ArrayList<>();
        private long accepted;

        Chain(PRNGKey key) {
            PRNGKey[] both = key.split();
            this.draws = both[0];
            this.random = new ChainRandom(both[1].bits());
        }

        Chain run() {
            State state = start();
            Execution execution = Execution.of(state.trace());
            long total = (long) numSamples * thinning;
            for (long i = -numWarmup; i < total; i++) {
                @Nullable State next = step(state, draws.foldIn((int) (i + numWarmup) + TRIES));
                if (next != null) {
                    state = next;
                    execution = Execution.of(state.trace());
                    accepted += i < 0 ? 0 : 1;
                }
                if (i >= 0 && (i + 1) % thinning == 0) {
                    kept.add(execution);
                }
            }
            return this;
        }

        private State start() {
            for (int i = 0; i < TRIES; i++) {
                State state = State.of(Runs.trace(model, Handlers.seed(draws.foldIn(i))));
                if (state.data() > Double.NEGATIVE_INFINITY) {
                    return state;
                }
            }
            throw new HandlerException(new Diagnosis("SingleSiteMH", "no run of the model to start from agrees with its observations")
                    .expected("a run in which all observations are possible")
                    .got(TRIES + " runs with log density -inf or NaN")
                    .fix("observe with noise what the model fixes exactly, or check the data against the supports."));
        }

        /// One proposal.
        ///
        /// @return the new state, or null if it is rejected
        private @Nullable State step(State state, PRNGKey key) {
            if (state.latent().isEmpty()) {
                throw new HandlerException(new Diagnosis("SingleSiteMH", "a run of the model has no random choice that could be changed")
                        .got("sites " + state.trace().sites().keySet() + ", all of them observed or deterministic")
                        .fix("leave one sample site without an observed value."));
            }
            int n = state.latent().size();
            String chosen = state.latent().get((int) (random.uniform() * n)).name();
            double threshold = Elementary.log(random.uniform());
            State next = State.of(Runs.trace(model, () -> new Keeping(state.trace(), chosen), Handlers.seed(key)));
            double ratio = next.data() - state.data() + Elementary.log(n) - Elementary.log(next.latent().size());
            for (Message.Sample s : next.latent()) {
                Message old = state.trace().sites().get(s.name());
                // Kept values are the same objects.
                if (old != null && old.value() == s.value()) {
                    ratio += density(next, s) - density(state, s);
                }
            }
            return threshold < ratio ? next : null;
        }

        private static double density(State state, Message.Sample s) {
            return java.util.Objects.requireNonNull(state.densities().get(s.name()));
        }
    }

    /// Gives the sites of an earlier run their old values, all but one.
    private record Keeping(Trace old, String chosen) implements Interceptor {
        @Override
        public Message process(Message m) {
            if (!(m instanceof Message.Sample s) || s.isObserved() || s.value() != null || s.name().equals(chosen)) {
                return m;
            }
            @Nullable NDArray value = old.sites().get(s.name()) instanceof Message.Sample before
                            && !before.isObserved()
                            && before.distributionName().equals(s.distributionName())
                            && before.requireValue().shape().equals(s.distribution().batchShape().then(s.distribution().eventShape()))
                    ? before.requireValue()
                    : null;
            return value == null ? m : s.withValue(value);
        }
    }
}
