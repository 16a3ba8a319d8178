package kiln.infer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.model.Handler;
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
/// @param model                the model, with the data to predict for
/// @param posteriorSamples     name and draws of sites, the draws along the first axis; names that the model does not have are
///                             left alone; empty for the prior
/// @param numSamples           number of draws of the prior; 0 where `posteriorSamples` says how many
/// @param returnSites          sites to return; empty: the sites that were not given
/// @param excludeDeterministic whether deterministic sites are computed anew although `posteriorSamples` has them
public record Predictive(
        Model model,
        Map<String, NDArray> posteriorSamples,
        int numSamples,
        List<String> returnSites,
        boolean excludeDeterministic) {
    /// @throws ShapeException if the draws differ in number
    /// @throws DomainException if `numSamples` is negative
    public Predictive {
        posteriorSamples = Collections.unmodifiableMap(new LinkedHashMap<>(posteriorSamples));
        returnSites = List.copyOf(returnSites);
        if (numSamples < 0) {
            throw new DomainException(new Diagnosis("Predictive", "numSamples must be ≥ 1").got("" + numSamples).at(UserCode.line()));
        }
        int n = -1;
        for (var entry : posteriorSamples.entrySet()) {
            Shape shape = entry.getValue().shape();
            if (shape.rank() == 0 || (n >= 0 && shape.dim(0) != n)) {
                throw new ShapeException(new Diagnosis("Predictive", "the draws of the sites differ in number")
                        .expected("draws along the first axis" + (n < 0 ? "" : ", " + n + " of them"))
                        .got("\"" + entry.getKey() + "\" of shape " + shape)
                        .at(UserCode.line())
                        .fix("give every site the shape [draws, …], chains one after the other."));
            }
            n = shape.dim(0);
        }
    }

    /// The prior predictive distribution; [#numSamples(int)] says how many draws.
    public Predictive(Model model) {
        this(model, Map.of(), 0, List.of(), true);
    }

    /// The posterior predictive distribution, one draw for each given one.
    public Predictive(Model model, Map<String, NDArray> posteriorSamples) {
        this(model, posteriorSamples, 0, List.of(), true);
    }

    /// {@return a copy with a number of draws of the prior}
    ///
    /// @param n ≥ 1
    public Predictive numSamples(int n) {
        return new Predictive(model, posteriorSamples, n, returnSites, excludeDeterministic);
    }

    /// {@return a copy that returns the named sites, whether they were given or not}
    public Predictive returnSites(String... names) {
        return new Predictive(model, posteriorSamples, numSamples, List.of(names), excludeDeterministic);
    }

    /// {@return a copy that computes deterministic sites anew, or takes the given values}
    public Predictive excludeDeterministic(boolean exclude) {
        return new Predictive(model, posteriorSamples, numSamples, returnSites, exclude);
    }

    /// Draws.
    ///
    /// @param key source of all draws
    /// @return name and draws of the sites in the order of the model, `[draws] + shape of the site`
    /// @throws HandlerException if the number of draws is not known, a name to return is not in the model, or the sites differ
    ///                          from draw to draw
    public SequencedMap<String, NDArray> run(PRNGKey key) {
        int n = draws();
        PRNGKey[] keys = n == 1 ? new PRNGKey[] {key} : key.split(n);
        var drawn = new LinkedHashMap<String, List<NDArray>>();
        var reached = new LinkedHashSet<String>();
        for (int i = 0; i < n; i++) {
            Trace run = Handlers.trace(model, given(i), Handlers.seed(keys[i]));
            reached.addAll(run.sites().keySet());
            for (Message m : run.sites().values()) {
                if (isReturned(m)) {
                    drawn.computeIfAbsent(m.name(), _ -> new ArrayList<>()).add(m.requireValue());
                }
            }
        }
        checkNames(reached);
        var out = new LinkedHashMap<String, NDArray>();
        drawn.forEach((name, values) -> out.put(name, stacked(name, values, n)));
        return out;
    }

    private int draws() {
        if (!posteriorSamples.isEmpty()) {
            int n = posteriorSamples.values().iterator().next().size(0);
            if (numSamples > 0 && numSamples != n) {
                throw new HandlerException(new Diagnosis("Predictive", "numSamples disagrees with the given draws")
                        .expected("" + n)
                        .got("" + numSamples)
                        .at(UserCode.line())
                        .fix("leave numSamples out."));
            }
            return n;
        }
        if (numSamples == 0) {
            throw new HandlerException(new Diagnosis("Predictive", "it does not say how many draws to make")
                    .at(UserCode.line())
                    .fix("add numSamples(1000), or pass posterior draws: new Predictive(model, samples)."));
        }
        return numSamples;
    }

    /// Gives the sites the values of one draw; deterministic sites are left to be computed.
    private Handler given(int draw) {
        return Handlers.substitute(m -> {
            NDArray all = posteriorSamples.get(m.name());
            boolean recomputed = excludeDeterministic && m instanceof Message.Deterministic;
            return all == null || recomputed || !m.isSite()
                    ? Optional.empty()
                    : Optional.of(all.get(draw));
        });
    }

    private boolean isReturned(Message m) {
        if (!returnSites.isEmpty()) {
            return returnSites.contains(m.name());
        }
        return switch (m) {
            // A factor has the empty value, which is nothing to return.
            case Message.Sample s -> !posteriorSamples.containsKey(s.name()) && s.distribution().eventShape().size() > 0;
            case Message.Deterministic _ -> true;
            case Message.Param _, Message.Plate _, Message.Mutable _, Message.Request _ -> false;
        };
    }

    private void checkNames(Set<String> names) {
        List<String> unknown = returnSites.stream().filter(name -> !names.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis("Predictive", "a site to return is not in the model")
                    .expected("names among " + Names.list(names))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, names, "leave the name out") + "."));
        }
    }

    private static NDArray stacked(String name, List<NDArray> values, int n) {
        List<Shape> shapes = values.stream().map(NDArray::shape).distinct().toList();
        if (values.size() != n || shapes.size() > 1) {
            String seen = shapes.stream().limit(3).map(Shape::toString).collect(Collectors.joining(", "));
            throw new HandlerException(new Diagnosis("Predictive", "the site \"" + name + "\" differs from draw to draw")
                    .expected("the same sites and shapes in all " + n + " draws")
                    .got("a value in " + values.size() + " of " + n + " draws, of shape " + seen)
                    .at(UserCode.line())
                    .fix("leave the site out with returnSites(…), or run trace(model, seed(k)) for each key yourself."));
        }
        return Np.stack(values, 0);
    }
}
