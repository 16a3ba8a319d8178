package kiln.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.op.Bind;

/// The vectorised form of a graph: the same function applied to every slice along a new leading axis, all at once.
public final class Vectorization {
    private Vectorization() {}

    /// The graph that maps `graph` over a new axis in front of some parameters; every output gets the new axis in front.
    ///
    /// @param graph   the function
    /// @param batched which parameters carry the new axis; at least one
    /// @param size    its length
    /// @return the vectorised graph
    public static Graph vmap(Graph graph, boolean[] batched, int size) {
        List<Aval> types = new ArrayList<>();
        for (Node.Parameter p : graph.parameters()) {
            Aval own = p.aval();
            types.add(batched[p.index()] ? own.withShape(Shape.of(size).then(own.shape())) : own);
        }
        return Tracer.build(types, arguments -> results(graph, batched, size, arguments)).graph();
    }

    private static List<NDArray> results(Graph graph, boolean[] batched, int size, List<NDArray> arguments) {
        var values = new IdentityHashMap<Node, NDArray>();
        var carries = new IdentityHashMap<Node, Boolean>();
        for (Node.Parameter p : graph.parameters()) {
            values.put(p, arguments.get(p.index()));
            carries.put(p, batched[p.index()]);
        }
        for (Node node : graph.nodes()) {
            switch (node) {
                case Node.Constant c -> values.put(node, c.value());
                case Node.Apply a -> apply(a, values, carries, size);
                case Node.Parameter _ -> {}
            }
        }
        List<NDArray> out = new ArrayList<>();
        for (Node output : graph.outputs()) {
            NDArray y = Objects.requireNonNull(values.get(output));
            boolean done = carries.getOrDefault(output, false);
            out.add(done ? y : Np.broadcastTo(y, Shape.of(size).then(y.shape())));
        }
        return out;
    }

    private static void apply(Node.Apply a, Map<Node, NDArray> values, Map<Node, Boolean> carries, int size) {
        List<NDArray> in = a.inputs().stream().map(values::get).toList();
        boolean[] batched = new boolean[in.size()];
        boolean any = false;
        for (int i = 0; i < batched.length; i++) {
            batched[i] = carries.getOrDefault(a.inputs().get(i), false);
            any |= batched[i];
        }
        values.put(a, any ? a.op().batch(in, batched, size) : Bind.apply(a.op(), in));
        carries.put(a, any);
    }
}
