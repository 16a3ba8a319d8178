package kiln.infer.svi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.UserCode;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.func.Pytree;
import kiln.func.WithAux;
import kiln.infer.optim.Optimizer;
import kiln.model.HandlerException;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;
import kiln.model.Names;
import kiln.model.Trace;
import org.jspecify.annotations.Nullable;

/// Stochastic variational inference: moves the parameters of a guide and of a model down the gradient of a loss.
///
/// ```
/// var svi = new SVI(() -> model(data), () -> guide(data), new Adam(0.005), new TraceELBO());
/// var fit = svi.run(key(0), 2000);
/// fit.params();
/// ```
///
/// The parameters are the `param` sites of both programs; they move on unconstrained space. Where both name the same parameter, the guide's
/// initial value and constraint count. A step is traced and compiled once; all its randomness follows from the key, with NumPyro's splits: the
/// same key, programs and version give the same bits.
///
/// Source: Hoffman, Blei, Wang and Paisley, *Stochastic variational inference* (2013).
public final class SVI {
    private static final String WHO = "SVI";
    /// How often progress is told.
    private static final int BLOCKS = 20;

    private final Model model;
    private final Model guide;
    private final Optimizer optim;
    private final ELBO loss;
    private final Map<String, NDArray> initParams;
    private final boolean isStable;
    private final SVIProgress progress;
    private volatile @Nullable Programs programs;

    /// What follows from the first run of both programs.
    ///
    /// @param bijections onto the constraint of each parameter
    /// @param key        of the kind by which the steps draw
    /// @param update     a step, from the arrays of a state to those of an [Update]
    /// @param evaluate   from the arrays of a state to the loss of the next step
    private record Programs(
            SequencedMap<String, Transform> bijections,
            PRNGKey key,
            Function<List<NDArray>, List<NDArray>> update,
            Function<List<NDArray>, NDArray> evaluate) {}

    /// Starts where the parameters say.
    ///
    /// @param model the model with its data
    /// @param guide draws the latent sites of the model
    /// @param optim moves the parameters
    /// @param loss  what is to become small
    public SVI(Model model, Model guide, Optimizer optim, ELBO loss) {
        this(model, guide, optim, loss, Map.of(), false, SVIProgress.standard());
    }

    private SVI(
            Model model,
            Model guide,
            Optimizer optim,
            ELBO loss,
            Map<String, NDArray> initParams,
            boolean isStable,
            SVIProgress progress) {
        this.model = model;
        this.guide = guide;
        this.optim = optim;
        this.loss = loss;
        this.initParams = initParams;
        this.isStable = isStable;
        this.progress = progress;
    }

    /// {@return a copy that starts from other values of some parameters}
    ///
    /// @param values name of the parameter and its value, inside its constraint
    public SVI initParams(Map<String, ? extends Number> values) {
        var arrays = new LinkedHashMap<String, NDArray>();
        values.forEach((name, value) -> arrays.put(name, NDArray.as(value)));
        return new SVI(model, guide, optim, loss, Collections.unmodifiableMap(arrays), isStable, progress);
    }

    /// {@return a copy whose steps change nothing, except that they use up a key, where the loss or a parameter would not be finite}
    public SVI stableUpdate(boolean stable) {
        return new SVI(model, guide, optim, loss, initParams, stable, progress);
    }

    /// {@return a copy that tells another listener how far it is; [SVIProgress#NONE] for silence}
    public SVI progress(SVIProgress listener) {
        return new SVI(model, guide, optim, loss, initParams, isStable, listener);
    }

    /// {@return the guide}
    public Model guide() {
        return guide;
    }

    /// A step.
    ///
    /// @param state after it
    /// @param loss  before it, a scalar
    public record Update(SVIState state, NDArray loss) {}

    // ---- steps

    /// {@return where an optimisation starts}
    ///
    /// @param key source of the randomness of all steps, and of initial values that are drawn
    /// @throws HandlerException if the programs do not fit, or an initial value is given for a parameter that neither has
    public SVIState init(PRNGKey key) {
        PRNGKey[] keys = key.split(3);
        Trace q = Handlers.trace(guide, Handlers.seed(keys[2]), Handlers.substitute(initParams).allowUnused());
        Map<String, NDArray> start = new LinkedHashMap<>(initParams);
        q.sites().values().forEach(m -> {
            if (m instanceof Message.Param p) {
                start.put(p.name(), p.requireValue());
            }
        });
        Particle first = Particle.of(WHO, keys[1], start, model, q);
        first.verify(keys[1]);
        var params = new LinkedHashMap<String, Message.Param>();
        for (Trace run : List.of(q, first.model())) {
            run.sites().values().forEach(m -> {
                if (m instanceof Message.Param p) {
                    params.putIfAbsent(p.name(), p);
                }
            });
        }
        checkGiven(params);
        var bijections = new LinkedHashMap<String, Transform>();
        var states = new TreeMap<String, List<NDArray>>();
        params.forEach((name, p) -> {
            Transform t = p.constraint().bijection();
            bijections.put(name, t);
            states.put(name, optim.init(t.inverse(floating(p.requireValue()))));
        });
        var state = new SVIState(states, new TreeMap<>(first.mutable()), NDArray.of(0L).reshape(), keys[0]);
        prepare(bijections, state);
        return state;
    }

    private static NDArray floating(NDArray x) {
        return x.dtype().isFloating() ? x : x.astype(DType.floating());
    }

    private void checkGiven(Map<String, Message.Param> params) {
        List<String> unknown = initParams.keySet().stream().filter(n -> !params.containsKey(n)).toList();
        if (!unknown.isEmpty()) {
            throw new HandlerException(new Diagnosis(WHO, "an initial value is given for a parameter that neither model nor guide has")
                    .expected("names among " + Names.list(params.keySet()))
                    .got(Names.list(unknown))
                    .at(UserCode.line())
                    .fix(Names.remedy(unknown, params.keySet(), "leave the name out") + "."));
        }
        initParams.forEach((name, value) -> {
            Message.Param p = Objects.requireNonNull(params.get(name));
            if (!Np.all(p.constraint().check(value)).isTrue()) {
                throw new DomainException(new Diagnosis(WHO, "the initial value of \"" + name + "\" must be " + p.constraint().description())
                        .got(value.toString())
                        .at(UserCode.line())
                        .fix("start from a value inside the constraint."));
            }
        });
    }

    /// Compiles the steps of states like this one; a state is passed as its arrays, so that its structure is not taken apart in every step.
    private synchronized void prepare(SequencedMap<String, Transform> bijections, SVIState like) {
        Programs known = programs;
        if (known == null || !known.key().isSameKind(like.key()) || !known.bijections().keySet().equals(bijections.keySet())) {
            programs = new Programs(
                    bijections,
                    like.key(),
                    Functions.jit((List<NDArray> x) -> Pytree.leaves(step(Pytree.withLeaves(like, x), bijections))),
                    Functions.jit((List<NDArray> x) -> {
                        SVIState s = Pytree.withLeaves(like, x);
                        return lossOf(s, unconstrained(s), s.key().split()[1], bijections).value();
                    }));
        }
    }

    private Programs programs(SVIState state) {
        Programs known = programs;
        if (known == null || !known.key().isSameKind(state.key())) {
            // The state comes from elsewhere: this finds the constraints of its parameters, and draws as its key does.
            init(state.key());
            known = programs;
        }
        return Objects.requireNonNull(known);
    }

    private Update step(SVIState s, Map<String, Transform> bijections) {
        PRNGKey[] keys = s.key().split();
        Map<String, NDArray> u = unconstrained(s);
        var found = Functions.valueAndGradWithAux((Map<String, NDArray> x) -> {
                    ELBO.Loss l = lossOf(s, x, keys[1], bijections);
                    return new WithAux<>(l.value(), l.mutable());
                })
                .apply(u);
        var next = new LinkedHashMap<String, List<NDArray>>();
        s.optimizer().forEach((name, state) -> next.put(
                name, optim.update(s.step(), Objects.requireNonNull(found.grad().get(name)), state)));
        var after = new SVIState(next, found.aux(), s.step().plus(1), keys[0]);
        return new Update(isStable ? kept(s, after, found.value(), bijections) : after, found.value());
    }

    /// The new state where everything in it is finite, the old one elsewhere; the key moves on in any case.
    private static SVIState kept(SVIState before, SVIState after, NDArray loss, Map<String, Transform> bijections) {
        NDArray good = Np.isfinite(loss);
        for (NDArray value : constrained(unconstrained(after), bijections).values()) {
            good = Np.logicalAnd(good, Np.all(Np.isfinite(value)));
        }
        for (List<NDArray> arrays : after.optimizer().values()) {
            for (NDArray x : arrays) {
                good = Np.logicalAnd(good, Np.all(Np.isfinite(x)));
            }
        }
        NDArray keep = good;
        List<NDArray> old = Pytree.leaves(new SVIState(before.optimizer(), before.mutable(), before.step(), after.key()));
        List<NDArray> now = Pytree.leaves(after);
        List<NDArray> chosen = IntStream.range(0, now.size()).mapToObj(i -> Np.where(keep, now.get(i), old.get(i))).toList();
        return Pytree.withLeaves(after, chosen);
    }

    private ELBO.Loss lossOf(SVIState s, Map<String, NDArray> unconstrained, PRNGKey key, Map<String, Transform> bijections) {
        var values = new LinkedHashMap<String, NDArray>(s.mutable());
        values.putAll(constrained(unconstrained, bijections));
        return loss.loss(key, values, model, guide);
    }

    /// The parameters in their constraints, in the order of the bijections.
    private static SequencedMap<String, NDArray> constrained(Map<String, NDArray> unconstrained, Map<String, Transform> bijections) {
        var out = new LinkedHashMap<String, NDArray>();
        bijections.forEach((name, t) -> out.put(name, t.call(Objects.requireNonNull(unconstrained.get(name)))));
        return out;
    }

    private static Map<String, NDArray> unconstrained(SVIState s) {
        var out = new LinkedHashMap<String, NDArray>();
        s.optimizer().forEach((name, state) -> out.put(name, state.getFirst()));
        return out;
    }

    /// {@return the state after one step, and the loss before it}
    public Update update(SVIState state) {
        List<NDArray> out = programs(state).update().apply(Pytree.leaves(state));
        return Pytree.withLeaves(new Update(state, NDArray.as(0)), out);
    }

    /// {@return the loss at a state, with the randomness of the next step, a scalar}
    public NDArray evaluate(SVIState state) {
        return programs(state).evaluate().apply(Pytree.leaves(state));
    }

    /// {@return the parameters of a state, in their constraints, in the order of guide and model}
    public SequencedMap<String, NDArray> getParams(SVIState state) {
        return constrained(unconstrained(state), programs(state).bijections());
    }

    // ---- whole runs

    /// Takes steps from the start.
    ///
    /// @param key      see [#init]
    /// @param numSteps ≥ 1
    /// @throws SVIException if the loss is no number, unless [#stableUpdate(boolean)] says to go on
    public SVIResult run(PRNGKey key, int numSteps) {
        return run(init(key), numSteps);
    }

    /// Takes steps from a state, such as that of an earlier result.
    ///
    /// @param from     where to start
    /// @param numSteps ≥ 1
    /// @throws SVIException if the loss is no number, unless [#stableUpdate(boolean)] says to go on
    public SVIResult run(SVIState from, int numSteps) {
        if (numSteps < 1) {
            throw new DomainException(new Diagnosis(WHO, "numSteps must be ≥ 1").got("" + numSteps).at(UserCode.line()));
        }
        Programs own = programs(from);
        List<NDArray> state = Pytree.leaves(from);
        double[] losses = new double[numSteps];
        int told = 0;
        for (int i = 0; i < numSteps; i++) {
            List<NDArray> next = own.update().apply(state);
            losses[i] = next.getLast().item();
            if (!isStable && !Double.isFinite(losses[i])) {
                throw notFinite(result(from, state, Arrays.copyOf(losses, i)), losses[i]);
            }
            state = next.subList(0, state.size());
            if ((i + 1) % Math.max(1, numSteps / BLOCKS) == 0 || i + 1 == numSteps) {
                progress.update(i + 1, numSteps, losses[0], Arrays.stream(losses, told, i + 1).average().orElse(Double.NaN));
                told = i + 1;
            }
        }
        return result(from, state, losses);
    }

    private SVIResult result(SVIState like, List<NDArray> state, double[] losses) {
        SVIState end = Pytree.withLeaves(like, state);
        return new SVIResult(getParams(end), end, NDArray.of(losses));
    }

    /// Runs the step once more outside the compiled program, to name the sites.
    private SVIException notFinite(SVIResult so, double loss) {
        var values = new LinkedHashMap<String, NDArray>(so.state().mutable());
        values.putAll(so.params());
        List<String> odd = new ArrayList<>();
        Particle p = Particle.of(WHO, so.state().key().split()[1], values, model, guide);
        p.modelTerms().forEach((name, x) -> note(odd, "model site", name, x));
        p.guideTerms().forEach((name, x) -> note(odd, "guide site", name, x));
        return new SVIException(
                new Diagnosis(WHO, "the loss of step " + so.losses().size() + " is " + loss)
                        .expected("finite log densities at the draws of the guide")
                        .got(odd.isEmpty() ? "finite densities at another draw, so the draws of that step were extreme" : String.join("; ", odd))
                        .at(UserCode.line())
                        .fix("start elsewhere with initParams, take smaller steps, or skip such steps with stableUpdate(true); "
                                + "the exception's result() has the steps before."),
                so);
    }

    private static void note(List<String> odd, String kind, String name, NDArray density) {
        if (!Double.isFinite(density.item())) {
            odd.add(kind + " \"" + name + "\" has log density " + density.item());
        }
    }
}
