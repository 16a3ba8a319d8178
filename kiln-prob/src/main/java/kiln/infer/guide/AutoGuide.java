package kiln.infer.guide;

import static kiln.model.Primitives.dim;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.prngKey;
import static kiln.model.Primitives.subsampleSize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.DoubleFunction;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.infer.InitStrategy;
import kiln.infer.LatentSite;
import kiln.infer.Predictive;
import kiln.infer.UnconstrainedModel;
import kiln.math.Erf;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Plate;
import kiln.model.PlateFrame;
import org.jspecify.annotations.Nullable;

/// A guide that is made from a model: it has the latent sites of the model, found by running it once.
///
/// Its parameters are named after the sites and the prefix, as in NumPyro: `mu_auto_loc`. Discrete sites are left to the loss, which sums
/// them out.
public abstract sealed class AutoGuide implements Model permits AutoDelta, AutoNormal, AutoContinuous {
    private final Model model;
    private final String prefix;
    private final InitStrategy initLoc;
    private volatile @Nullable Prototype prototype;

    /// What was found out about the model.
    ///
    /// @param free  the model on unconstrained space
    /// @param start position of each latent site to start from
    record Prototype(UnconstrainedModel free, SequencedMap<String, NDArray> start) {}

    AutoGuide(Model model, String prefix, InitStrategy initLoc) {
        this.model = model;
        this.prefix = prefix;
        this.initLoc = initLoc;
    }

    /// {@return the model}
    public final Model model() {
        return model;
    }

    /// {@return what the names of its parameters begin or go on with, `auto` unless said}
    public final String prefix() {
        return prefix;
    }

    /// {@return where its locations start}
    public final InitStrategy initLoc() {
        return initLoc;
    }

    /// {@return the model, looked at in the first run of the guide, with a key from `seed`}
    final Prototype prototype() {
        Prototype known = prototype;
        return known != null ? known : look(prngKey());
    }

    private synchronized Prototype look(PRNGKey key) {
        Prototype known = prototype;
        if (known != null) {
            return known;
        }
        List<Prototype> found = new ArrayList<>();
        // The runs of the model are no business of the handlers around the guide.
        Handlers.handle(
                        () -> {
                            PRNGKey[] keys = key.split();
                            UnconstrainedModel free = UnconstrainedModel.ofSubsample(model, keys[0]);
                            check(free, keys[1]);
                            found.add(new Prototype(free, free.start(initLoc, keys[1])));
                        },
                        Handlers.block())
                .run();
        prototype = found.getFirst();
        return found.getFirst();
    }

    /// Refuses models for which the guide is not made.
    void check(UnconstrainedModel free, PRNGKey key) {}

    /// {@return draws of the latent sites, `[numSamples] + shape of the site`, in the order of the model}
    ///
    /// Deterministic sites follow with `new Predictive(model, samples)`.
    ///
    /// @param key        source of the draws
    /// @param params     of the guide, such as [kiln.infer.svi.SVIResult#params]; others are left alone
    /// @param numSamples ≥ 1
    public SequencedMap<String, NDArray> samplePosterior(PRNGKey key, Map<String, NDArray> params, int numSamples) {
        var drawn = new Predictive(this).params(params).numSamples(numSamples).run(key);
        var out = new LinkedHashMap<String, NDArray>();
        known().free().sites().forEach(s -> out.put(s.name(), Objects.requireNonNull(drawn.get(s.name()))));
        return out;
    }

    /// {@return the medians of the elements of each latent site, by name}
    ///
    /// @param params of the guide; others are left alone
    public abstract SequencedMap<String, NDArray> median(Map<String, NDArray> params);

    /// {@return what was found out about the model, once the guide has run}
    final Prototype known() {
        Prototype known = prototype;
        if (known == null) {
            throw new HandlerException(new Diagnosis(getClass().getSimpleName(), "the guide has not run yet, so it does not know the sites of the model")
                    .at(UserCode.line())
                    .fix("fit it first, with the same object as guide: new SVI(model, guide, …)."));
        }
        return known;
    }

    /// {@return a parameter of the guide}
    final NDArray given(Map<String, NDArray> params, String name) {
        NDArray value = params.get(name);
        if (value == null) {
            throw new HandlerException(new Diagnosis(getClass().getSimpleName(), "a parameter of the guide is missing")
                    .expected("a value of \"" + name + "\"")
                    .got(Names.list(params.keySet()))
                    .at(UserCode.line())
                    .fix("pass what SVI found: fit.params()."));
        }
        return value;
    }

    /// {@return values at several standard scores, stacked}
    static SequencedMap<String, NDArray> stacked(double[] q, DoubleFunction<SequencedMap<String, NDArray>> at) {
        var parts = new LinkedHashMap<String, List<NDArray>>();
        for (double p : q) {
            at.apply(Erf.ndtri(p)).forEach((name, x) -> parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(x));
        }
        var out = new LinkedHashMap<String, NDArray>();
        parts.forEach((name, xs) -> out.put(name, Np.stack(xs, 0)));
        return out;
    }

    /// Refuses what only guides over all copies can do.
    static HandlerException unfit(String who, LatentSite site, String what, String fix) {
        return new HandlerException(new Diagnosis(who, what)
                .got("sample(\"" + site.name() + "\") of shape " + site.shape()
                        + (site.plates().isEmpty() ? "" : " in plates " + site.plates()))
                .at(UserCode.line())
                .fix(fix));
    }

    /// Runs statements inside plates.
    ///
    /// @param plates the innermost first
    @SuppressWarnings("MustBeClosedChecker") // closed below, in their order
    static void inPlates(List<PlateFrame> plates, Runnable statements) {
        if (plates.isEmpty()) {
            statements.run();
            return;
        }
        PlateFrame outermost = plates.getLast();
        try (Plate _ = plate(outermost.name(), outermost.size(), dim(outermost.dim()), subsampleSize(outermost.subsampleSize()))) {
            inPlates(plates.subList(0, plates.size() - 1), statements);
        }
    }

    /// {@return an array repeated along the axes of subsampled plates, so that every copy has a value}
    ///
    /// @param eventDim how many axes of the value belong to one copy
    static NDArray repeated(NDArray x, LatentSite site, int eventDim) {
        NDArray out = x;
        for (var plate : site.plates()) {
            int axis = plate.dim() - eventDim;
            if (plate.isSubsampled() && out.rank() >= -axis && out.size(axis) == plate.subsampleSize()) {
                out = Np.take(out, Np.remainder(Np.arange(plate.size()), NDArray.of((long) plate.subsampleSize())), axis);
            }
        }
        return out;
    }
}
