package kiln.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;

/// The posterior density of a model whose Gibbs sites have their values themselves as coordinates.
final class GibbsPosterior extends SplitPosterior implements GibbsDensity {
    private final Model model;
    private final Set<String> names;

    private GibbsPosterior(Model model, Set<String> names, UnconstrainedModel free, Held held, Differentiation by) {
        super(free, held, free::logJoint, by);
        this.model = model;
        this.names = names;
    }

    private GibbsPosterior(GibbsPosterior like, int threads) {
        super(like, threads);
        model = like.model;
        names = like.names;
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new GibbsPosterior(this, threads);
    }

    static GibbsPosterior of(Model model, Set<String> names, PRNGKey key, Differentiation by) {
        Trace run = first(model, names, InitStrategy.initToUniform(), key);
        List<Message.Sample> latent = run.samples().values().stream().filter(s -> !s.isObserved()).toList();
        List<String> known = latent.stream().map(Message.Sample::name).toList();
        List<String> unknown = new TreeSet<>(names).stream().filter(n -> !known.contains(n)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis("HMCGibbs", "a Gibbs site is not a random variable of the model")
                    .expected("names among " + Names.list(known))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, known, "leave the name out") + "."));
        }
        var held = new Held(latent.stream().filter(s -> names.contains(s.name())).toList());
        return new GibbsPosterior(model, names, UnconstrainedModel.of(held.give(model), key), held, by);
    }

    /// A run in which the Gibbs sites are drawn from their priors.
    private static Trace first(Model model, Set<String> names, InitStrategy strategy, PRNGKey key) {
        return Handlers.trace(model, Handlers.seed(key), () -> new StartingRun(strategy, names));
    }

    @Override
    double snapped(int coordinate, double x) {
        return x;
    }

    /// The Gibbs sites start at draws of their priors, given where the others would start by the same key.
    @Override
    Map<String, NDArray> startHeld(InitStrategy strategy, PRNGKey key) {
        Trace run = first(model, names, strategy, key);
        var out = new LinkedHashMap<String, NDArray>();
        held().items().forEach(i -> out.put(i.name(), run.sample(i.name()).requireValue()));
        return out;
    }

    @Override
    public Map<String, NDArray> gibbsSites(double[] position) {
        return heldAt(position);
    }

    @Override
    public Map<String, NDArray> hmcSites(double[] position) {
        Map<String, NDArray> out = constrained(position);
        out.keySet().removeAll(names);
        return out;
    }

    @Override
    public void putGibbsSites(Map<String, NDArray> values, double[] position) {
        List<String> wrong = new ArrayList<>();
        for (Held.Item i : held().items()) {
            NDArray value = values.get(i.name());
            if (value == null || !value.shape().equals(i.shape())) {
                wrong.add(described(i.name(), value == null ? null : value.shape()));
            }
        }
        values.keySet().stream().filter(n -> !names.contains(n)).sorted().forEach(n -> wrong.add("\"" + n + "\", which is no Gibbs site"));
        if (!wrong.isEmpty()) {
            throw new HandlerException(new Diagnosis("HMCGibbs", "gibbsFn must give every Gibbs site a value of its shape, and no other")
                    .expected(String.join(", ", held().items().stream().map(i -> described(i.name(), i.shape())).toList()))
                    .got(String.join(", ", wrong))
                    .at(UserCode.line()));
        }
        held().put(values, position, continuous());
    }

    private static String described(String name, @org.jspecify.annotations.Nullable Shape shape) {
        return "\"" + name + "\"" + (shape == null ? " without a value" : " of shape " + shape);
    }
}
