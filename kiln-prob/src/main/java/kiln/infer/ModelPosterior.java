package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.compile.Options;
import kiln.model.HandlerException;
import kiln.model.Model;

/// The posterior density of a model, compiled, and compiled as well the way from a position to the values of all sites.
final class ModelPosterior implements PosteriorDensity {
    static final String PURPOSE = "MCMC";

    private final UnconstrainedModel model;
    private final Recentering recentering;
    private final Options options;
    private final Differentiation by;
    private final CompiledDensity density;
    private final Set<String> deterministic;
    private final SiteValues values;

    private ModelPosterior(
            Recentering recentering,
            Options options,
            Differentiation by,
            CompiledDensity density,
            Set<String> deterministic,
            SiteValues values) {
        model = recentering.model();
        this.recentering = recentering;
        this.options = options;
        this.by = by;
        this.density = density;
        this.deterministic = deterministic;
        this.values = values;
    }

    static ModelPosterior of(Model model, PRNGKey key, Options options, Differentiation by) {
        var free = UnconstrainedModel.of(model, key);
        if (free.sites().isEmpty()) {
            throw new HandlerException(new Diagnosis(PURPOSE, "the model has no random variable to sample")
                    .got("sites " + free.firstRun().sites().keySet()
                            + (free.discrete().isEmpty() ? ", all of them observed or deterministic" : ", none of them continuous and latent"))
                    .fix(free.discrete().isEmpty()
                            ? "leave one sample site without an observed value."
                            : "discrete sites are summed out: UnconstrainedModel.of(model, key).enumeration(Map.of()) has their exact distribution."));
        }
        return compiled(Recentering.asWritten(free), options, by);
    }

    private static ModelPosterior compiled(Recentering recentering, Options options, Differentiation by) {
        UnconstrainedModel free = recentering.model();
        List<Shape> shapes = shapes(free);
        var density = CompiledDensity.of(PURPOSE, shapes, x -> free.logJoint(named(free, x)), options, by);
        var values = SiteValues.ofPositions(PURPOSE, shapes, x -> free.constrain(named(free, x)));
        Set<String> all = values.at(CompiledDensity.arguments(shapes, new double[free.dimension()])).keySet();
        var deterministic = new LinkedHashSet<>(all);
        free.sites().forEach(s -> deterministic.remove(s.name()));
        return new ModelPosterior(recentering, options, by, density, Set.copyOf(deterministic), values);
    }

    private static List<Shape> shapes(UnconstrainedModel free) {
        return free.sites().stream().map(LatentSite::unconstrainedShape).toList();
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
    public double value(double[] position, double[] scratch) {
        return density.value(position, scratch);
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new ModelPosterior(recentering, options, by, density.threads(threads), deterministic, values);
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
        return model.isAsWritten() ? written.clone() : recentering.ofWritten(written);
    }

    @Override
    public double[] written(double[] position) {
        return model.isAsWritten() ? position.clone() : recentering.written(position);
    }

    @Override
    public List<Located> hierarchical() {
        return recentering.hierarchical();
    }

    @Override
    public List<Vectors> vectors() {
        return recentering.vectors();
    }

    @Override
    public int[] free() {
        return recentering.free();
    }

    @Override
    public Optional<Information> information() {
        return recentering.information();
    }

    @Override
    public Parametrisation parametrisation() {
        return recentering.parametrisation();
    }

    @Override
    public Optional<PosteriorDensity> deviations() {
        return recentering.toDeviations().map(to -> compiled(to, options, by));
    }

    @Override
    public PosteriorDensity centred() {
        return recentering.toCentred().<PosteriorDensity>map(to -> compiled(to, options, by)).orElse(this);
    }

    @Override
    public PosteriorDensity informed(Information i) {
        return compiled(recentering.to(i), options, by);
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
        return values.at(shapes(model), positions);
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
