package kiln.model;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.func.Pytree;
import kiln.nn.Network;
import org.jspecify.annotations.Nullable;

/// The statements of a model, to be imported statically: `sample`, `plate`, `param`, `deterministic`, `factor`.
///
/// They work inside a model that runs under handlers; outside they throw [HandlerException] and never draw from a hidden
/// generator.
public final class Primitives {
    private Primitives() {}

    /// {@return the value of a random variable: drawn, or given by a handler; `batch + event`, the batch expanded to the plates}
    ///
    /// @param name         name of the site, used once in a model
    /// @param distribution what it is distributed as
    /// @throws HandlerException if there is no handler, or neither a value nor a key to draw it with
    /// @throws kiln.array.ShapeException if the batch does not fit the plates, or a given value the distribution
    public static NDArray sample(String name, Distribution distribution) {
        return Scope.current("sample(\"" + name + "\")").sample(name, distribution, null);
    }

    /// {@return the observed value, or the value of a random variable if nothing was observed}
    ///
    /// @param name         name of the site, used once in a model
    /// @param distribution what it is distributed as
    /// @param obs          the data; shape of the distribution; null: not observed. Outside plates the data may have further
    ///                     axes in front, which are independent copies
    /// @throws HandlerException if there is no handler, or neither a value nor a key to draw it with
    /// @throws kiln.array.ShapeException if the batch does not fit the plates, or the data the distribution
    public static NDArray sample(String name, Distribution distribution, @Nullable Number obs) {
        return Scope.current("sample(\"" + name + "\")").sample(name, distribution, obs);
    }

    /// {@return the observed value, or the value of a random variable if nothing was observed}
    ///
    /// @param name         name of the site, used once in a model
    /// @param distribution what it is distributed as
    /// @param obs          the data; null: not observed
    /// @param options      see [#obsMask], [#infer], [#sampleShape] and [#rngKey]
    /// @throws HandlerException if there is no handler, or neither a value nor a key to draw it with
    /// @throws kiln.array.ShapeException if the batch does not fit the plates, or the data the distribution
    public static NDArray sample(String name, Distribution distribution, @Nullable Number obs, SampleOption... options) {
        return Scope.current("sample(\"" + name + "\")").sample(name, distribution, obs, options);
    }

    /// {@return the option that only some elements of the data were observed}
    ///
    /// The site becomes three: `name_observed` with the data, which counts where the mask is true; `name_unobserved`, a latent variable
    /// that counts elsewhere; and the deterministic `name`, the data where it was observed and the latent value elsewhere. The latent
    /// variable has the observed elements too, flat ones, which a sampler has to walk about: for MCMC it is better to write
    /// the missing elements as a site of their own.
    ///
    /// @param mask truth values; broadcasts to the batch
    public static SampleOption obsMask(NDArray mask) {
        return new SampleOption.ObsMask(mask);
    }

    /// {@return the option that tells algorithms something about a random variable}
    ///
    /// @param hints such as `Infer.NONE.enumerate(Infer.Enumerate.NEVER)`
    public static SampleOption infer(Infer hints) {
        return new SampleOption.Hints(hints);
    }

    /// {@return the option that a random variable has further axes of independent copies in front of its batch}
    ///
    /// @param dims their sizes
    public static SampleOption sampleShape(int... dims) {
        return new SampleOption.SampleShape(Shape.of(dims));
    }

    /// {@return the option that a random variable is drawn with a key of its own}
    public static SampleOption rngKey(PRNGKey key) {
        return new SampleOption.Key(key);
    }

    /// {@return the value of a parameter that is learned: its initial value unless a handler gives another}
    ///
    /// @param name name of the site
    /// @param init value to start from; any finite numbers
    public static NDArray param(String name, Number init) {
        return param(name, init, Constraints.real);
    }

    /// {@return the value of a constrained parameter that is learned: its initial value unless a handler gives another}
    ///
    /// @param name       name of the site
    /// @param init       value to start from; in the constraint
    /// @param constraint the set of its values
    /// @param options    see [#eventDim]
    /// @throws HandlerException if there is no handler
    /// @throws kiln.array.DomainException if the initial value is not in the constraint
    public static NDArray param(String name, Number init, Constraint constraint, ParamOption... options) {
        return Scope.current("param(\"" + name + "\")").param(name, new ParamInit.Given(NDArray.as(init)), constraint, options);
    }

    /// {@return the value of a parameter that is learned; where no handler gives one, it is drawn with a key from `seed`}
    ///
    /// @param name       name of the site
    /// @param init       value to start from, by key; in the constraint
    /// @param constraint the set of its values
    /// @param options    see [#eventDim]
    /// @throws HandlerException if there is no handler, or neither a value nor a key
    /// @throws kiln.array.DomainException if the initial value is not in the constraint
    public static NDArray param(String name, Function<PRNGKey, NDArray> init, Constraint constraint, ParamOption... options) {
        return Scope.current("param(\"" + name + "\")").param(name, drawn(init), constraint, options);
    }

    private static ParamInit drawn(Function<PRNGKey, NDArray> init) {
        return new ParamInit.Drawn(() -> init.apply(PRNGKey.key(0)).shape(), () -> init.apply(prngKey()));
    }

    /// {@return the option that the last axes of a parameter belong to one copy, and the axes before to the plates around it}
    ///
    /// The parameter has a value for every copy of a subsampled plate; the statement gives those of the copies that the run looks at.
    ///
    /// @param dims how many axes; ≥ 0
    public static ParamOption eventDim(int dims) {
        return new ParamOption.EventDim(dims);
    }

    /// {@return a neural network whose weights are parameters `name/weight`, to be applied to inputs}
    ///
    /// Weights that no handler gives are drawn together, with one key from `seed`.
    ///
    /// @param name       before the names of the weights
    /// @param network    such as `Sequential.of(new DenseLayer(16), Activation.TANH, new DenseLayer(1))`
    /// @param inputShape shape of an input; only its last axis, the features, may matter
    public static <Y> Function<NDArray, Y> module(String name, Network<Y> network, int... inputShape) {
        return Modules.register(name, network, Shape.of(inputShape), (_, _) -> Optional.empty());
    }

    /// {@return a neural network whose weights are random variables `name/weight`, to be applied to inputs}
    ///
    /// @param prior the prior of every element of every weight
    public static <Y> Function<NDArray, Y> randomModule(String name, Network<Y> network, Distribution prior, int... inputShape) {
        return Modules.register(name, network, Shape.of(inputShape), (_, _) -> Optional.of(prior));
    }

    /// {@return a neural network some of whose weights are random variables `name/weight`, to be applied to inputs}
    ///
    /// @param priors name of the weight and the prior of its elements; the other weights are parameters
    public static <Y> Function<NDArray, Y> randomModule(
            String name, Network<Y> network, Map<String, ? extends Distribution> priors, int... inputShape) {
        return Modules.register(name, network, Shape.of(inputShape), (weight, _) -> Optional.ofNullable(priors.get(weight)));
    }

    /// {@return a neural network whose weights are random variables `name/weight`, to be applied to inputs}
    ///
    /// @param prior the prior of a weight by its name and its shape; it is repeated to the shape if it is smaller
    public static <Y> Function<NDArray, Y> randomModule(
            String name, Network<Y> network, BiFunction<String, Shape, Distribution> prior, int... inputShape) {
        return Modules.register(name, network, Shape.of(inputShape), (weight, shape) -> Optional.of(prior.apply(weight, shape)));
    }

    /// {@return a value that the model itself replaces while it runs, such as a running average}
    ///
    /// Every run starts from `init`, unless `substitute` gives another value; the trace has the last one.
    ///
    /// @param name name of the site, used once in a model
    /// @param init value to start from, any shape
    public static MutableState mutable(String name, Number init) {
        return Scope.current("mutable(\"" + name + "\")").mutable(name, init);
    }

    /// Gives a name to a value that follows from others, so that traces and posteriors keep it.
    ///
    /// @param name  name of the site, used once in a model
    /// @param value any shape
    /// @return the value
    public static NDArray deterministic(String name, Number value) {
        return Scope.current("deterministic(\"" + name + "\")").deterministic(name, value);
    }

    /// Adds a number to the log joint.
    ///
    /// @param name      name of the site, used once in a model
    /// @param logFactor any number, −∞ forbids this execution; inside plates it counts once for every copy
    public static void factor(String name, Number logFactor) {
        Scope.current("factor(\"" + name + "\")").factor(name, logFactor);
    }

    /// Opens a plate: the statements inside are independent copies along an axis of the batch.
    ///
    /// @param name    name of the plate
    /// @param size    how many copies; ≥ 1
    /// @param options see [#dim] and [#subsampleSize]; without `dim` the plate takes the first free axis from the right
    /// @return the plate, to be closed: `try (var _ = plate("data", n)) { … }`
    /// @throws HandlerException if there is no handler, the axis is taken, or a subsampled plate has no key
    @MustBeClosed
    @SuppressWarnings("exports") // the annotation is for the checker only
    public static Plate plate(String name, int size, PlateOption... options) {
        return Scope.current("plate(\"" + name + "\")").plate(name, size, options);
    }

    /// Opens nested plates, one per size: the last size belongs to the last axis and to the outermost plate.
    ///
    /// @param prefix their names are `prefix_i`, where i counts from the right: sizes 2, 3, 4 give `p_2`, `p_1`, `p_0`
    /// @param sizes  how many copies each has; ≥ 1
    /// @return the plates, to be closed: `try (var _ = plateStack("p", 2, 3, 4)) { … }`
    /// @throws HandlerException if there is no handler, or an axis is taken
    @MustBeClosed
    @SuppressWarnings("exports") // the annotation is for the checker only
    public static PlateStack plateStack(String prefix, int... sizes) {
        return plateStack(prefix, sizes, -1);
    }

    /// Opens nested plates further to the left, see [#plateStack(String, int...)].
    ///
    /// @param prefix       their names are `prefix_i`, where i counts from the right
    /// @param sizes        how many copies each has; ≥ 1
    /// @param rightmostDim the axis of the last size, counted from the right; ≤ −1
    /// @return the plates, to be closed
    /// @throws HandlerException if there is no handler, or an axis is taken
    @MustBeClosed
    @SuppressWarnings("exports") // the annotation is for the checker only
    public static PlateStack plateStack(String prefix, int[] sizes, int rightmostDim) {
        return Scope.current("plateStack(\"" + prefix + "\")").plateStack(prefix, sizes, rightmostDim);
    }

    /// {@return the rows of the data that this run looks at: those that the subsampled plates around have chosen}
    ///
    /// @param data     a row for each copy along the axis of each plate, or size 1 there; other axes as they like
    /// @param eventDim how many axes at the end belong to one copy, so that the axes before are those of the plates
    /// @throws kiln.array.ShapeException if the data has another size than the plate along its axis
    public static NDArray subsample(Number data, int eventDim) {
        return Scope.current("subsample").subsample(data, eventDim);
    }

    /// {@return the mask in force, from the `mask` handlers around the model; empty where there is none}
    ///
    /// A model can leave out expensive work whose log density is masked off.
    public static Optional<NDArray> getMask() {
        return Scope.current("getMask()").getMask();
    }

    /// {@return the axis of a plate}
    ///
    /// @param dim counted from the right; ≤ −1
    public static PlateOption dim(int dim) {
        return new PlateOption.Dim(dim);
    }

    /// {@return the number of copies that a run looks at; they are drawn without replacement, and the log densities inside are
    /// scaled by `size / count`}
    ///
    /// @param count from 1 to the size of the plate
    public static PlateOption subsampleSize(int count) {
        return new PlateOption.SubsampleSize(count);
    }

    /// A choice between two branches with statements inside, by a value that may depend on random variables.
    ///
    /// ```
    /// predicate ? yes(operand) : no(operand)
    /// ```
    ///
    /// The branches make the same statements in the same order, with the same kinds of distributions: a site of the model has the
    /// parameters, and the data, of the chosen branch. Both are evaluated, so the density is smooth in all but the choice. Where
    /// branches differ in their statements, branch in plain Java instead.
    ///
    /// Plates and other handlers go around the `cond`, not into a branch.
    ///
    /// @param predicate a single truth value
    /// @param yes       the branch where it holds
    /// @param no        the other one; returns the same structure
    /// @param operand   structure of arrays that both read
    /// @return the result of the chosen branch
    /// @throws HandlerException if there is no handler, or the branches differ in their statements
    public static <P, R> R cond(NDArray predicate, Function<P, R> yes, Function<P, R> no, P operand) {
        return new Branching<>(Scope.current("cond"), predicate, yes, no, operand).run();
    }

    /// A loop over steps with statements inside: the last carry, and the outputs of all steps stacked.
    ///
    /// ```
    /// (c, y[t]) = f(c, x[t])   for t = 0, …, n − 1
    /// ```
    ///
    /// The sites of the steps come out as one site of all steps, with a leading axis of steps. A handler outside gives them values
    /// with that axis; values of fewer steps fix the first ones, and the others are drawn: so a fitted model forecasts. When all
    /// values are given, as in inference, the body is traced once, so it must make the same statements in every step.
    ///
    /// Plates are opened inside the body; `param`, `mutable` and a further scan cannot stand there.
    ///
    /// @param f    one step; returns a carry of the structure, shapes and types it got
    /// @param init the carry before the first step
    /// @param xs   structure of arrays of which every step gets a slice along the first axis
    /// @throws HandlerException if there is no handler, or a plate or another scan around it
    public static <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs) {
        return scan(f, init, xs, Control.Steps.FORWARD);
    }

    /// A loop over steps with statements inside, see [#scan(BiFunction, Object, Object)], from the first or from the last slice.
    ///
    /// @param steps how it runs; with `Steps.REVERSE` from the last slice to the first, outputs and sites stay beside their slices
    public static <C, X, Y> Carried<C, Y> scan(BiFunction<C, X, Carried<C, Y>> f, C init, X xs, Control.Steps steps) {
        return Scope.current("scan").scan(f, init, xs, Pytree.leaves(xs).getFirst().size(0), steps);
    }

    /// A loop over a number of steps with statements inside, see [#scan(BiFunction, Object, Object)].
    ///
    /// @param length how many steps; ≥ 1
    public static <C, Y> Carried<C, Y> scan(Function<C, Carried<C, Y>> f, C init, int length) {
        return scan((c, _) -> f.apply(c), init, Np.arange(length));
    }

    /// {@return a fresh key from the enclosing `seed`}
    ///
    /// @throws HandlerException if there is no handler, or none that gives keys
    public static PRNGKey prngKey() {
        return Scope.current("prngKey()").prngKey();
    }
}
