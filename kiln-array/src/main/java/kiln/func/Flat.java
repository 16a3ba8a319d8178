package kiln.func;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.graph.Graph;
import kiln.graph.Tracer;

/// A function of structures, traced: a graph over the arrays in them, and the structure of the result.
///
/// @param graph    from the arrays of the arguments and the captured values to the arrays of the result
/// @param captured values of outer traces that the function uses
/// @param like     the result, with traced values of a trace that has ended as its arrays
record Flat<R>(Graph graph, List<NDArray> captured, R like) {
    /// Traces a function on arguments of given types.
    ///
    /// @param purpose the transform that asks, for messages
    static <R> Flat<R> trace(String purpose, List<Aval> types, Function<List<NDArray>, R> f) {
        return traced(purpose, f, all -> Tracer.trace(purpose, types, all));
    }

    /// Traces a function where it is to be run, so that it may branch on its values.
    ///
    /// @param purpose   the transform that asks, for messages
    /// @param arguments the arguments
    static <R> Flat<R> traceAt(String purpose, List<NDArray> arguments, Function<List<NDArray>, R> f) {
        // The graph is used at these arguments only, so what was read there holds.
        return traced(purpose, f, all -> Tracer.traceAt(purpose, types(arguments), arguments, (_, _) -> {}, all));
    }

    private static <R> Flat<R> traced(
            String purpose, Function<List<NDArray>, R> f, Function<Function<List<NDArray>, List<NDArray>>, Tracer.Closure> tracer) {
        List<R> result = new ArrayList<>();
        Tracer.Closure closure = tracer.apply(leaves -> {
            R y = Objects.requireNonNull(f.apply(leaves), () -> "a function under " + purpose + " returned null");
            result.add(y);
            return Pytree.leaves(y);
        });
        return new Flat<>(closure.graph(), closure.captured(), result.getFirst());
    }

    /// {@return the result around other arrays}
    R around(List<? extends NDArray> leaves) {
        return Pytree.withLeaves(like, leaves);
    }

    /// {@return the given arguments, then the captured values}
    List<NDArray> arguments(List<? extends NDArray> own) {
        List<NDArray> all = new ArrayList<>(own);
        all.addAll(captured);
        return all;
    }

    /// {@return the types of the outputs, strong}
    List<Aval> outputs() {
        return graph.outputs().stream().map(n -> strong(n.aval())).toList();
    }

    /// {@return the types of arrays; a Java number becomes strong: a function is traced for its type, whoever passes it}
    static List<Aval> types(List<? extends NDArray> arrays) {
        return arrays.stream().map(x -> strong(x.aval())).toList();
    }

    private static Aval strong(Aval type) {
        return new Aval(type.dtype(), type.shape());
    }

    /// {@return the same function with further parameters behind its own, so that several can share their captured values}
    ///
    /// @param own      number of parameters that are not captured
    /// @param captured all values that the functions capture, this one's among them
    Graph over(int own, List<NDArray> captured) {
        List<Aval> types = new ArrayList<>(graph.parameters().subList(0, own).stream().map(p -> p.aval()).toList());
        captured.forEach(x -> types.add(x.aval()));
        List<Integer> at = this.captured.stream().map(captured::indexOf).toList();
        return Tracer.build(types, arguments -> {
                    List<NDArray> all = new ArrayList<>(arguments.subList(0, own));
                    at.forEach(i -> all.add(arguments.get(own + i)));
                    return graph.call(all);
                });
    }

    /// {@return the values that some functions capture, each once}
    static List<NDArray> union(Flat<?>... functions) {
        return Arrays.stream(functions).flatMap(f -> f.captured().stream()).distinct().toList();
    }

    /// {@return the positions from `from` to before `to`}
    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
