package kiln.infer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Validation;
import kiln.func.Functions;
import kiln.graph.Graph;
import kiln.graph.Provenance;
import kiln.graph.Tracer;
import kiln.infer.enumeration.DiscreteSite;
import kiln.infer.enumeration.Enumeration;
import kiln.infer.enumeration.Factor;
import kiln.math.Elementary;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Infer;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// A model as a density on unconstrained space: what NUTS, optimisers and guides work with.
///
/// ```
/// L(q) = Σ over sites of log p(value) + Σ over latent sites of log |det ∂value/∂q|
/// ```
///
/// Discrete latent sites are summed out: `L(q)` is then the logarithm of the sum over all their values, see
/// [kiln.infer.enumeration]. [#enumeration] has their distribution at a position.
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
    private static final int CHECKS = 3;

    private final Model model;
    private final PRNGKey key;
    private final Trace firstRun;
    /// The names of the sites that the first run drew step by step in scans.
    private final Set<String> inScans;
    private final List<LatentSite> sites;
    private final List<DiscreteSite> discrete;
    /// The deterministic sites that have no value at a position, because they depend on discrete sites.
    private final Set<String> undetermined;
    private final Coordinates coordinates;

    private UnconstrainedModel(Model model, PRNGKey key, Run first, List<LatentSite> sites, List<DiscreteSite> discrete) {
        this.model = model;
        this.key = key;
        firstRun = first.trace;
        inScans = first.inScans;
        this.sites = sites;
        this.discrete = discrete;
        coordinates = Coordinates.AS_WRITTEN;
        undetermined = discrete.isEmpty() ? Set.of() : undetermined();
    }

    private UnconstrainedModel(UnconstrainedModel like, Coordinates coordinates) {
        model = like.model;
        key = like.key;
        firstRun = like.firstRun;
        inScans = like.inScans;
        sites = like.sites;
        discrete = like.discrete;
        undetermined = like.undetermined;
        this.coordinates = coordinates;
    }

    /// Runs a model once and finds its latent sites.
    ///
    /// In that run the positions are uniform in (−2, 2), which needs no draws from the priors, so they may be flat. If parameters
    /// that follow from such a position lie outside their domain (a matrix that is not positive definite), other positions are tried.
    ///
    /// @param key source of the positions of that run, and of whatever the model hides from outer handlers
    /// @throws HandlerException if the support of a latent site has no bijection, if the values of a discrete one cannot be listed or need
    ///                          too large a table, or if a plate is subsampled
    /// @throws DomainException if no position was found at which all parameters lie in their domains
    public static UnconstrainedModel of(Model model, PRNGKey key) {
        return of(model, key, false);
    }

    /// Runs a model once and finds its latent sites; where a plate is subsampled, the sites are those of the copies that this run looks at.
    ///
    /// The density is that of these copies, scaled up: a function of the position only where the plates are given their indices.
    ///
    /// @param key see [#of(Model, PRNGKey)]
    /// @throws HandlerException see [#of(Model, PRNGKey)]
    /// @throws DomainException if no position was found at which all parameters lie in their domains
    public static UnconstrainedModel ofSubsample(Model model, PRNGKey key) {
        return of(model, key, true);
    }

    private static UnconstrainedModel of(Model model, PRNGKey key, boolean allowsSubsampling) {
        Run run = run(model, key);
        List<LatentSite> sites = new ArrayList<>();
        List<DiscreteSite> discrete = new ArrayList<>();
        for (Message m : run.trace.sites().values()) {
            if (m instanceof Message.Plate p && p.subsampleSize() != p.size() && !allowsSubsampling) {
                throw subsampled(p);
            }
            if (!(m instanceof Message.Sample s) || s.isObserved()) {
                continue;
            }
            if (s.distribution().isDiscrete()) {
                discrete.add(discrete(s));
            } else {
                sites.add(latent(s));
            }
        }
        var out = new UnconstrainedModel(model, key, run, List.copyOf(sites), List.copyOf(discrete));
        if (!discrete.isEmpty()) {
            out.verify();
        }
        return out;
    }

    /// A run from a random position.
    private record Run(Trace trace, Set<String> inScans) {}

    private static Run run(Model model, PRNGKey key) {
        for (int i = 0; ; i++) {
            try {
                var run = new StartingRun(InitStrategy.initToUniform(RADIUS), Set.of());
                Trace trace = Handlers.trace(model, Handlers.seed(i == 0 ? key : key.foldIn(i)), () -> run);
                return new Run(trace, Set.copyOf(run.inScans()));
            } catch (DomainException e) {
                if (i == TRIES - 1) {
                    throw e;
                }
            }
        }
    }

    private static DiscreteSite discrete(Message.Sample s) {
        if (s.infer().enumerate() == Infer.Enumerate.NEVER) {
            throw new HandlerException(new Diagnosis(s.label(), "NUTS and HMC cannot sample a discrete site, and this one is not to be summed out")
                    .got(PositionedRun.describe(s) + ", infer(Infer.NONE.enumerate(NEVER))")
                    .at(s.place())
                    .fix("leave the hint out, or give the site a value: condition(Map.of(\"" + s.name() + "\", …))."));
        }
        return DiscreteSite.of(s);
    }

    private static LatentSite latent(Message.Sample s) {
        Shape shape = s.requireValue().shape();
        Shape free = PositionedRun.bijection(s).inverseShape(shape);
        return new LatentSite(s.name(), s.distribution().support(), shape, free, s.plates());
    }

    private static HandlerException subsampled(Message.Plate p) {
        return new HandlerException(new Diagnosis(p.label(), "NUTS and HMC need all the data, but the plate is subsampled")
                .expected("all " + p.size() + " copies")
                .got("subsample size " + p.subsampleSize())
                .at(p.place())
                .fix("leave subsampleSize out, take new HMCECS(new NUTS(model)), or fit the model with SVI."));
    }

    /// {@return the latent sites, in the order of the model}
    public List<LatentSite> sites() {
        return sites;
    }

    /// {@return the discrete latent sites, which are summed out, in the order of the model}
    public List<DiscreteSite> discrete() {
        return discrete;
    }

    /// {@return the run in which the latent sites were found; it has the warnings about the data}
    public Trace firstRun() {
        return firstRun;
    }

    /// {@return the number of coordinates of all latent sites together}
    public int dimension() {
        return sites.stream().mapToInt(s -> s.unconstrainedShape().size()).sum();
    }

    /// {@return the coordinates of a site in a vector of all positions; none if it is not a continuous latent site}
    int[] coordinates(String site) {
        int from = 0;
        for (LatentSite s : sites) {
            int n = s.unconstrainedShape().size();
            if (s.name().equals(site)) {
                return IntStream.range(from, from + n).toArray();
            }
            from += n;
        }
        return new int[0];
    }

    /// {@return the name of a coordinate of such a vector: `tau`, `theta[3]`}
    String label(int coordinate) {
        int rest = coordinate;
        for (LatentSite s : sites) {
            int n = s.unconstrainedShape().size();
            if (rest < n) {
                return s.name() + (n == 1 ? "" : "[" + rest + "]");
            }
            rest -= n;
        }
        throw new IndexOutOfBoundsException(coordinate);
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
        Map<String, NDArray> q = checked(position, "position");
        if (!discrete.isEmpty()) {
            return enumeration(q).terms();
        }
        return terms(q).densities();
    }

    /// One run of a model without discrete sites.
    ///
    /// @param trace     what it did
    /// @param densities the terms of the log joint by site
    record Terms(Trace trace, SequencedMap<String, NDArray> densities) {}

    /// {@return a run at a position with its terms; there are no discrete sites}
    Terms terms(Map<String, NDArray> q) {
        PositionedRun run = run(q, Map.of());
        Trace trace = trace(run);
        var densities = new LinkedHashMap<String, NDArray>();
        Factor.of(trace, run::logDensity).forEach(f -> densities.put(f.name(), f.density().sum()));
        return new Terms(trace, densities);
    }

    /// The terms of the log joint, with Jacobians, not yet summed over their batch.
    private List<Factor> factors(PositionedRun run) {
        return Factor.of(trace(run), run::logDensity);
    }

    /// {@return the log joint at a position for all values of the discrete sites: their sum, draws and most probable values}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public Enumeration enumeration(Map<String, NDArray> position) {
        Map<String, NDArray> q = checked(position, "position");
        return Enumeration.of(discrete, z -> factors(run(q, namedDiscrete(z))));
    }

    /// {@return some values of the discrete sites, for what does not depend on them}
    private Map<String, NDArray> anyDiscrete() {
        return namedDiscrete(discrete.stream().map(s -> Np.broadcastTo(s.support().get(0), s.shape())).toList());
    }

    private Map<String, NDArray> namedDiscrete(List<NDArray> values) {
        var out = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < discrete.size(); i++) {
            out.put(discrete.get(i).name(), values.get(i));
        }
        return out;
    }

    /// {@return the log joint, without Jacobians, at values of the latent sites for all values of the discrete sites}
    ///
    /// @param values value of every latent site, of its shape
    public Enumeration enumerationOf(Map<String, NDArray> values) {
        return Enumeration.of(discrete, at(checked(values, "value")));
    }

    private Function<List<NDArray>, List<Factor>> at(Map<String, NDArray> values) {
        return z -> {
            var all = new LinkedHashMap<>(values);
            all.putAll(namedDiscrete(z));
            return Factor.of(Handlers.trace(model, Handlers.substitute(all), Handlers.seed(key)));
        };
    }

    /// Checks at the values of the first run that copies in plates do not look at the discrete sites of other copies.
    private void verify() {
        var values = new LinkedHashMap<String, NDArray>();
        sites.forEach(s -> values.put(s.name(), firstRun.value(s.name())));
        // One draw of a few copies may have the same value everywhere, and would show nothing.
        Enumeration.verify(discrete, at(values), key.split(CHECKS));
    }

    /// Finds the deterministic sites that depend on discrete ones.
    private Set<String> undetermined() {
        List<Aval> types = new ArrayList<>();
        sites.forEach(s -> types.add(new Aval(DType.FLOAT64, s.unconstrainedShape())));
        discrete.forEach(s -> types.add(new Aval(s.support().dtype(), s.shape())));
        List<Message> found = new ArrayList<>();
        int n = sites.size();
        Graph graph = Tracer.trace("enumeration", types, x -> {
                    var q = new LinkedHashMap<String, NDArray>();
                    sites.forEach(s -> q.put(s.name(), x.get(q.size())));
                    trace(run(q, namedDiscrete(x.subList(n, x.size())))).sites().values().forEach(m -> {
                        if (m instanceof Message.Deterministic || (m instanceof Message.Sample s && q.containsKey(s.name()))) {
                            found.add(m);
                        }
                    });
                    return found.stream().map(Message::requireValue).toList();
                })
                .graph();
        List<BitSet> marks = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            BitSet own = new BitSet();
            own.set(0, i >= n);
            marks.add(own);
        }
        List<BitSet> needs = Provenance.of(graph, marks);
        Set<String> out = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            if (!needs.get(i).isEmpty()) {
                if (found.get(i) instanceof Message.Sample s) {
                    throw new HandlerException(new Diagnosis(s.label(), "its support depends on a discrete site that is summed out")
                            .expected("a support that is the same for all values of " + Names.list(discrete.stream().map(DiscreteSite::name).toList()))
                            .got(PositionedRun.describe(s))
                            .at(s.place())
                            .fix("sample a variable with a fixed support, and compute this one from it."));
                }
                out.add(found.get(i).name());
            }
        }
        return Set.copyOf(out);
    }

    /// {@return the run of the model at a position; discrete sites have their most probable values}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public Trace trace(Map<String, NDArray> position) {
        Map<String, NDArray> q = checked(position, "position");
        return trace(run(q, discrete.isEmpty() ? Map.of() : enumeration(q).mostProbable()));
    }

    private PositionedRun run(Map<String, NDArray> position, Map<String, NDArray> discreteValues) {
        Coordinates.Shear shear = coordinates.shear();
        if (shear == null && !coordinates.vectorsFollowMoved(sites)) {
            return new PositionedRun(position, sites, discreteValues, coordinates, Map.of());
        }
        PositionedRun reference = atReference(position);
        return new PositionedRun(shear == null ? position : unsheared(shear, position, reference), sites, discreteValues, coordinates,
                coordinates.independent(sites, reference.recentred()));
    }

    /// What the sites follow that follow others, vectors among them, is found by a run in which they have reference values: it does not depend on them.
    private PositionedRun atReference(Map<String, NDArray> position) {
        var run = new PositionedRun(coordinates.atReference(position), sites, Map.of(), coordinates.withoutVectors(), Map.of());
        trace(run);
        return run;
    }

    /// The position with the sites that follow others as written.
    private SequencedMap<String, NDArray> unsheared(Coordinates.Shear shear, Map<String, NDArray> position, PositionedRun reference) {
        return shear.written(position, moved(position, reference.recentred()::get, (r, _) -> r.told()));
    }

    private Trace trace(PositionedRun run) {
        return Handlers.trace(model, () -> run, Handlers.seed(key));
    }

    // ---- between the spaces

    /// {@return the values of the latent and of the deterministic sites at a position, in the order of the model, without the discrete
    /// sites and what depends on them}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public SequencedMap<String, NDArray> constrain(Map<String, NDArray> position) {
        var out = new LinkedHashMap<String, NDArray>();
        Map<String, NDArray> any = anyDiscrete();
        trace(run(checked(position, "position"), any)).sites().forEach((name, site) -> {
            if (any.containsKey(name) || undetermined.contains(name)) {
                return;
            }
            if (site instanceof Message.Sample s ? !s.isObserved() : site instanceof Message.Deterministic) {
                out.put(name, site.requireValue());
            }
        });
        return out;
    }

    /// The value of a latent site at a position.
    ///
    /// @param value       `batch + event`
    /// @param logJacobian `log |det ∂value/∂position|`, `batch`
    public record Placed(NDArray value, NDArray logJacobian) {}

    /// {@return the values of the latent sites at a position with their Jacobians, neither masked nor scaled, in the order of the model}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public SequencedMap<String, Placed> placed(Map<String, NDArray> position) {
        var run = run(checked(position, "position"), anyDiscrete());
        Trace trace = trace(run);
        var out = new LinkedHashMap<String, Placed>();
        for (LatentSite site : sites) {
            Message.Sample s = trace.sample(site.name());
            NDArray jacobian = run.plainLogJacobian(s);
            out.put(site.name(), new Placed(s.requireValue(), jacobian == null ? Np.zeros(s.distribution().batchShape().dims()) : jacobian));
        }
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
        return ofWritten(out);
    }

    // ---- coordinates

    /// {@return the sites whose coordinates can be chosen; none where discrete sites are summed out}
    Hierarchy hierarchy() {
        return discrete.isEmpty() ? new HierarchySearch(this, inScans, () -> run(model, key.foldIn(TRIES)).trace).find() : Hierarchy.NONE;
    }

    /// {@return whether the coordinates are those of the model as written}
    boolean isAsWritten() {
        return coordinates.isAsWritten();
    }

    /// {@return the same density over other coordinates}
    UnconstrainedModel in(Coordinates c) {
        return new UnconstrainedModel(this, c);
    }

    /// {@return the position as the model is written, of a position in these coordinates}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    public SequencedMap<String, NDArray> written(Map<String, NDArray> position) {
        // Deviations are from where the sites are that follow them. Otherwise no location or scale depends on those: the run need not know where they are.
        Map<String, NDArray> q = checked(position, "position");
        Coordinates.Shear shear = coordinates.shear();
        PositionedRun run;
        if (shear == null || coordinates.movesWithFree()) {
            run = run(q, anyDiscrete());
            trace(run);
        } else {
            run = atReference(q);
        }
        SequencedMap<String, NDArray> out = moved(q, run.recentred()::get, (r, _) -> r.written());
        return shear == null ? out : unsheared(shear, out, run);
    }

    /// {@return the position in these coordinates, of a position as the model is written}
    ///
    /// @param written position as written of every latent site, of its unconstrained shape
    public SequencedMap<String, NDArray> position(Map<String, NDArray> written) {
        return ofWritten(checked(written, "position"));
    }

    private SequencedMap<String, NDArray> ofWritten(Map<String, NDArray> x) {
        if (coordinates.isAsWritten()) {
            return new LinkedHashMap<>(x);
        }
        var plain = new UnconstrainedModel(this, Coordinates.AS_WRITTEN);
        Trace trace = plain.trace(x);
        Function<String, Coordinates.@Nullable Standardised> ways = name -> wayOfWritten(trace, x, name);
        SequencedMap<String, NDArray> out = moved(x, ways, Coordinates.Standardised::position);
        return coordinates.shear() == null ? out : coordinates.shear().position(out, moved(x, ways, Coordinates.Standardised::toldOfWritten));
    }

    private Coordinates.@Nullable Standardised wayOfWritten(Trace trace, Map<String, NDArray> x, String name) {
        return coordinates.standardised(trace.sample(name), i -> array(x, sites.get(i).name()), i -> {
            String other = sites.get(i).name();
            Coordinates.Standardised own = wayOfWritten(trace, x, other);
            return own == null ? array(x, other) : own.toldOfWritten(array(x, other));
        });
    }

    private <T> SequencedMap<String, NDArray> moved(Map<String, NDArray> from, Function<String, @Nullable T> ways, BiFunction<T, NDArray, NDArray> move) {
        var out = new LinkedHashMap<String, NDArray>();
        for (LatentSite site : sites) {
            NDArray x = array(from, site.name());
            T own = ways.apply(site.name());
            out.put(site.name(), own == null ? x : move.apply(own, x));
        }
        return out;
    }

    /// {@return derivatives of the log densities of sites of [#hierarchy], given their locations and scales, each of the shape of the value}
    ///
    /// @param position position of every latent site, of its unconstrained shape
    List<NDArray> priorScores(Map<String, NDArray> position, Hierarchy hierarchy) {
        Map<String, NDArray> q = checked(position, "position");
        PositionedRun run = run(q, Map.of());
        Trace trace = trace(run);
        Map<String, NDArray> written = moved(q, run.recentred()::get, (r, _) -> r.written());
        List<NDArray> out = new ArrayList<>();
        for (Hierarchy.Member m : hierarchy.members()) {
            String name = m.site().name();
            Distribution prior = Coordinates.located(trace.sample(name)).orElseThrow().distribution();
            NDArray score = score(prior, array(written, name));
            PositionedRun.Recentred own = run.recentred().get(name);
            // Of x, where the site is z.
            out.add(m.byHand() != null && own != null && own.way() instanceof Coordinates.StandardisedElements e ? score.div(e.parts().scale()) : score);
        }
        for (Hierarchy.Vectors v : hierarchy.vectors()) {
            String name = v.site().name();
            out.add(score(trace.sample(name).distribution(), array(written, name)));
        }
        return out;
    }

    private static NDArray score(Distribution prior, NDArray at) {
        return Functions.grad((NDArray x) -> prior.logProb(x).sum()).apply(at);
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
        var run = new StartingRun(strategy, Set.of());
        Handlers.trace(model, Handlers.seed(key), () -> run);
        return ofWritten(run.positions());
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
