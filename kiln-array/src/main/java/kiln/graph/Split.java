package kiln.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import kiln.array.Aval;
import kiln.array.NDArray;

/// A graph cut in two: what can be computed from the first parameters, and the rest, with the values that cross the cut.
///
/// A reverse derivative is cut where its cotangents come in; the first part then runs in the forward sweep, the second in the
/// sweep back. Values that are not worth storing are computed in both parts.
///
/// @param stored     the values of the first part that the second takes from there
/// @param parameters the parameters of the first part that the second needs as well, in order
/// @param second     the second part: (those parameters…, stored…, late parameters…) ↦ the outputs asked for
public record Split(List<Node> stored, List<Node.Parameter> parameters, Graph second) {
    /// Cuts a graph.
    ///
    /// @param graph   the graph; its outputs from `first` on are what the second part computes
    /// @param early   how many parameters are known in the first part; the others are late
    /// @param first   how many outputs, from the front, belong to the first part
    /// @param storing which values of the first part are stored rather than computed again
    public static Split of(Graph graph, int early, int first, Predicate<Node> storing) {
        List<Node> results = graph.outputs().subList(first, graph.outputs().size());
        List<Node> order = new Graph(graph.parameters(), results).nodes();
        Set<Node> late = Collections.newSetFromMap(new IdentityHashMap<>());
        graph.parameters().stream().filter(p -> p.index() >= early).forEach(late::add);
        for (Node node : order) {
            if (node.operands().stream().anyMatch(late::contains)) {
                late.add(node);
            }
        }
        Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.addAll(results);
        List<Node> stored = new ArrayList<>();
        List<Node> computed = new ArrayList<>();
        for (Node node : order.reversed()) {
            if (!needed.contains(node)) {
                continue;
            }
            if (!late.contains(node) && storing.test(node)) {
                stored.add(node);
            } else {
                computed.add(node);
                needed.addAll(node.operands());
            }
        }
        List<Node.Parameter> kept =
                graph.parameters().stream().filter(p -> p.index() < early && needed.contains(p)).toList();
        List<Node> inputs = new ArrayList<>(kept);
        inputs.addAll(stored);
        inputs.addAll(graph.parameters().subList(early, graph.parameters().size()));
        List<Aval> types = Node.types(inputs);
        Graph second = Tracer.build(types, arguments -> {
                    Map<Node, NDArray> values = new IdentityHashMap<>();
                    for (int i = 0; i < inputs.size(); i++) {
                        values.put(inputs.get(i), arguments.get(i));
                    }
                    Graph.evaluate(computed.reversed(), values);
                    return results.stream().map(values::get).toList();
                });
        return new Split(stored, kept, second);
    }
}
