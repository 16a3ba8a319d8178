package kiln.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.compile.Options;
import kiln.dist.Validation;
import kiln.model.HandlerException;
import kiln.model.Message;

/// The posterior density of a model that is given some of its values: the free sites have positions on unconstrained space, the values that
/// are held are the last inputs of the compiled density.
abstract sealed class SplitPosterior implements PosteriorDensity, SplitDensity permits DiscretePosterior, GibbsPosterior, SubsamplePosterior {
    private static final String PURPOSE = "MCMC";

    private final UnconstrainedModel free;
    private final Held held;
    private final List<Shape> shapes;
    private final CompiledDensity density;
    private final SiteValues values;
    private final int continuous;
    private final Set<String> deterministic;

    /// @param free       the model, which takes the values that are held
    /// @param logDensity the log density at positions of the free sites, asked while the values are given
    /// @param by         how its gradient by the positions is taken
    SplitPosterior(UnconstrainedModel free, Held held, Function<Map<String, NDArray>, NDArray> logDensity, Differentiation by) {
        this.free = free;
        this.held = held;
        continuous = free.dimension();
        int sites = free.sites().size();
        shapes = new ArrayList<>();
        free.sites().forEach(s -> shapes.add(s.unconstrainedShape()));
        held.items().forEach(i -> shapes.add(i.shape()));
        density = CompiledDensity.of(PURPOSE, shapes, sites, x -> held.during(held.named(x.subList(sites, x.size())),
                () -> logDensity.apply(ModelPosterior.named(free, x.subList(0, sites)))), Options.DENSITY, by);
        values = SiteValues.ofPositions(PURPOSE, shapes,
                x -> allValues(held.named(x.subList(sites, x.size())), ModelPosterior.named(free, x.subList(0, sites))));
        var names = new LinkedHashSet<String>();
        free.firstRun().sites().values().stream().filter(m -> m instanceof Message.Deterministic).forEach(m -> names.add(m.name()));
        deterministic = Set.copyOf(names);
    }

    /// The same density with another number of threads for an evaluation.
    SplitPosterior(SplitPosterior like, int threads) {
        free = like.free;
        held = like.held;
        shapes = like.shapes;
        continuous = like.continuous;
        density = like.density.threads(threads);
        values = like.values;
        deterministic = like.deterministic;
    }

    /// {@return the value of the last coordinates that one of them stands for}
    ///
    /// @param coordinate its number among the last coordinates
    abstract double snapped(int coordinate, double x);

    /// {@return the values that are held where a chain starts}
    abstract Map<String, NDArray> startHeld(InitStrategy strategy, PRNGKey key);

    final Held held() {
        return held;
    }

    @Override
    public final int dimension() {
        return density.dimension();
    }

    @Override
    public final int continuous() {
        return continuous;
    }

    @Override
    public final double valueAndGradient(double[] position, double[] gradient) {
        double value = density.valueAndGradient(snapped(position), gradient);
        Arrays.fill(gradient, continuous, gradient.length, 0);
        return value;
    }

    @Override
    public final double value(double[] position, double[] scratch) {
        return density.value(snapped(position), scratch);
    }

    /// The position itself if it needs no change, as all positions of a chain.
    private double[] snapped(double[] position) {
        int i = continuous;
        while (i < position.length && snapped(i - continuous, position[i]) == position[i]) {
            i++;
        }
        if (i == position.length) {
            return position;
        }
        double[] out = position.clone();
        for (; i < position.length; i++) {
            out[i] = snapped(i - continuous, position[i]);
        }
        return out;
    }

    @Override
    public final String explain() {
        return density.explain();
    }

    final Map<String, NDArray> heldAt(double[] position) {
        return held.at(snapped(position), continuous);
    }

    private Map<String, NDArray> freeAt(double[] position) {
        return free.unflatten(NDArray.of(Arrays.copyOf(position, continuous)));
    }

    /// Values of all random variables and of the deterministic sites. Parameters that a held value makes invalid are no error here.
    final SequencedMap<String, NDArray> constrained(double[] position) {
        return values.at(CompiledDensity.arguments(shapes, snapped(position)));
    }

    /// The same in the order of the model.
    ///
    /// @param heldNow  values that are held
    /// @param position positions of the free sites
    private SequencedMap<String, NDArray> allValues(Map<String, NDArray> heldNow, Map<String, NDArray> position) {
        Map<String, NDArray> all = new LinkedHashMap<>(heldNow);
        all.keySet().retainAll(randomVariables());
        all.putAll(held.during(heldNow, () -> Validation.without(() -> free.constrain(position))));
        var out = new LinkedHashMap<String, NDArray>();
        for (String name : free.firstRun().sites().keySet()) {
            NDArray value = all.get(name);
            if (value != null) {
                out.put(name, value);
            }
        }
        return out;
    }

    private Set<String> randomVariables() {
        var out = new LinkedHashSet<String>();
        held.items().stream().filter(i -> !i.isPlate()).forEach(i -> out.add(i.name()));
        return out;
    }

    @Override
    public final double[] position(Map<String, NDArray> values) {
        var continuousSites = new LinkedHashMap<>(values);
        var own = new LinkedHashMap<String, NDArray>();
        for (Held.Item i : held.items()) {
            NDArray value = i.isPlate() ? spread(i) : continuousSites.remove(i.name());
            if (value == null || value.size() != i.shape().size()) {
                throw new HandlerException(new Diagnosis("MCMC", "a site that is not moved by gradients needs a starting value of its shape")
                        .expected("\"" + i.name() + "\" of shape " + i.shape() + ", its value itself, not on the unconstrained scale")
                        .got(value == null ? "none" : "shape " + value.shape()));
            }
            own.put(i.name(), value);
        }
        double[] out = new double[dimension()];
        held.put(own, out, continuous);
        System.arraycopy(free.flatten(continuousSites).toDoubleArray(), 0, out, 0, continuous);
        return out;
    }

    /// Rows at equal distances.
    private NDArray spread(Held.Item plate) {
        int count = plate.shape().size();
        double[] rows = new double[count];
        Message message = free.firstRun().sites().get(plate.name());
        if (message instanceof Message.Plate p) {
            Arrays.setAll(rows, j -> (int) ((long) j * p.size() / count));
        }
        return NDArray.of(rows);
    }

    @Override
    public final double[] start(InitStrategy strategy, PRNGKey key) {
        PRNGKey[] keys = key.split();
        Map<String, NDArray> values = startHeld(strategy, keys[1]);
        NDArray position = held.during(values, () -> free.flatten(free.start(strategy, keys[0])));
        double[] out = Arrays.copyOf(position.toDoubleArray(), dimension());
        held.put(values, out, continuous);
        return out;
    }

    @Override
    public final SequencedMap<String, NDArray> constrain(double[][][] positions) {
        return values.at(shapes, Arrays.stream(positions).map(c -> Arrays.stream(c).map(this::snapped).toArray(double[][]::new)).toArray(double[][][]::new));
    }

    @Override
    public final SequencedMap<String, NDArray> unconstrained(double[][][] positions) {
        Set<String> own = randomVariables();
        var columns = new LinkedHashMap<String, List<NDArray>>();
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                freeAt(q).forEach((name, x) -> columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(x));
                heldAt(q).forEach((name, x) -> {
                    if (own.contains(name)) {
                        columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(x);
                    }
                });
            }
        }
        return GivenDraws.stacked(PURPOSE, columns, Shape.of(positions.length, positions[0].length));
    }

    @Override
    public final Set<String> deterministic() {
        return deterministic;
    }

    @Override
    public final GaussianPrior gaussianPrior() {
        return held.during(heldAt(new double[dimension()]), () -> NormalPrior.of(free));
    }

    @Override
    public final String label(int coordinate) {
        return coordinate >= continuous ? held.of(coordinate - continuous).name() : free.label(coordinate);
    }

    @Override
    public final int[] coordinates(String site) {
        return free.coordinates(site);
    }

    private NotFinite faults(double[] position) {
        return held.during(heldAt(position), () -> Validation.without(() -> {
            Map<String, NDArray> at = freeAt(position);
            return new NotFinite(free.trace(at), free.logDensities(at));
        }));
    }

    @Override
    public final List<String> notFinite(double[] position) {
        return faults(position).lines();
    }

    @Override
    public final String place(double[] position) {
        return faults(position).place();
    }
}
