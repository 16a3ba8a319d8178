package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Vectorization;
import kiln.op.Bind;
import kiln.op.Nested;
import org.jspecify.annotations.Nullable;

/// Transforms of functions over arrays, in any combination: derivatives (`grad`, `jvp`, `vjp`, `jacobian`, `hessian`, …), `vmap` and `jit`.
///
/// A function takes and returns structures of arrays (see [Pytree]) and must be pure: it is run on traced values, once per
/// combination of shapes and element types, and what it does to anything but its result is not repeated. Arrays that it
/// captures are constants of the trace.
public final class Functions {
    private Functions() {}

    // ---- gradients

    /// {@return the gradient of a scalar function, with the structure of its argument}
    public static <P> Function<P, P> grad(Function<P, ? extends NDArray> f) {
        Function<P, ValueAndGrad<P>> both = valueAndGrad(f);
        return p -> both.apply(p).grad();
    }

    /// {@return the gradient of a scalar function by its first argument}
    public static <A, B> BiFunction<A, B, A> grad(BiFunction<A, B, ? extends NDArray> f) {
        BiFunction<A, B, ValueAndGrad<A>> both = valueAndGrad(f);
        return (a, b) -> both.apply(a, b).grad();
    }

    /// {@return the gradient of a scalar function by its first argument}
    public static <A, B, C> Function3<A, B, C, A> grad(Function3<A, B, C, ? extends NDArray> f) {
        Function3<A, B, C, ValueAndGrad<A>> both = valueAndGrad(f);
        return (a, b, c) -> both.apply(a, b, c).grad();
    }

    /// {@return the gradient of a scalar function by its first argument}
    public static <A, B, C, D> Function4<A, B, C, D, A> grad(Function4<A, B, C, D, ? extends NDArray> f) {
        Function4<A, B, C, D, ValueAndGrad<A>> both = valueAndGrad(f);
        return (a, b, c, d) -> both.apply(a, b, c, d).grad();
    }

    /// {@return value and gradient of a scalar function}
    ///
    /// The result throws [ShapeException] if the function is not scalar, [DomainException] if an argument or the result is not
    /// floating.
    public static <P> Function<P, ValueAndGrad<P>> valueAndGrad(Function<P, ? extends NDArray> f) {
        return p -> {
            List<NDArray> own = Pytree.leaves(p);
            List<NDArray> out = valueAndGrads(own, allOf(own), leaves -> f.apply(Pytree.withLeaves(p, leaves)));
            return new ValueAndGrad<>(out.getFirst(), Pytree.withLeaves(p, out.subList(1, out.size())));
        };
    }

    /// {@return value of a scalar function and its gradient by the first argument}
    public static <A, B> BiFunction<A, B, ValueAndGrad<A>> valueAndGrad(BiFunction<A, B, ? extends NDArray> f) {
        return (a, b) -> byFirst(a, List.of(a, b), x -> call(f, x));
    }

    /// {@return value of a scalar function and its gradient by the first argument}
    public static <A, B, C> Function3<A, B, C, ValueAndGrad<A>> valueAndGrad(Function3<A, B, C, ? extends NDArray> f) {
        return (a, b, c) -> byFirst(a, List.of(a, b, c), x -> call(f, x));
    }

    /// {@return value of a scalar function and its gradient by the first argument}
    public static <A, B, C, D> Function4<A, B, C, D, ValueAndGrad<A>> valueAndGrad(Function4<A, B, C, D, ? extends NDArray> f) {
        return (a, b, c, d) -> byFirst(a, List.of(a, b, c, d), x -> call(f, x));
    }

    private static <A> ValueAndGrad<A> byFirst(A first, List<Object> arguments, Function<List<Object>, ? extends NDArray> f) {
        int n = Pytree.leaves(first).size();
        List<NDArray> out = valueAndGrads(Pytree.leaves(arguments), range(0, n), leaves -> f.apply(Pytree.withLeaves(arguments, leaves)));
        return new ValueAndGrad<>(out.getFirst(), Pytree.withLeaves(first, out.subList(1, out.size())));
    }

    /// {@return value of a scalar function of three arrays and its gradients by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 to 2
    /// @param further more positions
    public static Function3<NDArray, NDArray, NDArray, ValueAndGrad<List<NDArray>>> valueAndGrad(
            Function3<NDArray, NDArray, NDArray, NDArray> f, int first, int... further) {
        List<Integer> wrt = positions(3, first, further);
        return (a, b, c) -> both(List.of(a, b, c), wrt, x -> f.apply(x.get(0), x.get(1), x.get(2)));
    }

    /// {@return value of a scalar function of two arrays and its gradients by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 or 1
    /// @param further more positions
    public static BiFunction<NDArray, NDArray, ValueAndGrad<List<NDArray>>> valueAndGrad(
            BiFunction<NDArray, NDArray, NDArray> f, int first, int... further) {
        List<Integer> wrt = positions(2, first, further);
        return (a, b) -> both(List.of(a, b), wrt, x -> f.apply(x.get(0), x.get(1)));
    }

    /// {@return value of a scalar function of four arrays and its gradients by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 to 3
    /// @param further more positions
    public static Function4<NDArray, NDArray, NDArray, NDArray, ValueAndGrad<List<NDArray>>> valueAndGrad(
            Function4<NDArray, NDArray, NDArray, NDArray, NDArray> f, int first, int... further) {
        List<Integer> wrt = positions(4, first, further);
        return (a, b, c, d) -> both(List.of(a, b, c, d), wrt, x -> f.apply(x.get(0), x.get(1), x.get(2), x.get(3)));
    }

    /// {@return the gradients of a scalar function of two arrays by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 or 1
    /// @param further more positions
    public static BiFunction<NDArray, NDArray, List<NDArray>> grad(
            BiFunction<NDArray, NDArray, NDArray> f, int first, int... further) {
        BiFunction<NDArray, NDArray, ValueAndGrad<List<NDArray>>> both = valueAndGrad(f, first, further);
        return (a, b) -> both.apply(a, b).grad();
    }

    /// {@return the gradients of a scalar function of three arrays by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 to 2
    /// @param further more positions
    public static Function3<NDArray, NDArray, NDArray, List<NDArray>> grad(
            Function3<NDArray, NDArray, NDArray, NDArray> f, int first, int... further) {
        Function3<NDArray, NDArray, NDArray, ValueAndGrad<List<NDArray>>> both = valueAndGrad(f, first, further);
        return (a, b, c) -> both.apply(a, b, c).grad();
    }

    /// {@return the gradients of a scalar function of four arrays by the arguments at the given positions}
    ///
    /// @param first   position of an argument to differentiate by, 0 to 3
    /// @param further more positions
    public static Function4<NDArray, NDArray, NDArray, NDArray, List<NDArray>> grad(
            Function4<NDArray, NDArray, NDArray, NDArray, NDArray> f, int first, int... further) {
        Function4<NDArray, NDArray, NDArray, NDArray, ValueAndGrad<List<NDArray>>> both = valueAndGrad(f, first, further);
        return (a, b, c, d) -> both.apply(a, b, c, d).grad();
    }

    /// {@return value and gradient of a function that returns a scalar and further results, which are passed on}
    public static <P, X> Function<P, ValueAndGrad.WithAux<P, X>> valueAndGradWithAux(Function<P, WithAux<X>> f) {
        return p -> {
            List<NDArray> own = Pytree.leaves(p);
            Flat<WithAux<X>> traced = Flat.traceAt("grad", own, x -> f.apply(Pytree.withLeaves(p, x)));
            List<NDArray> out = gradients(traced.graph(), traced.arguments(own), own, allOf(own));
            int n = traced.graph().outputs().size();
            WithAux<X> values = traced.around(out.subList(0, n));
            return new ValueAndGrad.WithAux<>(values.value(), values.aux(), Pytree.withLeaves(p, out.subList(n, out.size())));
        };
    }

    private static List<Integer> positions(int arguments, int first, int... further) {
        List<Integer> wrt = IntStream.concat(IntStream.of(first), Arrays.stream(further)).boxed().toList();
        if (wrt.stream().anyMatch(w -> w < 0 || w >= arguments) || wrt.stream().distinct().count() < wrt.size()) {
            throw new IllegalArgumentException(new Diagnosis("grad", "these are no positions of arguments to differentiate by")
                    .expected("different numbers from 0 to " + (arguments - 1))
                    .got(wrt.toString())
                    .at(UserCode.line())
                    .message());
        }
        return wrt;
    }

    private static ValueAndGrad<List<NDArray>> both(
            List<NDArray> arguments, List<Integer> wrt, Function<List<NDArray>, NDArray> f) {
        List<NDArray> out = valueAndGrads(arguments, wrt, f);
        return new ValueAndGrad<>(out.getFirst(), List.copyOf(out.subList(1, out.size())));
    }

    private static List<NDArray> valueAndGrads(
            List<NDArray> arguments, List<Integer> wrt, Function<List<NDArray>, NDArray> f) {
        Flat<NDArray> traced = Flat.traceAt("grad", arguments, f);
        return gradients(traced.graph(), traced.arguments(arguments), arguments, wrt);
    }

    /// {@return the outputs, of which the first is a scalar, and its gradients}
    private static List<NDArray> gradients(Graph graph, List<NDArray> all, List<NDArray> own, List<Integer> wrt) {
        for (int w : wrt) {
            if (!own.get(w).dtype().isFloating()) {
                throw new DomainException(new Diagnosis("grad", "an argument is not floating, so there is no derivative by it")
                        .got("argument " + w + ": " + own.get(w).aval())
                        .at(UserCode.line())
                        .fix("pass it as float64, or name the arguments to differentiate by."));
            }
        }
        Aval type = graph.outputs().getFirst().aval();
        if (type.shape().rank() != 0 || !type.dtype().isFloating()) {
            throw new ShapeException(new Diagnosis("grad", "the function is not a floating scalar")
                    .expected("a scalar, float64[] or float32[]")
                    .got(type.toString())
                    .at(UserCode.line())
                    .fix(type.dtype().isFloating()
                            ? "reduce the result with sum() or mean()."
                            : "compute a floating number: counts and truth values have no derivative."));
        }
        List<NDArray> arguments = new ArrayList<>(all);
        arguments.add(Np.full(Shape.SCALAR, 1, type.dtype()));
        return Derivatives.vjp(graph, wrt, List.of(0)).call(arguments);
    }

    // ---- forward derivative

    /// The value of `f` at `x` and its derivative in the direction `dx`, `∂f(x) · dx`, in one forward sweep.
    ///
    /// @param x  where
    /// @param dx direction, with the structure and shapes of `x`; what it holds for integers is not used
    /// @throws ShapeException if the direction has another structure or other shapes
    public static <P, R> JVP<R> jvp(Function<P, R> f, P x, P dx) {
        List<NDArray> primals = Pytree.leaves(x);
        Flat<R> traced = Flat.traceAt("jvp", primals, leaves -> f.apply(Pytree.withLeaves(x, leaves)));
        List<Integer> wrt = Linear.floatingOf(primals);
        List<NDArray> all = traced.arguments(primals);
        all.addAll(directions("jvp", "direction of the argument", primals, Pytree.leaves(dx), wrt));
        List<NDArray> out = Derivatives.jvp(traced.graph(), wrt).call(all);
        int n = out.size() / 2;
        return new JVP<>(traced.around(out.subList(0, n)), traced.around(out.subList(n, 2 * n)));
    }

    /// The parts of a direction (or cotangent) that belong to floating arrays, which must have their shapes.
    private static List<NDArray> directions(
            String who, String what, List<NDArray> at, List<NDArray> given, List<Integer> wrt) {
        if (given.size() != at.size()) {
            throw new ShapeException(new Diagnosis(who, "the " + what.replace(" of", " does not have the structure of"))
                    .expected(at.size() + " arrays")
                    .got(given.size() + " arrays")
                    .at(UserCode.line()));
        }
        List<NDArray> out = new ArrayList<>();
        for (int i : wrt) {
            NDArray t = given.get(i);
            if (!t.shape().equals(at.get(i).shape())) {
                throw new ShapeException(new Diagnosis(who, "the " + what.replace(" of", " does not have the shape of"))
                        .expected(at.get(i).shape() + " in array " + i)
                        .got(t.shape().toString())
                        .at(UserCode.line()));
            }
            out.add(t.astype(at.get(i).dtype()));
        }
        return out;
    }

    /// The value of `f` at `x` and its derivative there as a function of the direction, of which what depends on `x` is computed once.
    public static <P, R> Linearized<P, R> linearize(Function<P, R> f, P x) {
        List<NDArray> primals = Pytree.leaves(x);
        Flat<R> traced = Flat.traceAt("linearize", primals, leaves -> f.apply(Pytree.withLeaves(x, leaves)));
        List<Integer> wrt = Linear.floatingOf(primals);
        Linear linear = Linear.forward(traced, primals, wrt);
        return new Linearized<>(
                traced.around(linear.values()),
                dx -> traced.around(linear.apply(directions("linearize", "direction of the argument", primals, Pytree.leaves(dx), wrt))));
    }

    // ---- reverse derivative

    /// The value of `f` at `x` and the function from cotangents of the value to those of `x`, `ct ↦ ctᵀ ∂f(x)`.
    ///
    /// What depends on `x` only is computed once. Cotangents of integers are zero.
    public static <P, R> VJP<P, R> vjp(Function<P, R> f, P x) {
        List<NDArray> primals = Pytree.leaves(x);
        Flat<R> traced = Flat.traceAt("vjp", primals, leaves -> f.apply(Pytree.withLeaves(x, leaves)));
        List<Integer> wrt = Linear.floatingOf(primals);
        Linear linear = Linear.reverse(traced, primals, wrt);
        List<Integer> seeded = Linear.floatingOf(linear.values());
        return new VJP<>(traced.around(linear.values()), ct -> {
            List<NDArray> parts = linear.apply(directions("vjp", "cotangent of the value", linear.values(), Pytree.leaves(ct), seeded));
            return Pytree.withLeaves(x, Linear.spread(primals, wrt, parts));
        });
    }

    // ---- Jacobians

    /// {@return the Jacobian, column by column in forward sweeps}
    ///
    /// The result has the structure of the argument; an array of shape `s` becomes `∂f/∂x` of shape *result, s*. Integers have none.
    public static <P> Function<P, P> jacfwd(Function<P, ? extends NDArray> f) {
        return x -> jacobian("jacfwd", f, x, true);
    }

    /// {@return the Jacobian, row by row in sweeps back, see [#jacfwd]}
    public static <P> Function<P, P> jacrev(Function<P, ? extends NDArray> f) {
        return x -> jacobian("jacrev", f, x, false);
    }

    /// {@return the Jacobian, by whichever of [#jacfwd] and [#jacrev] takes fewer sweeps}
    ///
    /// A loop without a reverse derivative (see [Control#whileLoop]) needs `jacfwd`.
    public static <P> Function<P, P> jacobian(Function<P, ? extends NDArray> f) {
        return x -> jacobian("jacobian", f, x, null);
    }

    private static <P> P jacobian(String who, Function<P, ? extends NDArray> f, P x, @Nullable Boolean forward) {
        List<NDArray> primals = Pytree.leaves(x);
        Flat<NDArray> traced = Flat.traceAt(who, primals, leaves -> f.apply(Pytree.withLeaves(x, leaves)));
        List<Integer> wrt = Linear.floatingOf(primals);
        Aval type = traced.outputs().getFirst();
        if (wrt.size() < primals.size() || !type.dtype().isFloating()) {
            throw new DomainException(new Diagnosis(who, "an argument or the result is not floating, so there is no derivative")
                    .got(Flat.types(primals) + " → " + type)
                    .at(UserCode.line())
                    .fix("pass it as float64, or capture what is not to be differentiated by."));
        }
        Shape out = type.shape();
        int inputs = primals.stream().mapToInt(NDArray::size).sum();
        List<NDArray> parts = new ArrayList<>();
        if (forward == null ? inputs <= out.size() : forward) {
            Linear linear = Linear.forward(traced, primals, wrt);
            for (int k = 0; k < primals.size(); k++) {
                NDArray columns = linear.basis(primals, k).getFirst();
                parts.add(Np.moveaxis(columns, 0, -1).reshape(out.then(primals.get(k).shape())));
            }
        } else {
            Linear linear = Linear.reverse(traced, primals, wrt);
            List<NDArray> rows = linear.basis(linear.values(), 0);
            for (int k = 0; k < primals.size(); k++) {
                parts.add(rows.get(k).reshape(out.then(primals.get(k).shape())));
            }
        }
        return Pytree.withLeaves(x, parts);
    }

    /// {@return the matrix of second derivatives of a scalar function of one array, of shape *argument, argument*}
    public static Function<NDArray, NDArray> hessian(Function<NDArray, ? extends NDArray> f) {
        return jacfwd(grad(f));
    }

    /// {@return the second derivatives of a scalar function of a structure, by pairs of its arrays in the order of [Pytree#leaves]}
    ///
    /// Block `i, j` is `∂²f/∂xᵢ∂xⱼ`, of the shape of `xᵢ` followed by that of `xⱼ`.
    public static <P> Function<P, List<List<NDArray>>> hessianBlocks(Function<P, ? extends NDArray> f) {
        return x -> {
            List<List<NDArray>> rows = new ArrayList<>();
            for (int i = 0; i < Pytree.leaves(x).size(); i++) {
                int row = i;
                Function<P, NDArray> part = p -> Pytree.leaves(grad(f).apply(p)).get(row);
                rows.add(Pytree.leaves(jacfwd(part).apply(x)));
            }
            return List.copyOf(rows);
        };
    }

    /// {@return the product of the second derivatives of a scalar function at `x` with `v`: forward over reverse, no matrix is made}
    ///
    /// @param v with the structure, shapes and types of `x`
    public static <P> P hvp(Function<P, ? extends NDArray> f, P x, P v) {
        return jvp(grad(f), x, v).tangent();
    }

    // ---- what is kept and what is cut off

    /// {@return the function, whose inner values are not kept for the reverse derivative but computed again there}
    public static <P, R> Function<P, R> checkpoint(Function<P, R> f) {
        return x -> {
            List<NDArray> own = Pytree.leaves(x);
            Flat<R> traced = Flat.traceAt("checkpoint", own, leaves -> f.apply(Pytree.withLeaves(x, leaves)));
            return traced.around(Bind.apply(new Nested(traced.graph()), traced.arguments(own)));
        };
    }

    /// {@return the structure with the derivatives of all of its arrays cut off}
    public static <P> P stopGradient(P x) {
        return Pytree.withLeaves(x, Pytree.leaves(x).stream().map(NDArray::stopGradient).toList());
    }

    // ---- the user's derivatives

    /// The function with another derivative: in every transform its values are those of `f`, its derivative that of the rule.
    ///
    /// The reverse derivative is the transpose of the rule, which has to be linear in the tangents. `f` and the rule are written with
    /// operations on arrays; what computes in plain Java on known arrays is a [CustomOp].
    ///
    /// ```java
    /// var safe = customJvp((NDArray x) -> sqrt(x), (x, dx) -> new JVP<>(sqrt(x), dx.div(sqrt(maximum(x, 1e-12)).times(2))));
    /// ```
    ///
    /// The result throws [DomainException] when it is differentiated by a value that `f` captures.
    ///
    /// @param rule from an argument and its tangent (zeros where there is none) to the value and its tangent
    public static <P, R> Function<P, R> customJvp(Function<P, R> f, BiFunction<P, P, JVP<R>> rule) {
        return p -> ruled(f, p, like -> new ForwardRule(in -> {
            int n = in.size() / 2;
            JVP<R> out = rule.apply(Pytree.withLeaves(p, in.subList(0, n)), Pytree.withLeaves(p, in.subList(n, 2 * n)));
            List<NDArray> values = Pytree.leaves(out.value());
            List<NDArray> all = new ArrayList<>(RuledCall.checked("customJvp", "a value", values, like));
            all.addAll(RuledCall.checked("customJvp", "a tangent", Pytree.leaves(out.tangent()), like));
            return all;
        }));
    }

    /// The function with another reverse derivative; it has no forward derivative.
    ///
    /// The result throws [DomainException] when it is differentiated forwards, or by a value that `f` captures.
    ///
    /// @param forward  the value with what the way back needs
    /// @param backward from that and the cotangent of the value to the cotangent of the argument; what it holds for integers is not used
    public static <P, R, S> Function<P, R> customVjp(
            Function<P, R> f, Function<P, WithResiduals<R, S>> forward, BiFunction<S, R, P> backward) {
        return p -> {
            // The structure of the residuals, which is known when the rule has run.
            var structure = new AtomicReference<WithResiduals<R, S>>();
            return ruled(f, p, like -> new ReverseRule(
                    like.size(),
                    x -> {
                        WithResiduals<R, S> out = forward.apply(Pytree.withLeaves(p, x));
                        structure.set(out);
                        List<NDArray> all = new ArrayList<>(RuledCall.checked("customVjp", "a value", Pytree.leaves(out.value()), like));
                        all.addAll(Pytree.leaves(out.residuals()));
                        return all;
                    },
                    in -> {
                        WithResiduals<R, S> made = structure.get();
                        int n = in.size() - like.size();
                        P ct = backward.apply(
                                Pytree.withLeaves(made.residuals(), in.subList(0, n)),
                                Pytree.withLeaves(made.value(), in.subList(n, in.size())));
                        return RuledCall.checked("customVjp", "a cotangent", Pytree.leaves(ct), Pytree.leaves(p));
                    }));
        };
    }

    /// {@return the value of a function at a structure, recorded with a rule for its derivative}
    ///
    /// @param rule given the arrays of a result
    static <P, R> R ruled(Function<P, R> f, P p, Function<List<NDArray>, RuledCall.Rule> rule) {
        List<NDArray> own = Pytree.leaves(p);
        Flat<R> traced = Flat.trace("a custom derivative", Flat.types(own), leaves -> f.apply(Pytree.withLeaves(p, leaves)));
        List<NDArray> like = Pytree.leaves(traced.like());
        return traced.around(Bind.apply(new RuledCall(traced.graph(), own.size(), rule.apply(like)), traced.arguments(own)));
    }

    // ---- vectorisation

    /// {@return the function mapped over the leading axis of every array of its argument}
    ///
    /// The result throws [ShapeException] if the leading axes differ in length.
    public static <P, R> Function<P, R> vmap(Function<P, R> f) {
        return p -> {
            List<NDArray> own = Pytree.leaves(p);
            return vmapped(own, allTrue(own.size()), leaves -> f.apply(Pytree.withLeaves(p, leaves)));
        };
    }

    /// {@return the function mapped over the leading axis of every array of both arguments}
    public static <A, B, R> BiFunction<A, B, R> vmap(BiFunction<A, B, R> f) {
        return vmap(f, true, true);
    }

    /// {@return the function mapped over the leading axis of the first, the second or both arguments}
    ///
    /// @param first  whether the first argument is mapped, else it is shared by all
    /// @param second whether the second argument is mapped, else it is shared by all
    public static <A, B, R> BiFunction<A, B, R> vmap(BiFunction<A, B, R> f, boolean first, boolean second) {
        return (a, b) -> {
            List<NDArray> own = new ArrayList<>(Pytree.leaves(a));
            int n = own.size();
            own.addAll(Pytree.leaves(b));
            boolean[] mapped = new boolean[own.size()];
            Arrays.fill(mapped, 0, n, first);
            Arrays.fill(mapped, n, mapped.length, second);
            return vmapped(own, mapped, leaves -> f.apply(
                    Pytree.withLeaves(a, leaves.subList(0, n)), Pytree.withLeaves(b, leaves.subList(n, leaves.size()))));
        };
    }

    /// {@return the function mapped over an axis of every array of its argument}
    ///
    /// @param in  the axis of the argument; negative counts from the end
    /// @param out where the axis goes in every array of the result; negative counts from the end
    public static <P, R> Function<P, R> vmap(Function<P, R> f, int in, int out) {
        return p -> along(List.of(p), List.of(Along.axis(in)), out, x -> f.apply(Functions.<P>at(x, 0)));
    }

    /// {@return the function mapped over an axis of some of its arguments}
    ///
    /// @param out where the axis goes in every array of the result; negative counts from the end
    public static <A, B, R> BiFunction<A, B, R> vmap(BiFunction<A, B, R> f, Along first, Along second, int out) {
        return (a, b) -> along(List.of(a, b), List.of(first, second), out, x -> call(f, x));
    }

    /// {@return the function mapped over an axis of some of its arguments}
    ///
    /// @param out where the axis goes in every array of the result; negative counts from the end
    public static <A, B, C, R> Function3<A, B, C, R> vmap(
            Function3<A, B, C, R> f, Along first, Along second, Along third, int out) {
        return (a, b, c) -> along(List.of(a, b, c), List.of(first, second, third), out, x -> call(f, x));
    }

    /// {@return the function mapped over the leading axis of every array of all arguments}
    public static <A, B, C, R> Function3<A, B, C, R> vmap(Function3<A, B, C, R> f) {
        return vmap(f, Along.axis(0), Along.axis(0), Along.axis(0), 0);
    }

    /// {@return the function mapped over an axis of some of its arguments}
    ///
    /// @param out where the axis goes in every array of the result; negative counts from the end
    public static <A, B, C, D, R> Function4<A, B, C, D, R> vmap(
            Function4<A, B, C, D, R> f, Along first, Along second, Along third, Along fourth, int out) {
        return (a, b, c, d) ->
                along(List.of(a, b, c, d), List.of(first, second, third, fourth), out, x -> call(f, x));
    }

    /// {@return the function mapped over the leading axis of every array of all arguments}
    public static <A, B, C, D, R> Function4<A, B, C, D, R> vmap(Function4<A, B, C, D, R> f) {
        return vmap(f, Along.axis(0), Along.axis(0), Along.axis(0), Along.axis(0), 0);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the list holds what the caller put there
    private static <T> T at(List<Object> arguments, int position) {
        return (T) arguments.get(position);
    }

    private static <R> R along(List<Object> arguments, List<Along> axes, int out, Function<List<Object>, R> f) {
        List<NDArray> leaves = new ArrayList<>();
        List<Boolean> flags = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Along along = axes.get(i);
            for (NDArray x : Pytree.leaves(arguments.get(i))) {
                leaves.add(along.isMapped() && x.rank() > 0 ? Np.moveaxis(x, along.axis(), 0) : x);
                flags.add(along.isMapped());
            }
        }
        boolean[] mapped = new boolean[flags.size()];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = flags.get(i);
        }
        R stacked = vmapped(leaves, mapped, x -> f.apply(Pytree.withLeaves(arguments, x)));
        return Pytree.withLeaves(
                stacked, Pytree.leaves(stacked).stream().map(y -> Np.moveaxis(y, 0, out)).toList());
    }

    static <R> R vmapped(List<NDArray> arguments, boolean[] mapped, Function<List<NDArray>, R> f) {
        int size = -1;
        List<Aval> slices = new ArrayList<>();
        for (int i = 0; i < mapped.length; i++) {
            Aval type = arguments.get(i).aval();
            if (mapped[i]) {
                if (type.shape().rank() == 0 || (size >= 0 && type.shape().dim(0) != size)) {
                    throw new ShapeException(new Diagnosis("vmap", "the arguments cannot be mapped together")
                            .expected("a leading axis" + (size < 0 ? "" : " of length " + size) + " in every mapped array")
                            .got("array " + i + " of shape " + type.shape())
                            .at(UserCode.line())
                            .fix("give every mapped array the same leading axis, or share the others."));
                }
                size = type.shape().dim(0);
                slices.add(new Aval(type.dtype(), type.shape().slice(1, type.shape().rank())));
            } else {
                slices.add(new Aval(type.dtype(), type.shape()));
            }
        }
        if (size < 0) {
            throw new ShapeException(new Diagnosis("vmap", "there is no array to map over").at(UserCode.line()));
        }
        Flat<R> traced = Flat.trace("vmap", slices, f);
        boolean[] batched = Arrays.copyOf(mapped, traced.graph().parameters().size());
        Graph mappedGraph = Vectorization.vmap(traced.graph(), batched, size);
        return traced.around(mappedGraph.call(traced.arguments(arguments)));
    }

    // ---- compilation

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <P, R> Function<P, R> jit(Function<P, R> f) {
        return jit(f, 1);
    }

    /// The function compiled as by [#jit(Function)], with calls that several threads share: the same bits for any number of them.
    ///
    /// Helping threads are daemon threads of the process, and a call waits for none that is busy elsewhere. Loops over fewer than 48,000 elements,
    /// kernels such as matrix products, and scalar code are the calling thread's alone.
    ///
    /// @param threads how many at most work on one call, the calling one included; ≥ 1
    /// @throws IllegalArgumentException if `threads` is less than 1
    public static <P, R> Function<P, R> jit(Function<P, R> f, int threads) {
        var compiled = new Jit<R>(x -> f.apply(Functions.<P>at(x, 0)), threads);
        return p -> compiled.call(List.of(p));
    }

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <A, B, R> BiFunction<A, B, R> jit(BiFunction<A, B, R> f) {
        return jit(f, 1);
    }

    /// {@return the function compiled, with calls that several threads share, see [#jit(Function, int)]}
    ///
    /// @param threads how many at most work on one call; ≥ 1
    public static <A, B, R> BiFunction<A, B, R> jit(BiFunction<A, B, R> f, int threads) {
        var compiled = new Jit<R>(x -> call(f, x), threads);
        return (a, b) -> compiled.call(List.of(a, b));
    }

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <A, B, C, R> Function3<A, B, C, R> jit(Function3<A, B, C, R> f) {
        return jit(f, 1);
    }

    /// {@return the function compiled, with calls that several threads share, see [#jit(Function, int)]}
    ///
    /// @param threads how many at most work on one call; ≥ 1
    public static <A, B, C, R> Function3<A, B, C, R> jit(Function3<A, B, C, R> f, int threads) {
        var compiled = new Jit<R>(x -> call(f, x), threads);
        return (a, b, c) -> compiled.call(List.of(a, b, c));
    }

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <A, B, C, D, R> Function4<A, B, C, D, R> jit(Function4<A, B, C, D, R> f) {
        return jit(f, 1);
    }

    /// {@return the function compiled, with calls that several threads share, see [#jit(Function, int)]}
    ///
    /// @param threads how many at most work on one call; ≥ 1
    public static <A, B, C, D, R> Function4<A, B, C, D, R> jit(Function4<A, B, C, D, R> f, int threads) {
        var compiled = new Jit<R>(x -> call(f, x), threads);
        return (a, b, c, d) -> compiled.call(List.of(a, b, c, d));
    }

    /// The function compiled, with a second argument that is a setting: traced once for every value of it, for which it may decide in
    /// Java (JAX's `static_argnums`).
    ///
    /// A record argument may hold settings too: its components that are neither numbers nor structures, or that are primitives.
    ///
    /// @param f the function of what is traced and of the setting, which needs `equals` and `hashCode`
    public static <P, S, R> BiFunction<P, S, R> jitWithStatic(BiFunction<P, S, R> f) {
        Map<S, Function<P, R>> compiled = new ConcurrentHashMap<>();
        return (p, setting) -> compiled.computeIfAbsent(setting, s -> jit((P x) -> f.apply(x, s))).apply(p);
    }

    private static <A, B, R> R call(BiFunction<A, B, R> f, List<Object> x) {
        return f.apply(Functions.<A>at(x, 0), Functions.<B>at(x, 1));
    }

    private static <A, B, C, R> R call(Function3<A, B, C, R> f, List<Object> x) {
        return f.apply(Functions.<A>at(x, 0), Functions.<B>at(x, 1), Functions.<C>at(x, 2));
    }

    private static <A, B, C, D, R> R call(Function4<A, B, C, D, R> f, List<Object> x) {
        return f.apply(Functions.<A>at(x, 0), Functions.<B>at(x, 1), Functions.<C>at(x, 2), Functions.<D>at(x, 3));
    }

    // ---- parts

    private static List<Integer> allOf(List<?> list) {
        return range(0, list.size());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static boolean[] allTrue(int n) {
        boolean[] all = new boolean[n];
        Arrays.fill(all, true);
        return all;
    }
}
