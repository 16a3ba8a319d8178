package kiln.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.op.TupleOp;

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
        boolean[] all = new boolean[graph.outputs().size()];
        Arrays.fill(all, true);
        return vmap(graph, batched, size, all).graph();
    }

    /// A vectorised graph.
    ///
    /// @param graph   the graph
    /// @param batched which outputs have the new axis in front; the others are the same for all
    @SuppressWarnings("ArrayRecordComponent") // never compared: a pair of results of one call
    public record Mapped(Graph graph, boolean[] batched) {}

    /// The graph that maps `graph` over a new axis in front of some parameters.
    ///
    /// @param graph   the function
    /// @param batched which parameters carry the new axis
    /// @param size    its length
    /// @param forced  which outputs get the new axis in front even if they are the same for all
    /// @return the vectorised graph
    public static Mapped vmap(Graph graph, boolean[] batched, int size, boolean[] forced) {
        List<Aval> types = new ArrayList<>();
        for (Node.Parameter p : graph.parameters()) {
            Aval own = p.aval();
            types.add(batched[p.index()] ? own.withShape(Shape.of(size).then(own.shape())) : own);
        }
        boolean[] done = forced.clone();
        Graph mapped = Tracer.build(types, arguments -> results(graph, batched, size, arguments, done));
        return new Mapped(mapped, done);
    }

    /// The body of a loop, vectorised: what goes in with the new axis comes out with it, so that it can go in again.
    ///
    /// @param graph    the function; its first outputs are of the types of its first parameters
    /// @param batched  which parameters carry the new axis; those among the first that get it in the course of the loop are set
    /// @param carries  how many parameters come out again
    /// @param size     length of the new axis
    /// @return the vectorised graph
    public static Mapped loop(Graph graph, boolean[] batched, int carries, int size) {
        while (true) {
            boolean[] forced = new boolean[graph.outputs().size()];
            System.arraycopy(batched, 0, forced, 0, carries);
            Mapped mapped = vmap(graph, batched, size, forced);
            boolean grown = false;
            for (int i = 0; i < carries; i++) {
                grown |= mapped.batched[i] && !batched[i];
                batched[i] = mapped.batched[i];
            }
            if (!grown) {
                return mapped;
            }
        }
    }

    /// {@return an operand with the new axis in front, repeated along it if it had none}
    public static NDArray spread(NDArray x, boolean batched, int size) {
        return batched ? x : Np.broadcastTo(x, Shape.of(size).then(x.shape()));
    }

    private static List<NDArray> results(Graph graph, boolean[] batched, int size, List<NDArray> arguments, boolean[] done) {
        var values = new IdentityHashMap<Node, NDArray>();
        Set<Node> carries = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node.Parameter p : graph.parameters()) {
            values.put(p, arguments.get(p.index()));
            if (batched[p.index()]) {
                carries.add(p);
            }
        }
        for (Node node : graph.nodes()) {
            if (!values.containsKey(node)) {
                apply(node, values, carries, size);
            }
        }
        List<NDArray> out = new ArrayList<>();
        for (int k = 0; k < done.length; k++) {
            Node output = graph.outputs().get(k);
            NDArray y = Objects.requireNonNull(values.get(output));
            out.add(done[k] ? spread(y, carries.contains(output), size) : y);
            done[k] |= carries.contains(output);
        }
        return out;
    }

    private static void apply(Node node, Map<Node, NDArray> values, Set<Node> carries, int size) {
        List<Node> operands = node.operands();
        boolean[] batched = new boolean[operands.size()];
        boolean any = false;
        for (int i = 0; i < batched.length; i++) {
            batched[i] = carries.contains(operands.get(i));
            any |= batched[i];
        }
        if (!any) {
            Graph.evaluate(List.of(node), values);
            return;
        }
        List<NDArray> in = Graph.inputs(node, values);
        switch (node) {
            case Node.Apply a -> {
                values.put(a, a.op().batch(in, batched, size));
                carries.add(a);
            }
            case Node.Result r -> {
                TupleOp.Batched out = r.call().op().batch(in, batched, size);
                Graph.put(r.call(), out.results(), values);
                r.call().results().stream().filter(k -> out.batched()[k.index()]).forEach(carries::add);
            }
            case Node.Parameter _, Node.Constant _ -> {}
        }
    }
}
