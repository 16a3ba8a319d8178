package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.compile.Executable;
import kiln.compile.Options;
import kiln.compile.Paths;
import kiln.model.HandlerException;
import kiln.model.Model;
import kiln.model.Names;

/// The posterior density of a model, compiled, and compiled as well the way from a position to the values of all sites.
final class ModelPosterior implements PosteriorDensity {
    static final String PURPOSE = "MCMC";

    private final UnconstrainedModel model;
    private final Recentering recentering;
    private final Options options;
    private final CompiledDensity density;
    private final List<String> names;
    private final Set<String> deterministic;
    private final Paths<Values> constrain;

    private ModelPosterior(
            Recentering recentering,
            Options options,
            CompiledDensity density,
            List<String> names,
            Set<String> deterministic,
            Paths<Values> constrain) {
        model = recentering.model();
        this.recentering = recentering;
        this.options = options;
        this.density = density;
        this.names = names;
        this.deterministic = deterministic;
        this.constrain = constrain;
    }

    static ModelPosterior of(Model model, PRNGKey key, Options options) {
        var free = UnconstrainedModel.of(model, key);
        if (free.sites().isEmpty()) {
            throw new HandlerException(new Diagnosis(PURPOSE, "the model has no random variable to sample")
                    .got("sites " + free.firstRun().sites().keySet()
                            + (free.discrete().isEmpty() ? ", all of them observed or deterministic" : ", none of them continuous and latent"))
                    .fix(free.discrete().isEmpty()
                            ? "leave one sample site without an observed value."
                            : "discrete sites are summed out: UnconstrainedModel.of(model, key).enumeration(Map.of()) has their exact distribution."));
        }
        return compiled(Recentering.asWritten(free), options);
    }

    private static ModelPosterior compiled(Recentering recentering, Options options) {
        UnconstrainedModel free = recentering.model();
        List<Shape> shapes = free.sites().stream().map(LatentSite::unconstrainedShape).toList();
        var density = CompiledDensity.of(PURPOSE, shapes, x -> free.logJoint(named(free, x)), options);
        List<Aval> types = shapes.stream().map(s -> new Aval(DType.FLOAT64, s)).toList();
        List<String> names = new ArrayList<>();
        var constrain = new Paths<>(
                PURPOSE,
                types,
                x -> {
                    SequencedMap<String, NDArray> values = free.constrain(named(free, x));
                    names.clear();
                    names.addAll(values.keySet());
                    return List.copyOf(values.values());
                },
                Executable::compile,
                path -> new Values(List.copyOf(names), path.graph().outputTypes(), Executable.compile(path.graph())));
        List<String> all = constrain.at(types.stream().map(t -> Np.full(t.shape(), 0.0).known()).toList()).program().names();
        var deterministic = new LinkedHashSet<>(all);
        free.sites().forEach(s -> deterministic.remove(s.name()));
        return new ModelPosterior(recentering, options, density, all, Set.copyOf(deterministic), constrain);
    }

    /// The program of the values of all sites on one path through the model.
    private record Values(List<String> names, List<Aval> types, Executable program) {}

    private static HandlerException differs(Values path, Values first) {
        var odd = new LinkedHashSet<>(path.names());
        odd.addAll(first.names());
        odd.removeIf(n -> type(path, n).equals(type(first, n)));
        return new HandlerException(new Diagnosis(PURPOSE, "a deterministic site differs between the branches of the model")
                .expected("the same deterministic sites, each of one type, on every path: draws become arrays")
                .got(Names.list(odd))
                .fix("name the value behind the branch, where both ways have it."));
    }

    private static Optional<Aval> type(Values path, String name) {
        int k = path.names().indexOf(name);
        return k < 0 ? Optional.empty() : Optional.of(path.types().get(k));
    }

    static Map<String, NDArray> named(UnconstrainedModel model, List<NDArray> x) {
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
    public PosteriorDensity threads(int threads) {
        return new ModelPosterior(recentering, options, density.threads(threads), names, deterministic, constrain);
    }

    @Override
    public LogDensity worker() {
        return density.worker();
    }

    @Override
    public Optional<LaneDensity> lanes(int lanes) {
        return density.lanes(lanes);
    }

    @Override
    public String explain() {
        return density.explain();
    }

    @Override
    public double[] position(Map<String, NDArray> values) {
        return ofWritten(model.flatten(values).toDoubleArray());
    }

    @Override
    public double[] ofWritten(double[] written) {
        return recentering.information().isEmpty()
                ? written.clone()
                : model.flatten(model.position(model.unflatten(NDArray.of(written)))).toDoubleArray();
    }

    @Override
    public double[] written(double[] position) {
        return recentering.information().isEmpty() ? position.clone() : recentering.written(position);
    }

    @Override
    public int[] hierarchical() {
        return recentering.hierarchical();
    }

    @Override
    public Optional<Information> information() {
        return recentering.information();
    }

    @Override
    public SequencedMap<String, NDArray> precisions() {
        return recentering.precisions();
    }

    @Override
    public PosteriorDensity informed(Information i) {
        return compiled(recentering.to(i), options);
    }

    @Override
    public void priorScores(double[] position, double[] scores) {
        recentering.priorScores(position, scores);
    }

    @Override
    public double[] start(InitStrategy strategy, PRNGKey key) {
        return model.flatten(model.start(strategy, key)).toDoubleArray();
    }

    @Override
    public Optional<UnconstrainedModel> summedOut() {
        return model.discrete().isEmpty() ? Optional.empty() : Optional.of(model);
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
        List<Shape> shapes = model.sites().stream().map(LatentSite::unconstrainedShape).toList();
        int row = 0;
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                List<Dense> at = CompiledDensity.arguments(shapes, q);
                Values path = constrain.at(at).program();
                Values first = constrain.found().getFirst().program();
                if (!path.names().equals(first.names()) || !path.types().equals(first.types())) {
                    throw differs(path, first);
                }
                List<NDArray> values = path.program().call(at);
                for (int k = 0; k < values.size(); k++) {
                    Dense v = values.get(k).known();
                    if (columns.size() <= k) {
                        types.add(new Aval(v.dtype(), Shape.of(positions.length, draws).then(v.shape())));
                        columns.add(Storage.allocate(v.dtype(), types.get(k).shape().size()));
                    }
                    System.arraycopy(v.storage(), 0, columns.get(k), row * v.size(), v.size());
                }
                row++;
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int k = 0; k < columns.size(); k++) {
            out.put(names.get(k), Dense.of(types.get(k), columns.get(k)));
        }
        return out;
    }

    @Override
    public SequencedMap<String, NDArray> unconstrained(double[][][] positions) {
        int chains = positions.length;
        int draws = positions[0].length;
        double[][] written = new double[chains * draws][];
        for (int i = 0; i < written.length; i++) {
            written[i] = written(positions[i / draws][i % draws]);
        }
        var out = new LinkedHashMap<String, NDArray>();
        int from = 0;
        for (LatentSite s : model.sites()) {
            int size = s.unconstrainedShape().size();
            double[] all = new double[chains * draws * size];
            for (int i = 0; i < written.length; i++) {
                System.arraycopy(written[i], from, all, i * size, size);
            }
            out.put(s.name(), NDArray.of(Shape.of(chains, draws).then(s.unconstrainedShape()), all));
            from += size;
        }
        return out;
    }

    @Override
    public GaussianPrior gaussianPrior() {
        return NormalPrior.of(model);
    }

    @Override
    public String label(int coordinate) {
        return model.label(coordinate);
    }

    private NotFinite faults(double[] position) {
        Map<String, NDArray> at = model.unflatten(NDArray.of(position));
        return new NotFinite(model.trace(at), model.logDensities(at));
    }

    @Override
    public int[] coordinates(String site) {
        return model.coordinates(site);
    }

    @Override
    public List<String> notFinite(double[] position) {
        List<String> out = new ArrayList<>(faults(position).lines());
        model.constrain(model.unflatten(NDArray.of(position))).forEach((name, value) -> {
            if (!deterministic.contains(name)) {
                out.add(name + " = " + (value.size() <= 8 ? value.toString() : "array of shape " + value.shape()));
            }
        });
        return out;
    }

    @Override
    public String place(double[] position) {
        String place = faults(position).place();
        // The term of all sites that were summed out together bears no site's name.
        return place.isEmpty() && !model.discrete().isEmpty()
                ? model.discrete().getFirst().label() + ", " + model.discrete().getFirst().place()
                : place;
    }
}
