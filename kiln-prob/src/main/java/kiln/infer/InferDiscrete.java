package kiln.infer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.compile.Executable;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.infer.enumeration.Enumeration;
import kiln.model.HandlerException;
import kiln.model.Model;
import kiln.model.Names;

/// Finds the discrete sites that were summed out, given draws of all others: draws from their exact joint posterior, or their most
/// probable values.
///
/// ```java
/// var posterior = new MCMC(new NUTS(() -> mixture(y))).run(key(0));
/// NDArray z = new InferDiscrete(() -> mixture(y), posterior.samples()).run(key(1)).get("z");      // [draws, …]
/// ```
///
/// [Posterior#inferDiscrete] does it for the draws of a run, chain by chain.
///
/// Each draw of the continuous sites gets one of the discrete sites, so together they are draws from the joint posterior.
///
/// @param model       the model with its data, as it was sampled
/// @param samples     name and draws of the continuous sites, the draws along the first axis; other names are left alone
/// @param temperature 1 draws; 0 chooses the values that are most probable together (Viterbi)
public record InferDiscrete(Model model, Map<String, NDArray> samples, int temperature) {
    private static final String WHO = "InferDiscrete";

    /// @throws DomainException if the temperature is neither 0 nor 1
    public InferDiscrete {
        samples = Collections.unmodifiableMap(new LinkedHashMap<>(samples));
        if (temperature != 0 && temperature != 1) {
            throw new DomainException(new Diagnosis(WHO, "the temperature must be 0 or 1")
                    .got("" + temperature)
                    .at(UserCode.line())
                    .fix("take 1 to draw, 0 for the most probable values."));
        }
    }

    /// Draws.
    public InferDiscrete(Model model, Map<String, NDArray> samples) {
        this(model, samples, 1);
    }

    /// {@return a copy that draws, 1, or chooses the values that are most probable together, 0}
    public InferDiscrete temperature(int t) {
        return new InferDiscrete(model, samples, t);
    }

    /// {@return name and values of the discrete sites, `[draws] + shape of the site`}
    ///
    /// @param key source of the draws
    /// @throws HandlerException if the model has no discrete site to find, or a continuous one has no draws
    public SequencedMap<String, NDArray> run(PRNGKey key) {
        return found(UnconstrainedModel.of(model, key), samples, temperature, key);
    }

    /// {@return what [#run] finds in a model that was looked at already}
    static SequencedMap<String, NDArray> found(UnconstrainedModel free, Map<String, NDArray> samples, int temperature, PRNGKey key) {
        if (free.discrete().isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "the model has no discrete site that is not observed")
                    .got("sites " + Names.list(free.firstRun().sites().keySet()))
                    .at(UserCode.line()));
        }
        List<String> missing = free.sites().stream().map(LatentSite::name).filter(name -> !samples.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "every continuous site needs draws")
                    .expected(Names.list(free.sites().stream().map(LatentSite::name).toList()))
                    .got(Names.list(samples.keySet()) + "; missing " + Names.list(missing))
                    .at(UserCode.line()));
        }
        Map<String, NDArray> given = new LinkedHashMap<>();
        free.sites().forEach(s -> given.put(s.name(), Objects.requireNonNull(samples.get(s.name()))));
        int n = GivenDraws.of(WHO, given, 1).count();
        if (given.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "the model has no continuous site, so nothing says how many draws to make")
                    .at(UserCode.line())
                    .fix("ask UnconstrainedModel.of(model, key).enumeration(Map.of()) for the distribution itself."));
        }
        List<Shape> noise = temperature == 0 ? List.of() : free.enumerationOf(at(given, 0)).noise();
        Executable draw = compiled(free, given, noise);
        PRNGKey[] keys = key.split(n);
        List<List<NDArray>> values = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<Dense> arguments = new ArrayList<>();
            at(given, i).values().forEach(x -> arguments.add(x.astype(DType.FLOAT64).known()));
            PRNGKey[] own = keys[i].split(Math.max(1, noise.size()));
            for (int k = 0; k < noise.size(); k++) {
                arguments.add(own[k].gumbel(noise.get(k)).astype(DType.FLOAT64).known());
            }
            values.add(List.copyOf(draw.call(arguments)));
        }
        var out = new LinkedHashMap<String, NDArray>();
        for (int s = 0; s < free.discrete().size(); s++) {
            int site = s;
            out.put(free.discrete().get(s).name(), Np.stack(values.stream().map(v -> v.get(site)).toList(), 0));
        }
        return out;
    }

    private static Map<String, NDArray> at(Map<String, NDArray> samples, int i) {
        var out = new LinkedHashMap<String, NDArray>();
        samples.forEach((name, x) -> out.put(name, x.get(i)));
        return out;
    }

    /// Compiles the way from the values of the continuous sites and random numbers to the values of the discrete ones.
    private static Executable compiled(UnconstrainedModel free, Map<String, NDArray> samples, List<Shape> noise) {
        List<Aval> types = new ArrayList<>();
        samples.values().forEach(x -> types.add(new Aval(DType.FLOAT64, x.shape().slice(1, x.rank()))));
        noise.forEach(s -> types.add(new Aval(DType.FLOAT64, s)));
        Graph graph = Tracer.trace(WHO, types, x -> {
                    var values = new LinkedHashMap<String, NDArray>();
                    samples.keySet().forEach(name -> values.put(name, x.get(values.size())));
                    Enumeration z = free.enumerationOf(values);
                    var found = noise.isEmpty() ? z.mostProbable() : z.sample(x.subList(values.size(), x.size()));
                    return List.copyOf(found.values());
                })
                .graph();
        return Executable.compile(graph);
    }
}
