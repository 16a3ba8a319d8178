package kiln.infer.program;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kiln.array.Diagnosis;
import kiln.array.PRNGKey;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;

/// Importance sampling: independent runs of the model, each weighted by how well it explains the observations.
///
/// ```
/// without guide   x ~ prior         w = p(data | x)
/// with guide      x ~ q             w = p(data, x) / q(x);  sites that the guide lacks come from the prior
/// evidence        p(data) ≈ mean of w
/// ```
///
/// The runs may reach different sites. The weights are of use as long as [WeightedExecutions#effectiveSampleSize] is not small.
///
/// @param model      the model, its data observed
/// @param guide      draws latent sites by their names in the model, from a distribution with heavier tails than the posterior; empty:
///                   the prior
/// @param numSamples number of runs; ≥ 1
/// @param threads    at most so many at a time; the result is the same
public record Importance(Model model, Optional<Model> guide, int numSamples, int threads) {
    /// @throws kiln.array.DomainException if a number is out of its range
    public Importance {
        Tasks.require(numSamples >= 1, "numSamples must be ≥ 1", numSamples);
        Tasks.require(threads >= 1, "threads must be ≥ 1", threads);
    }

    /// A thousand runs of the model, on as many threads as there are processors.
    public Importance(Model model) {
        this(model, Optional.empty(), 1000, Runtime.getRuntime().availableProcessors());
    }

    /// A copy with another number of runs.
    public Importance numSamples(int v) {
        return new Importance(model, guide, v, threads);
    }

    /// A copy that draws from a guide.
    public Importance guide(Model v) {
        return new Importance(model, Optional.of(v), numSamples, threads);
    }

    /// A copy that runs at most so many at a time.
    public Importance threads(int v) {
        return new Importance(model, guide, numSamples, v);
    }

    private record Run(Execution execution, double logWeight, Set<String> unused, Set<String> latent) {}

    /// Runs the model.
    ///
    /// @param key source of all random numbers; run `i` takes `key.split(numSamples)[i]`
    /// @return the executions with their weights
    /// @throws HandlerException if every run contradicts the observations, or the guide has a latent site that no run of the model has
    public WeightedExecutions run(PRNGKey key) {
        PRNGKey[] keys = key.split(numSamples);
        List<Run> runs = Tasks.map(numSamples, threads, i -> guide.isEmpty() ? prior(keys[i]) : guided(guide.get(), keys[i]));
        checkGuide(runs);
        double[] weights = runs.stream().mapToDouble(Run::logWeight).toArray();
        return new WeightedExecutions(
                "Importance", runs.stream().map(Run::execution).toList(), weights, LogWeights.logMeanExp(weights));
    }

    private Run prior(PRNGKey key) {
        Trace run = Runs.trace(model, Handlers.seed(key));
        double weight = 0;
        for (Message m : run.sites().values()) {
            if (m instanceof Message.Sample s && s.isObserved()) {
                weight += Runs.logDensity(s);
            }
        }
        return new Run(Execution.of(run), weight, Set.of(), Set.of());
    }

    private Run guided(Model guide, PRNGKey key) {
        PRNGKey[] both = key.split();
        Trace proposal = Runs.trace(guide, Handlers.seed(both[0]));
        Trace run = Runs.trace(model, Handlers.replay(proposal), Handlers.seed(both[1]));
        double weight = 0;
        Set<String> latent = new LinkedHashSet<>();
        Set<String> unused = new LinkedHashSet<>();
        for (Message m : run.sites().values()) {
            if (m instanceof Message.Sample s) {
                boolean proposed = proposal.sites().get(s.name()) instanceof Message.Sample g && !g.isObserved();
                if (s.isObserved() || proposed) {
                    weight += Runs.logDensity(s);
                }
                if (!s.isObserved()) {
                    latent.add(s.name());
                }
            }
        }
        for (Message m : proposal.sites().values()) {
            if (m instanceof Message.Sample g && !g.isObserved()) {
                // A choice that this run of the model does not need has a prior of its own, the guide: it cancels.
                if (latent.contains(g.name())) {
                    weight -= Runs.logDensity(g);
                } else {
                    unused.add(g.name());
                }
            }
        }
        return new Run(Execution.of(run), weight, unused, latent);
    }

    private static void checkGuide(List<Run> runs) {
        Set<String> unused = new TreeSet<>();
        Set<String> latent = new TreeSet<>();
        runs.forEach(r -> {
            unused.addAll(r.unused());
            latent.addAll(r.latent());
        });
        unused.removeAll(latent);
        if (!unused.isEmpty()) {
            throw new HandlerException(new Diagnosis("Importance", "the guide draws what no run of the model has as a latent site")
                    .expected("names among " + Names.list(latent))
                    .got(Names.list(unused))
                    .fix(Names.remedy(new ArrayList<>(unused), latent, "leave the site out of the guide") + "."));
        }
    }
}
