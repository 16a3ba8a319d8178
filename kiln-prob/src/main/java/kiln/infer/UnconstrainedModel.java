package kiln.infer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.Validation;
import kiln.dist.transform.Transform;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;

/// A model as a density on unconstrained space: what NUTS, optimisers and guides work with.
///
/// ```
/// L(q) = Σ over sites of log p(value) + Σ over latent sites of log |det ∂value/∂q|
/// ```
///
/// The latent sites are found by running the model once. Each has a position, an array of real numbers, which the bijection of its
/// support maps to its value. The supports may depend on other sites: the model is run again for every evaluation. All functions
/// take traced positions as well, so they can be differentiated, mapped and compiled.
///
/// The densities of latent sites are evaluated without support checks, because their values come from the supports; the densities
/// of observed sites keep them.
public final class UnconstrainedModel {
    /// Half the edge of the cube in which the first run starts, as Stan's and NumPyro's.
    private static final double RADIUS = 2;
    private static final int TRIES = 100;

    private final Model model;
    private final PRNGKey key;
    private final Trace firstRun;
    private final List<LatentSite> sites;

    private UnconstrainedModel(Model model, PRNGKey key, Trace firstRun, List<LatentSite> sites) {
        this.model = model;
        this.key = key;
        this.firstRun = firstRun;
        this.sites = sites;
    }

    /// Runs a model once and finds its latent sites.
    ///
    /// In that run the positions are uniform in (−2, 2), which needs no draws from the priors, so they may be flat. If parameters
    /// that follow from such a position lie outside their domain (a matrix that is not positive definite), other positions are tried.
    ///
    /// @param key source of the positions of that run, and of whatever the model hides from outer handlers
    /// @throws HandlerException if a latent site is discrete or its support has no bijection, or if a plate is subsampled
    /// @throws DomainException if no position was found at which all parameters lie in their domains
    public static UnconstrainedModel of(Model model, PRNGKey key) {
        Trace run = firstRun(model, key);
        List<LatentSite> sites = new ArrayList<>();
        for (Message m : run.sites().values()) {
            switch (m) {
                case Message.Sample s when !s.isObserved() -> sites.add(latent(s));
                case Message.Plate p when p.subsampleSize() != p.size() -> throw subsampled(p);
                case Message.Sample _, Message.Plate _, Message.Param _, Message.Deterministic _, Message.Mutable _, Message.Request _ -> {}
            }
        }
        return new UnconstrainedModel(model, key, run, List.copyOf(sites));
    }

    private static Trace firstRun(Model model, PRNGKey key) {
        for (int i = 0; ; i++) {
            try {
                return Handlers.trace(model, Handlers.seed(i == 0 ? key : key.foldIn(i)), Handlers.substitute(UnconstrainedModel::start));
            } catch (DomainException e) {
                if (i == TRIES - 1) {
                    throw e;
                }
            }
        }
    }

    private static Optional<NDArray> start(Message m) {
        if (!(m instanceof Message.Sample s) || s.value() != null || s.isObserved() || s.distribution().isDiscrete()) {
            return Optional.empty();
        }
        PRNGKey own = s.key();
        if (own == null) {
            return Optional.empty();
        }
        Transform t = PositionedRun.bijection(s);
        Shape shape = s.distribution().batchShape().then(s.distribution().eventShape());
        return Optional.of(t.call(own.uniform(t.inverseShape(shape), -RADIUS, RADIUS)));
    }

    private static LatentSite latent(Message.Sample s) {
        if (s.distribution().isDiscrete()) {
            throw new HandlerException(new Diagnosis(s.label(), "NUTS and HMC cannot sample a discrete site")
                    .expected("a continuous distribution, or an observed value")
                    .got(PositionedRun.describe(s))
                    .at(s.place())
                    .fix("sum over its values by hand (a mixture), or give it a value: condition(Map.of(\"" + s.name() + "\", …))."));
        }
        Shape shape = s.requireValue().shape();
        Shape free = PositionedRun.bijection(s).inverseShape(shape);
        return new LatentSite(s.name(), s.distribution().support(), shape, free, s.plates());
    }

    private static HandlerException subsampled(Message.Plate p) {
        return new HandlerException(new Diagnosis(p.label(), "NUTS and HMC need all the data, but the plate is subsampled")
                .expected("all " + p.size() + " copies")
                .got("subsample size " + p.subsampleSize())
                .at(p.place())
                .fix("leave subsampleSize out, or fit the model with SVI."));
    }

    /// {@return the latent sites, in the order of the model}
    public List<LatentSite> sites() {
        return sites;
    }

    /// {@return the run in which the latent sites were found; it has the warnings about the data}
    public Trace firstRun() {
        return firstRun;
    }

    /// {@return the number of coordinates of all latent sites together}
    public int dimension() {
        return sites.stream().mapToInt(s -> s.unconstrainedShape().size()).sum();
    }

    // ---- the density

    /// {@return the log joint density with Jacobians, a scalar}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    /// @throws HandlerException if the run reaches other latent sites than the first one did
    public NDArray logJoint(Map<String, NDArray> position) {
        NDArray sum = null;
        for (NDArray term : logDensities(position).values()) {
            sum = sum == null ? term : sum.plus(term);
        }
        return sum == null ? Np.scalar(0.0) : sum;
    }

    /// {@return the terms of [#logJoint], by site: scalars, the Jacobian of a latent site included}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public SequencedMap<String, NDArray> logDensities(Map<String, NDArray> position) {
        var run = new PositionedRun(checked(position, "position"), sites);
        var out = new LinkedHashMap<String, NDArray>();
        for (Message.Sample s : trace(run).samples().values()) {
            NDArray density = s.isObserved() ? s.logProb() : Validation.without(s::logProb);
            NDArray term = density.sum();
            NDArray jacobian = run.logJacobian(s);
            out.put(s.name(), jacobian == null ? term : term.plus(jacobian.sum()));
        }
        return out;
    }

    /// {@return the run of the model at a position}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public Trace trace(Map<String, NDArray> position) {
        return trace(new PositionedRun(checked(position, "position"), sites));
    }

    private Trace trace(PositionedRun run) {
        return Handlers.trace(model, () -> run, Handlers.seed(key));
    }

    // ---- between the spaces

    /// {@return the values of the latent and of the deterministic sites at a position, in the order of the model}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public SequencedMap<String, NDArray> constrain(Map<String, NDArray> position) {
        var out = new LinkedHashMap<String, NDArray>();
        trace(position).sites().forEach((name, site) -> {
            switch (site) {
                case Message.Sample s when !s.isObserved() -> out.put(name, s.requireValue());
                case Message.Deterministic d -> out.put(name, d.value());
                case Message.Sample _, Message.Plate _, Message.Param _, Message.Mutable _, Message.Request _ -> {}
            }
        });
        return out;
    }

    /// {@return the position of given values}
    ///
    /// @param values value of every latent site, inside its support
    public SequencedMap<String, NDArray> unconstrain(Map<String, ? extends Number> values) {
        var arrays = new LinkedHashMap<String, NDArray>();
        values.forEach((name, value) -> arrays.put(name, NDArray.as(value)));
        Map<String, NDArray> given = checked(arrays, "value");
        Trace run = Handlers.trace(model, Handlers.substitute(given), Handlers.seed(key));
        var out = new LinkedHashMap<String, NDArray>();
        for (LatentSite site : sites) {
            if (run.sites().get(site.name()) instanceof Message.Sample s) {
                out.put(site.name(), PositionedRun.bijection(s).inverse(s.requireValue()));
            }
        }
        return out;
    }

    /// {@return the position at which a strategy starts}
    ///
    /// @param key source of all its randomness
    /// @throws HandlerException if the strategy names a site that the model does not have
    /// @throws ShapeException if a value does not have the shape of its site
    public SequencedMap<String, NDArray> start(InitStrategy strategy, PRNGKey key) {
        if (strategy instanceof InitToValue(var values)) {
            List<String> names = sites.stream().map(LatentSite::name).toList();
            List<String> unknown = values.keySet().stream().filter(n -> !names.contains(n)).toList();
            if (!unknown.isEmpty()) {
                throw new HandlerException(new Diagnosis("initToValue", "a value is given for a site that is not latent in the model")
                        .expected("names among " + Names.list(names))
                        .got(Names.list(unknown))
                        .at(UserCode.line())
                        .fix(Names.remedy(unknown, names, "leave the name out") + "."));
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        List<String> names = sites.stream().map(LatentSite::name).toList();
        Handlers.trace(model, Handlers.seed(key), Handlers.substitute(m -> {
            if (!(m instanceof Message.Sample s) || s.value() != null || s.key() == null || !names.contains(s.name())) {
                return Optional.empty();
            }
            NDArray value = strategy.value(s, s.key());
            out.put(s.name(), PositionedRun.bijection(s).inverse(value));
            return Optional.of(value);
        }));
        return out;
    }

    /// {@return the positions of all latent sites in one vector, in the order of [#sites]}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public NDArray flatten(Map<String, NDArray> position) {
        Map<String, NDArray> given = checked(position, "position");
        List<NDArray> parts = new ArrayList<>();
        for (LatentSite s : sites) {
            parts.add(array(given, s.name()).reshape(s.unconstrainedShape().size()));
        }
        return parts.isEmpty() ? Np.zeros(0) : Np.concatenate(parts, 0);
    }

    /// {@return the positions of the latent sites in a vector}
    ///
    /// @param vector length [#dimension], in the order of [#sites]
    public SequencedMap<String, NDArray> unflatten(NDArray vector) {
        if (!vector.shape().equals(Shape.of(dimension()))) {
            throw new ShapeException(new Diagnosis("unflatten", "the vector does not have the dimension of the model")
                    .expected(Shape.of(dimension()).toString())
                    .got(vector.shape().toString())
                    .at(UserCode.line()));
        }
        var out = new LinkedHashMap<String, NDArray>();
        int from = 0;
        for (LatentSite s : sites) {
            int to = from + s.unconstrainedShape().size();
            out.put(s.name(), vector.get(Index.slice(from, to)).reshape(s.unconstrainedShape()));
            from = to;
        }
        return out;
    }

    /// Refuses a map that does not name exactly the latent sites.
    private Map<String, NDArray> checked(Map<String, NDArray> given, String what) {
        List<String> names = sites.stream().map(LatentSite::name).toList();
        List<String> missing = names.stream().filter(n -> !given.containsKey(n)).toList();
        List<String> unknown = given.keySet().stream().filter(n -> !names.contains(n)).toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis("the model", "every latent site needs one " + what)
                    .expected(Names.list(names))
                    .got(Names.list(given.keySet())
                            + (missing.isEmpty() ? "" : "; missing " + Names.list(missing))
                            + (unknown.isEmpty() ? "" : "; unknown " + Names.list(unknown)))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, missing, "give a " + what + " for each of them, and no others") + "."));
        }
        return Collections.unmodifiableMap(given);
    }

    private static NDArray array(Map<String, NDArray> given, String name) {
        return java.util.Objects.requireNonNull(given.get(name));
    }
}
