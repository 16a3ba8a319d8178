package kiln.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import kiln.array.NDArray;
import kiln.op.Bind;

/// The evaluation of a graph for all combinations of some of its parameters, where every value gets an axis only for the parameters
/// that it depends on.
///
/// ```
/// f(x, y) = g(x) + h(y)   over x ∈ X, y ∈ Y:   g gets the axis of x, h that of y, f both
/// ```
///
/// Axes are named by numbers. An array has the axes that it depends on in front, in ascending order.
public final class NamedAxes {
    private NamedAxes() {}

    /// An array that differs along named axes.
    ///
    /// @param axes   names of its first axes, ascending
    /// @param values `[lengths of the axes…] + ordinary shape`
    public record Spread(List<Integer> axes, NDArray values) {
        /// {@return an array that is the same for all}
        public static Spread same(NDArray values) {
            return new Spread(List.of(), values);
        }
    }

    /// {@return the outputs of a graph}
    ///
    /// @param arguments one per parameter
    /// @param length    length of each axis
    public static List<Spread> call(Graph graph, List<Spread> arguments, IntUnaryOperator length) {
        Map<Node, Spread> values = new IdentityHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            values.put(graph.parameters().get(i), arguments.get(i));
        }
        for (Node node : graph.nodes()) {
            if (!values.containsKey(node)) {
                apply(node, values, length);
            }
        }
        return graph.outputs().stream().map(o -> Objects.requireNonNull(values.get(o))).toList();
    }

    private static void apply(Node node, Map<Node, Spread> values, IntUnaryOperator length) {
        if (node instanceof Node.Constant c) {
            values.put(node, Spread.same(c.value()));
            return;
        }
        List<Spread> in = node.operands().stream().map(values::get).toList();
        SortedSet<Integer> axes = new TreeSet<>();
        in.forEach(s -> axes.addAll(s.axes()));
        if (axes.isEmpty()) {
            plain(node, in.stream().map(Spread::values).toList(), values);
        } else {
            spread(node, in, new TreeSet<>(axes).descendingSet(), values, length);
        }
    }

    private static void plain(Node node, List<NDArray> in, Map<Node, Spread> values) {
        switch (node) {
            case Node.Apply a -> values.put(a, Spread.same(Bind.apply(a.op(), in)));
            case Node.Result r -> {
                List<NDArray> out = Bind.apply(r.call().op(), in);
                r.call().results().forEach(k -> values.put(k, Spread.same(out.get(k.index()))));
            }
            case Node.Parameter _, Node.Constant _ -> {}
        }
    }

    /// One operation, vectorised axis by axis, the last one first, so that the first one ends up in front.
    private static void spread(Node node, List<Spread> in, SortedSet<Integer> descending, Map<Node, Spread> values, IntUnaryOperator length) {
        List<Node.Parameter> parameters = new ArrayList<>();
        for (Node operand : node.operands()) {
            parameters.add(new Node.Parameter(parameters.size(), operand.aval()));
        }
        List<Node> results = new ArrayList<>();
        Graph graph = new Graph(parameters, copied(node, parameters, results));
        List<List<Integer>> found = new ArrayList<>();
        results.forEach(_ -> found.add(new ArrayList<>()));
        for (int axis : descending) {
            boolean[] batched = new boolean[in.size()];
            for (int i = 0; i < batched.length; i++) {
                batched[i] = in.get(i).axes().contains(axis);
            }
            Vectorization.Mapped mapped = Vectorization.vmap(graph, batched, length.applyAsInt(axis), new boolean[results.size()]);
            graph = mapped.graph();
            for (int k = 0; k < results.size(); k++) {
                if (mapped.batched()[k]) {
                    found.get(k).addFirst(axis);
                }
            }
        }
        List<NDArray> out = graph.call(in.stream().map(Spread::values).toList());
        for (int k = 0; k < results.size(); k++) {
            values.put(results.get(k), new Spread(List.copyOf(found.get(k)), out.get(k)));
        }
    }

    /// {@return the operation on other operands}
    ///
    /// @param results receives the nodes of the original
    private static List<Node> copied(Node node, List<Node.Parameter> parameters, List<Node> results) {
        List<Node> operands = List.copyOf(parameters);
        switch (node) {
            case Node.Apply a -> {
                results.add(a);
                return List.of(new Node.Apply(a.op(), operands, a.aval(), a.origin()));
            }
            case Node.Result r -> {
                Node.Call call = r.call();
                results.addAll(call.results());
                List<kiln.array.Aval> types = Node.types(call.results());
                return List.copyOf(new Node.Call(call.op(), operands, types, call.origin()).results());
            }
            case Node.Parameter _, Node.Constant _ -> throw new IllegalStateException("not an operation");
        }
    }
}
