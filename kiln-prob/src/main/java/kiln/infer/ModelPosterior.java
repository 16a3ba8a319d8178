package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.compile.Executable;
import kiln.compile.Options;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.model.HandlerException;
import kiln.model.Message;
import kiln.model.Model;

/// The posterior density of a model, compiled, and compiled as well the way from a position to the values of all sites.
final class ModelPosterior implements PosteriorDensity {
    private static final String PURPOSE = "MCMC";

    private final UnconstrainedModel model;
    private final CompiledDensity density;
    private final List<String> names;
    private final Set<String> deterministic;
    private final Executable constrain;

    private ModelPosterior(
            UnconstrainedModel model,
            CompiledDensity density,
            List<String> names,
            Set<String> deterministic,
            Executable constrain) {
        this.model = model;
        this.density = density;
        this.names = names;
        this.deterministic = deterministic;
        this.constrain = constrain;
    }

    static ModelPosterior of(Model model, PRNGKey key, Options options) {
        var free = UnconstrainedModel.of(model, key);
        if (free.sites().isEmpty()) {
            throw new HandlerException(new Diagnosis(PURPOSE, "the model has no random variable to sample")
                    .got("sites " + free.firstRun().sites().keySet() + ", all of them observed or deterministic")
                    .fix("leave one sample site without an observed value."));
        }
        List<Shape> shapes = free.sites().stream().map(LatentSite::unconstrainedShape).toList();
        var density = CompiledDensity.of(PURPOSE, shapes, x -> free.logJoint(named(free, x)), options);
        List<Aval> types = shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList();
        List<String> names = new ArrayList<>();
        Graph graph = Tracer.trace(PURPOSE, types, x -> {
                    SequencedMap<String, NDArray> values = free.constrain(named(free, x));
                    names.addAll(values.keySet());
                    return List.copyOf(values.values());
                })
                .graph();
        var deterministic = new LinkedHashSet<>(names);
        free.sites().forEach(s -> deterministic.remove(s.name()));
        return new ModelPosterior(free, density, List.copyOf(names), Set.copyOf(deterministic), Executable.compile(graph));
    }

    private static Map<String, NDArray> named(UnconstrainedModel model, List<NDArray> x) {
        var out = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < x.size(); i++) {
            out.put(model.sites().get(i).name(), x.get(i));
        }
        return out;
    }

    @Override
    public int dimension() {
        return density.dimension();
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        return density.valueAndGradient(position, gradient);
    }

    @Override
    public String explain() {
        return density.explain();
    }

    @Override
    public double[] position(Map<String, NDArray> values) {
        return model.flatten(values).toDoubleArray();
    }

    @Override
    public Set<String> deterministic() {
        return deterministic;
    }

    @Override
    public SequencedMap<String, NDArray> constrain(double[][][] positions) {
        int draws = positions[0].length;
        List<Object> columns = new ArrayList<>();
        List<Aval> types = new ArrayList<>();
        int at = 0;
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                List<NDArray> values = constrain.call(arguments(q));
                for (int k = 0; k < values.size(); k++) {
                    Dense v = values.get(k).known();
                    if (columns.size() <= k) {
                        types.add(new Aval(v.dtype(), Shape.of(positions.length, draws).then(v.shape())));
                        columns.add(Storage.allocate(v.dtype(), types.get(k).shape().size()));
                    }
                    System.arraycopy(v.storage(), 0, columns.get(k), at * v.size(), v.size());
                }
                at++;
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int k = 0; k < columns.size(); k++) {
            out.put(names.get(k), Dense.of(types.get(k), columns.get(k)));
        }
        return out;
    }

    private List<Dense> arguments(double[] q) {
        List<Dense> out = new ArrayList<>();
        int from = 0;
        for (LatentSite s : model.sites()) {
            int to = from + s.unconstrainedShape().size();
            out.add(Dense.of(new Aval(DType.FLOAT64, s.unconstrainedShape()), java.util.Arrays.copyOfRange(q, from, to)));
            from = to;
        }
        return out;
    }

    @Override
    public GaussianPrior gaussianPrior() {
        return NormalPrior.of(model);
    }

    @Override
    public String label(int coordinate) {
        int from = 0;
        for (LatentSite s : model.sites()) {
            int n = s.unconstrainedShape().size();
            if (coordinate < from + n) {
                return s.name() + (n == 1 ? "" : "[" + (coordinate - from) + "]");
            }
            from += n;
        }
        throw new IndexOutOfBoundsException(coordinate);
    }

    @Override
    public List<String> notFinite(double[] position) {
        Map<String, NDArray> at = model.unflatten(NDArray.of(position));
        SequencedMap<String, NDArray> values = model.constrain(at);
        List<String> out = new ArrayList<>();
        model.logDensities(at).forEach((name, term) -> {
            if (!Double.isFinite(term.item())) {
                out.add("site \"" + name + "\" has log density " + term.item());
            }
        });
        values.forEach((name, value) -> {
            if (!deterministic.contains(name)) {
                out.add(name + " = " + (value.size() <= 8 ? value.toString() : "array of shape " + value.shape()));
            }
        });
        return out;
    }

    @Override
    public String place(double[] position) {
        Map<String, NDArray> at = model.unflatten(NDArray.of(position));
        var densities = model.logDensities(at);
        for (Message m : model.trace(at).sites().values()) {
            NDArray term = densities.get(m.name());
            if (term != null && !Double.isFinite(term.item())) {
                return m.label() + ", " + m.place();
            }
        }
        return "";
    }
}
