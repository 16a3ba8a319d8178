package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.compile.Options;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Trace;

/// The posterior density of a model in its continuous and its discrete random variables, none of them summed out.
///
/// The discrete sites are given to the model as data whose values are the last inputs of the compiled density.
final class DiscretePosterior implements PosteriorDensity, DiscreteDensity {
    private static final String PURPOSE = "MCMC";

    private final UnconstrainedModel free;
    private final Given given;
    private final CompiledDensity density;
    private final List<DiscreteSite> discrete;
    private final int continuous;
    private final Set<String> deterministic;

    /// A discrete site.
    private record DiscreteSite(String name, DType dtype, Shape shape, List<Double> support) {}

    /// The values that the model is given by the thread that runs it.
    private static final class Given {
        private final ThreadLocal<Map<String, NDArray>> values;

        Given(Map<String, NDArray> first) {
            values = ThreadLocal.withInitial(() -> first);
        }

        <T> T during(Map<String, NDArray> now, java.util.function.Supplier<T> run) {
            Map<String, NDArray> before = values.get();
            values.set(now);
            try {
                return run.get();
            } finally {
                values.set(before);
            }
        }

        Optional<NDArray> of(Message.Sample s) {
            return Optional.ofNullable(values.get().get(s.name()));
        }
    }

    private DiscretePosterior(UnconstrainedModel free, Given given, List<DiscreteSite> discrete) {
        this.free = free;
        this.given = given;
        this.discrete = discrete;
        continuous = free.dimension();
        List<Shape> shapes = new ArrayList<>();
        free.sites().forEach(s -> shapes.add(s.unconstrainedShape()));
        discrete.forEach(s -> shapes.add(s.shape()));
        density = CompiledDensity.of(PURPOSE, shapes, x -> {
            var position = new LinkedHashMap<String, NDArray>();
            var values = new HashMap<String, NDArray>();
            for (int i = 0; i < x.size(); i++) {
                if (i < free.sites().size()) {
                    position.put(free.sites().get(i).name(), x.get(i));
                } else {
                    DiscreteSite s = discrete.get(i - free.sites().size());
                    values.put(s.name(), x.get(i).astype(s.dtype()));
                }
            }
            return given.during(values, () -> free.logJoint(position));
        }, Options.DENSITY);
        var names = new LinkedHashSet<String>();
        free.firstRun().sites().values().stream().filter(m -> m instanceof Message.Deterministic).forEach(m -> names.add(m.name()));
        deterministic = Set.copyOf(names);
    }

    private DiscretePosterior(DiscretePosterior like, CompiledDensity density) {
        this.free = like.free;
        this.given = like.given;
        this.density = density;
        this.discrete = like.discrete;
        this.continuous = like.continuous;
        this.deterministic = like.deterministic;
    }

    static DiscretePosterior of(Model model, PRNGKey key) {
        Trace run = Handlers.trace(model, Handlers.seed(key), Handlers.substitute(m ->
                m instanceof Message.Sample s && s.value() == null && s.key() != null && !s.distribution().isDiscrete()
                        ? Optional.of(InitStrategy.initToUniform().value(s, s.key())) : Optional.empty()));
        List<DiscreteSite> discrete = new ArrayList<>();
        var first = new HashMap<String, NDArray>();
        for (Message.Sample s : run.samples().values()) {
            if (!s.isObserved() && s.distribution().isDiscrete()) {
                NDArray value = s.requireValue();
                discrete.add(new DiscreteSite(s.name(), value.dtype(), value.shape(), support(s)));
                first.put(s.name(), value);
            }
        }
        if (discrete.isEmpty()) {
            throw new HandlerException(new Diagnosis("DiscreteHMCGibbs", "the model has no discrete random variable")
                    .got("sites " + run.samples().keySet())
                    .fix("use its inner kernel alone: new MCMC(new NUTS(model))."));
        }
        var given = new Given(Map.copyOf(first));
        Model conditioned = Handlers.handle(model, Handlers.condition(given::of));
        return new DiscretePosterior(UnconstrainedModel.of(conditioned, key), given, List.copyOf(discrete));
    }

    private static List<Double> support(Message.Sample s) {
        var error = new Diagnosis(s.label(), "its values cannot be listed, so they cannot be visited one by one")
                .expected("a discrete distribution of single values with finitely many of them")
                .got(PositionedRun.describe(s))
                .at(s.place());
        if (s.distribution().eventShape().rank() > 0 || !s.distribution().hasEnumerateSupport()) {
            throw new HandlerException(error.fix("truncate it to a Categorical, or write the model with a continuous variable."));
        }
        return Arrays.stream(s.distribution().enumerateSupport(false).toDoubleArray()).sorted().distinct().boxed().toList();
    }

    @Override
    public int dimension() {
        return density.dimension();
    }

    @Override
    public int continuous() {
        return continuous;
    }

    @Override
    public double[] support(int coordinate) {
        return siteOf(coordinate).support().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private DiscreteSite siteOf(int coordinate) {
        int rest = coordinate;
        for (DiscreteSite s : discrete) {
            if (rest < s.shape().size()) {
                return s;
            }
            rest -= s.shape().size();
        }
        throw new IndexOutOfBoundsException(coordinate);
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        double value = density.valueAndGradient(snapped(position), gradient);
        Arrays.fill(gradient, continuous, gradient.length, 0);
        return value;
    }

    private double[] snapped(double[] position) {
        double[] out = position.clone();
        int at = continuous;
        for (DiscreteSite s : discrete) {
            double[] support = s.support().stream().mapToDouble(Double::doubleValue).toArray();
            for (int end = at + s.shape().size(); at < end; at++) {
                out[at] = DiscreteDensity.nearest(support, position[at]);
            }
        }
        return out;
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new DiscretePosterior(this, density.threads(threads));
    }

    @Override
    public String explain() {
        return density.explain();
    }

    private Map<String, NDArray> values(double[] position) {
        var out = new LinkedHashMap<String, NDArray>();
        double[] x = snapped(position);
        int at = continuous;
        for (DiscreteSite s : discrete) {
            int end = at + s.shape().size();
            out.put(s.name(), NDArray.of(s.shape(), Arrays.copyOfRange(x, at, end)).astype(s.dtype()));
            at = end;
        }
        return out;
    }

    private Map<String, NDArray> free(double[] position) {
        return free.unflatten(NDArray.of(Arrays.copyOf(position, continuous)));
    }

    private Trace run(double[] position) {
        return given.during(values(position), () -> free.trace(free(position)));
    }

    @Override
    public double[] position(Map<String, NDArray> values) {
        var continuousSites = new LinkedHashMap<>(values);
        double[] out = new double[dimension()];
        int at = continuous;
        for (DiscreteSite s : discrete) {
            NDArray value = continuousSites.remove(s.name());
            double[] flat = value == null ? new double[0] : value.toDoubleArray();
            if (flat.length != s.shape().size()) {
                throw new HandlerException(new Diagnosis("MCMC", "every discrete site needs a starting value of its shape")
                        .expected("\"" + s.name() + "\" of shape " + s.shape())
                        .got(value == null ? "none" : "shape " + value.shape()));
            }
            System.arraycopy(flat, 0, out, at, flat.length);
            at += flat.length;
        }
        System.arraycopy(free.flatten(continuousSites).toDoubleArray(), 0, out, 0, continuous);
        return out;
    }

    /// The discrete sites start at values that are drawn from all of their support alike.
    @Override
    public double[] start(InitStrategy strategy, PRNGKey key) {
        PRNGKey[] keys = key.split();
        double[] out = Arrays.copyOf(free.flatten(free.start(strategy, keys[0])).toDoubleArray(), dimension());
        double[] u = keys[1].uniform(Math.max(dimension() - continuous, 1)).toDoubleArray();
        for (int j = 0; j < dimension() - continuous; j++) {
            double[] support = support(j);
            out[continuous + j] = support[(int) (u[j] * support.length)];
        }
        return out;
    }

    @Override
    public SequencedMap<String, NDArray> constrain(double[][][] positions) {
        var columns = new LinkedHashMap<String, List<NDArray>>();
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                Map<String, NDArray> own = values(q);
                run(q).sites().forEach((name, m) -> {
                    boolean isDrawn = m instanceof Message.Sample s && (!s.isObserved() || own.containsKey(name));
                    if (isDrawn || m instanceof Message.Deterministic) {
                        columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(m.requireValue());
                    }
                });
            }
        }
        return GivenDraws.stacked(PURPOSE, columns, Shape.of(positions.length, positions[0].length));
    }

    @Override
    public SequencedMap<String, NDArray> unconstrained(double[][][] positions) {
        var columns = new LinkedHashMap<String, List<NDArray>>();
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                free(q).forEach((name, x) -> columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(x));
                values(q).forEach((name, x) -> columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(x));
            }
        }
        return GivenDraws.stacked(PURPOSE, columns, Shape.of(positions.length, positions[0].length));
    }

    @Override
    public Set<String> deterministic() {
        return deterministic;
    }

    @Override
    public GaussianPrior gaussianPrior() {
        return given.during(values(new double[dimension()]), () -> NormalPrior.of(free));
    }

    @Override
    public String label(int coordinate) {
        if (coordinate >= continuous) {
            return siteOf(coordinate - continuous).name();
        }
        int rest = coordinate;
        for (LatentSite s : free.sites()) {
            int n = s.unconstrainedShape().size();
            if (rest < n) {
                return s.name() + (n == 1 ? "" : "[" + rest + "]");
            }
            rest -= n;
        }
        throw new IndexOutOfBoundsException(coordinate);
    }

    @Override
    public List<String> notFinite(double[] position) {
        List<String> out = new ArrayList<>();
        given.during(values(position), () -> free.logDensities(free(position))).forEach((name, term) -> {
            if (!Double.isFinite(term.item())) {
                out.add("site \"" + name + "\" has log density " + term.item());
            }
        });
        return out;
    }

    @Override
    public String place(double[] position) {
        var densities = given.during(values(position), () -> free.logDensities(free(position)));
        return run(position).samples().values().stream()
                .filter(s -> densities.containsKey(s.name()) && !Double.isFinite(java.util.Objects.requireNonNull(densities.get(s.name())).item()))
                .map(s -> s.label() + ", " + s.place()).findFirst().orElse("");
    }
}
