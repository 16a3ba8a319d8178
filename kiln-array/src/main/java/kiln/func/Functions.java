package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import kiln.graph.Tracer;
import kiln.graph.Vectorization;

/// Transforms of functions over arrays: `grad`, `valueAndGrad`, `jvp`, `vmap` and `jit`, in any combination.
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
        return (a, b) -> {
            List<NDArray> own = new ArrayList<>(Pytree.leaves(a));
            int n = own.size();
            own.addAll(Pytree.leaves(b));
            List<NDArray> out = valueAndGrads(own, range(0, n), leaves -> f.apply(
                    Pytree.withLeaves(a, leaves.subList(0, n)), Pytree.withLeaves(b, leaves.subList(n, leaves.size()))));
            return new ValueAndGrad<>(out.getFirst(), Pytree.withLeaves(a, out.subList(1, out.size())));
        };
    }

    /// {@return value of a scalar function of three arrays and its gradients by the arguments at the given positions}
    ///
    /// @param argnums positions of the arguments to differentiate by, each 0, 1 or 2
    public static Function3<NDArray, NDArray, NDArray, ValueAndGrad<List<NDArray>>> valueAndGrad(
            Function3<NDArray, NDArray, NDArray, NDArray> f, int... argnums) {
        List<Integer> wrt = Arrays.stream(argnums).boxed().toList();
        return (a, b, c) -> {
            List<NDArray> out = valueAndGrads(List.of(a, b, c), wrt, x -> f.apply(x.get(0), x.get(1), x.get(2)));
            return new ValueAndGrad<>(out.getFirst(), List.copyOf(out.subList(1, out.size())));
        };
    }

    private static List<NDArray> valueAndGrads(
            List<NDArray> arguments, List<Integer> wrt, Function<List<NDArray>, NDArray> f) {
        for (int w : wrt) {
            if (!arguments.get(w).dtype().isFloating()) {
                throw new DomainException(new Diagnosis("grad", "an argument is not floating, so there is no derivative by it")
                        .got("argument " + w + ": " + arguments.get(w).aval())
                        .at(UserCode.line())
                        .fix("pass it as float64, or name the arguments to differentiate by."));
            }
        }
        Tracer.Closure traced = Tracer.trace("grad", avals(arguments), x -> List.of(f.apply(x)));
        Aval type = traced.graph().outputs().getFirst().aval();
        if (type.shape().rank() != 0 || !type.dtype().isFloating()) {
            throw new ShapeException(new Diagnosis("grad", "the function is not a floating scalar")
                    .expected("a scalar, float64[] or float32[]")
                    .got(type.toString())
                    .at(UserCode.line())
                    .fix(type.dtype().isFloating()
                            ? "reduce the result with sum() or mean()."
                            : "compute a floating number: counts and truth values have no derivative."));
        }
        List<NDArray> all = new ArrayList<>(traced.arguments(arguments));
        all.add(Np.full(Shape.SCALAR, 1, type.dtype()));
        return Derivatives.vjp(traced.graph(), wrt).call(all);
    }

    // ---- forward derivative

    /// The value of `f` at `x` and its derivative in the direction `dx`, `∂f(x) · dx`, in one forward sweep.
    ///
    /// @param x  where
    /// @param dx direction, with the structure and shapes of `x`; what it holds for integers is not used
    /// @throws ShapeException if the direction has another structure
    public static <P, R> JVP<R> jvp(Function<P, R> f, P x, P dx) {
        List<NDArray> primals = Pytree.leaves(x);
        List<Object> result = new ArrayList<>();
        Tracer.Closure traced = Tracer.trace("jvp", avals(primals), leaves -> {
            R y = f.apply(Pytree.withLeaves(x, leaves));
            result.add(y);
            return Pytree.leaves(y);
        });
        List<NDArray> all = new ArrayList<>(traced.arguments(primals));
        List<NDArray> tangents = Pytree.leaves(dx);
        if (tangents.size() != primals.size()) {
            throw new ShapeException(new Diagnosis("jvp", "the direction does not have the structure of the argument")
                    .expected(primals.size() + " arrays")
                    .got(tangents.size() + " arrays")
                    .at(UserCode.line()));
        }
        List<Integer> wrt = allOf(primals).stream().filter(i -> primals.get(i).dtype().isFloating()).toList();
        for (int i : wrt) {
            NDArray t = tangents.get(i);
            if (!t.shape().equals(primals.get(i).shape())) {
                throw new ShapeException(new Diagnosis("jvp", "the direction does not have the shape of the argument")
                        .expected(primals.get(i).shape() + " in array " + i)
                        .got(t.shape().toString())
                        .at(UserCode.line()));
            }
            all.add(t.astype(primals.get(i).dtype()));
        }
        List<NDArray> out = Derivatives.jvp(traced.graph(), wrt).call(all);
        @SuppressWarnings("unchecked")
        R like = (R) result.getFirst();
        int n = out.size() / 2;
        return new JVP<>(Pytree.withLeaves(like, out.subList(0, n)), Pytree.withLeaves(like, out.subList(n, 2 * n)));
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

    private static <R> R vmapped(List<NDArray> arguments, boolean[] mapped, Function<List<NDArray>, R> f) {
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
                slices.add(type.withShape(type.shape().slice(1, type.shape().rank())));
            } else {
                slices.add(type);
            }
        }
        if (size < 0) {
            throw new ShapeException(new Diagnosis("vmap", "there is no array to map over").at(UserCode.line()));
        }
        List<R> result = new ArrayList<>();
        Tracer.Closure traced = Tracer.trace("vmap", slices, leaves -> {
            R y = f.apply(leaves);
            result.add(y);
            return Pytree.leaves(java.util.Objects.requireNonNull(y, "a function under vmap returned null"));
        });
        boolean[] batched = Arrays.copyOf(mapped, traced.graph().parameters().size());
        Graph mappedGraph = Vectorization.vmap(traced.graph(), batched, size);
        return Pytree.withLeaves(result.getFirst(), mappedGraph.call(traced.arguments(arguments)));
    }

    // ---- compilation

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <P, R> Function<P, R> jit(Function<P, R> f) {
        var compiled = new Jit<R>(arguments -> {
            @SuppressWarnings("unchecked")
            P p = (P) arguments.getFirst();
            return f.apply(p);
        });
        return p -> compiled.call(List.of(p));
    }

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <A, B, R> BiFunction<A, B, R> jit(BiFunction<A, B, R> f) {
        var compiled = new Jit<R>(arguments -> {
            @SuppressWarnings("unchecked")
            A a = (A) arguments.get(0);
            @SuppressWarnings("unchecked")
            B b = (B) arguments.get(1);
            return f.apply(a, b);
        });
        return (a, b) -> compiled.call(List.of(a, b));
    }

    /// {@return the function compiled: traced once for every combination of structure, shapes and types}
    public static <A, B, C, R> Function3<A, B, C, R> jit(Function3<A, B, C, R> f) {
        var compiled = new Jit<R>(arguments -> {
            @SuppressWarnings("unchecked")
            A a = (A) arguments.get(0);
            @SuppressWarnings("unchecked")
            B b = (B) arguments.get(1);
            @SuppressWarnings("unchecked")
            C c = (C) arguments.get(2);
            return f.apply(a, b, c);
        });
        return (a, b, c) -> compiled.call(List.of(a, b, c));
    }

    // ---- parts

    private static List<Aval> avals(List<NDArray> arrays) {
        // A weak argument becomes strong: the function is traced for its element type, whoever passes it.
        return arrays.stream().map(x -> new Aval(x.dtype(), x.shape())).toList();
    }

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
