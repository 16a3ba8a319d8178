package kiln.infer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;

/// Draws from the prior predictive distribution of a model, or from its posterior predictive distribution given draws.
///
/// ```java
/// var prior = new Predictive(() -> model(x, null)).numSamples(1000).run(key(0));
/// var posterior = new Predictive(() -> model(xNew, null), samples).run(key(1));
/// NDArray y = posterior.get("y");                       // [draws, …]
/// ```
///
/// The model is run once per draw, with its own key: the n keys are `key.split(n)`, a single draw takes the key itself, so that a
/// NumPyro program and its port draw the same numbers. A draw comes back for every random variable that was not given and for
/// every deterministic site, which is computed anew; [#returnSites] chooses others. Data that the model observes comes back
/// repeated.
///
/// With a guide, its draws are the posterior draws: the key is split, the first half draws from the model, the second from the
/// guide.
///
/// @param model                the model, with the data to predict for
/// @param posteriorSamples     name and draws of sites, the draws along the first axes; names that the model does not have are
///                             left alone; empty for the prior
/// @param guide                draws the latent sites instead
/// @param params               values of the parameters of model and guide; names that they do not have are left alone
/// @param numSamples           number of draws of the prior or the guide; 0 where `posteriorSamples` says how many
/// @param returnSites          sites to return; empty: the sites that were not given
/// @param parallel             whether the draws are made on all processors; they are the same
/// @param batchNdims           how many axes of `posteriorSamples` in front are axes of draws; 2 for chains and draws
/// @param excludeDeterministic whether deterministic sites are computed anew although `posteriorSamples` has them
/// @param inferDiscrete        whether discrete sites without draws are drawn from their posterior given the draws and the data of the
///                             model, see [InferDiscrete], rather than from their prior
public record Predictive(
        Model model,
        Map<String, NDArray> posteriorSamples,
        Optional<Model> guide,
        Map<String, NDArray> params,
        int numSamples,
        List<String> returnSites,
        boolean parallel,
        int batchNdims,
        boolean excludeDeterministic,
        boolean inferDiscrete) {
    private static final String WHO = "Predictive";

    /// @throws DomainException if `numSamples` is negative
    /// @throws HandlerException if there are both draws and a guide
    public Predictive {
        posteriorSamples = Collections.unmodifiableMap(new LinkedHashMap<>(posteriorSamples));
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        returnSites = List.copyOf(returnSites);
        if (numSamples < 0) {
            throw new DomainException(new Diagnosis(WHO, "numSamples must be ≥ 1").got("" + numSamples).at(UserCode.line()));
        }
        if (guide.isPresent() && !posteriorSamples.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "it has both draws of the posterior and a guide to make them")
                    .got("draws of " + Names.list(posteriorSamples.keySet()))
                    .at(UserCode.line())
                    .fix("leave one of them out."));
        }
    }

    /// The prior predictive distribution; [#numSamples(int)] says how many draws.
    public Predictive(Model model) {
        this(model, Map.of());
    }

    /// The posterior predictive distribution, one draw for each given one.
    public Predictive(Model model, Map<String, NDArray> posteriorSamples) {
        this(model, posteriorSamples, Optional.empty(), Map.of(), 0, List.of(), false, 1, true, false);
    }

    /// {@return a copy with a number of draws of the prior or the guide}
    ///
    /// @param n ≥ 1
    public Predictive numSamples(int n) {
        return new Predictive(model, posteriorSamples, guide, params, n, returnSites, parallel, batchNdims, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy whose latent sites are drawn by a guide; [#numSamples(int)] says how many draws}
    public Predictive guide(Model guide) {
        return new Predictive(
                model, posteriorSamples, Optional.of(guide), params, numSamples, returnSites, parallel, batchNdims, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy with values for the parameters of model and guide}
    public Predictive params(Map<String, NDArray> params) {
        return new Predictive(
                model, posteriorSamples, guide, params, numSamples, returnSites, parallel, batchNdims, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy that returns the named sites, whether they were given or not}
    public Predictive returnSites(String... names) {
        return new Predictive(
                model, posteriorSamples, guide, params, numSamples, List.of(names), parallel, batchNdims, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy that makes the draws on all processors, or one after the other; they are the same}
    public Predictive parallel(boolean parallel) {
        return new Predictive(
                model, posteriorSamples, guide, params, numSamples, returnSites, parallel, batchNdims, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy that reads so many axes of the given draws as axes of draws, and returns them}
    ///
    /// @param n ≥ 0; 2 for chains and draws, 0 for a single draw without an axis
    public Predictive batchNdims(int n) {
        return new Predictive(model, posteriorSamples, guide, params, numSamples, returnSites, parallel, n, excludeDeterministic, inferDiscrete);
    }

    /// {@return a copy that computes deterministic sites anew, or takes the given values}
    public Predictive excludeDeterministic(boolean exclude) {
        return new Predictive(model, posteriorSamples, guide, params, numSamples, returnSites, parallel, batchNdims, exclude, inferDiscrete);
    }

    /// {@return a copy that draws discrete sites from their posterior given the draws and the data, or from their prior}
    public Predictive inferDiscrete(boolean infer) {
        return new Predictive(
                model, posteriorSamples, guide, params, numSamples, returnSites, parallel, batchNdims, excludeDeterministic, infer);
    }

    /// Draws.
    ///
    /// @param key source of all draws
    /// @return name and draws of the sites in the order of the model, `axes of draws + shape of the site`
    /// @throws ShapeException if the given draws differ in number
    /// @throws HandlerException if the number of draws is not known, a name to return is not in the model, or the sites differ
    ///                          from draw to draw
    public SequencedMap<String, NDArray> run(PRNGKey key) {
        if (guide.isPresent()) {
            PRNGKey[] both = key.split();
            GivenDraws none = new GivenDraws(WHO, Map.of(), Shape.of(draws()));
            var latent = runs(guide.get(), none, both[1], Predictive::isLatent, Set.of());
            return runs(model, GivenDraws.of(WHO, latent, 1), both[0], m -> isReturned(m, latent.keySet()), latent.keySet());
        }
        GivenDraws given = posteriorSamples.isEmpty()
                ? new GivenDraws(WHO, Map.of(), Shape.of(draws()))
                : GivenDraws.of(WHO, posteriorSamples, batchNdims);
        checkNumber(given);
        if (inferDiscrete) {
            if (batchNdims != 1) {
                throw new HandlerException(new Diagnosis(WHO, "inferDiscrete needs the draws along one axis")
                        .got("batchNdims " + batchNdims)
                        .at(UserCode.line())
                        .fix("give chains one after the other: posterior.samples()."));
            }
            PRNGKey[] both = key.split();
            var all = new LinkedHashMap<>(posteriorSamples);
            all.putAll(new InferDiscrete(model, posteriorSamples).run(both[0]));
            return runs(model, GivenDraws.of(WHO, all, 1), both[1], m -> isReturned(m, posteriorSamples.keySet()), Set.of());
        }
        return runs(model, given, key, m -> isReturned(m, posteriorSamples.keySet()), Set.of());
    }

    /// @param ofGuide sites of the guide, which the program must have
    private SequencedMap<String, NDArray> runs(
            Model program, GivenDraws given, PRNGKey key, Predicate<Message> isKept, Set<String> ofGuide) {
        int n = given.count();
        PRNGKey[] keys = n == 1 ? new PRNGKey[] {key} : key.split(n);
        List<Run> all = GivenDraws.map(n, parallel, i -> {
            Trace run = Handlers.trace(
                    program,
                    Handlers.substitute(params).allowUnused(),
                    given.at(i, !excludeDeterministic),
                    Handlers.seed(keys[i]));
            return Run.of(run, isKept);
        });
        var drawn = new LinkedHashMap<String, List<NDArray>>();
        var reached = new LinkedHashSet<String>();
        for (Run run : all) {
            reached.addAll(run.names());
            run.kept().forEach((name, value) -> drawn.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        }
        if (program.equals(model)) {
            checkNames(reached, returnSites, "a site to return is not in the model");
            checkNames(reached, ofGuide, "the guide has a site that the model lacks");
        }
        return GivenDraws.stacked(WHO, drawn, given.batch());
    }

    /// What is kept of one run: of thousands, a trace each would not fit into memory.
    private record Run(Set<String> names, Map<String, NDArray> kept) {
        static Run of(Trace run, Predicate<Message> isKept) {
            var kept = new LinkedHashMap<String, NDArray>();
            run.sites().forEach((name, site) -> {
                if (isKept.test(site)) {
                    kept.put(name, site.requireValue());
                }
            });
            return new Run(new LinkedHashSet<>(run.sites().keySet()), kept);
        }
    }

    private void checkNumber(GivenDraws given) {
        if (numSamples > 0 && numSamples != given.count()) {
            throw new HandlerException(new Diagnosis(WHO, "numSamples disagrees with the given draws")
                    .expected("" + given.count())
                    .got("" + numSamples)
                    .at(UserCode.line())
                    .fix("leave numSamples out."));
        }
    }

    private int draws() {
        if (numSamples == 0) {
            throw new HandlerException(new Diagnosis(WHO, "it does not say how many draws to make")
                    .at(UserCode.line())
                    .fix("add numSamples(1000), or pass posterior draws: new Predictive(model, samples)."));
        }
        return numSamples;
    }

    private boolean isReturned(Message m, Set<String> given) {
        if (!returnSites.isEmpty()) {
            return returnSites.contains(m.name());
        }
        return m instanceof Message.Deterministic || (isRandom(m) && !given.contains(m.name()));
    }

    /// A site of a guide that the model has as well; auxiliary ones are the guide's own.
    private static boolean isLatent(Message m) {
        return isRandom(m) && m instanceof Message.Sample s && !s.infer().isAuxiliary();
    }

    /// A factor has the empty value, which is nothing to return.
    private static boolean isRandom(Message m) {
        return m instanceof Message.Sample s && !s.isFactor();
    }

    private static void checkNames(Set<String> names, Collection<String> wanted, String what) {
        List<String> unknown = wanted.stream().filter(name -> !names.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, what)
                    .expected("names among " + Names.list(names))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, names, "leave the name out") + "."));
        }
    }
}
