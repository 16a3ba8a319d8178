package kiln.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kiln.array.NDArray;
import kiln.op.Elementwise;
import kiln.op.TupleOp;
import org.jspecify.annotations.Nullable;

/// Reverse differentiation of a graph: a sweep forward, which keeps all values, and one back, which adds up cotangents.
///
/// A cotangent that is 0 stays 0 at a pole of a derivative, see [Poles]. The question is asked only behind operations whose derivative is exactly 0
/// somewhere, be they outside of a loop in which the pole is.
final class ReverseSweep implements Node.Visitor {
    private final Graph graph;
    private final List<Node> nodes;
    private final Set<Node> active;
    private final Map<Node, NDArray> values = new IdentityHashMap<>();
    private final Map<Node, NDArray> cotangents = new IdentityHashMap<>();
    /// Nodes whose cotangent may be 0 although the value counts.
    private final Set<Node> hidden = Collections.newSetFromMap(new IdentityHashMap<>());
    /// By the first result in the order of the nodes: in reverse order all users of all results come before it.
    private final Map<Node, TupleOp.Pullback> pullbacks = new IdentityHashMap<>();

    /// @param hiddenOutputs outputs whose cotangents may be 0
    ReverseSweep(Graph graph, List<Integer> wrt, List<Integer> hiddenOutputs) {
        this.graph = graph;
        this.nodes = graph.nodes();
        boolean[] parameters = new boolean[graph.parameters().size()];
        wrt.forEach(w -> parameters[w] = true);
        this.active = graph.reachedNodes(parameters);
        hiddenOutputs.forEach(k -> hidden.add(graph.outputs().get(k)));
        for (Node node : nodes.reversed()) {
            boolean hides = node instanceof Node.Apply a && a.op() instanceof Elementwise e && e.hides();
            if (active.contains(node) && (hides || isHidden(node))) {
                hidden.addAll(node.operands());
            }
        }
    }

    /// Of a call: whether any of its results is hidden.
    private boolean isHidden(Node node) {
        if (!(node instanceof Node.Result r)) {
            return hidden.contains(node);
        }
        for (Node result : r.call().results()) {
            if (hidden.contains(result)) {
                return true;
            }
        }
        return false;
    }

    /// {@return the outputs}
    List<NDArray> forward(List<NDArray> arguments) {
        for (Node.Parameter p : graph.parameters()) {
            values.put(p, arguments.get(p.index()));
        }
        var rest = new Graph.Evaluation(values);
        for (Node node : nodes) {
            if (values.containsKey(node)) {
                continue;
            }
            if (node instanceof Node.Result r && isActive(r.call())) {
                boolean[] flags = new boolean[r.call().inputs().size()];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = active.contains(r.call().inputs().get(i));
                }
                TupleOp.Reverse reverse = r.call().op().vjp(Graph.inputs(r, values), flags, isHidden(r));
                Graph.put(r.call(), reverse.results(), values);
                pullbacks.put(r, reverse.pullback());
            } else {
                node.accept(rest);
            }
        }
        return graph.outputs().stream().map(values::get).toList();
    }

    private boolean isActive(Node.Call call) {
        return call.inputs().stream().anyMatch(active::contains);
    }

    /// Adds the cotangent of an output.
    void seed(int output, NDArray ct) {
        accumulate(graph.outputs().get(output), ct);
    }

    /// Runs back from the seeds.
    void back() {
        for (Node node : nodes.reversed()) {
            node.accept(this);
        }
    }

    @Override
    public void constant(Node.Constant c) {}

    @Override
    public void apply(Node.Apply a) {
        NDArray ct = cotangents.get(a);
        if (ct == null || !active.contains(a)) {
            return;
        }
        List<@Nullable NDArray> parts = a.op().vjp(Graph.inputs(a, values), Objects.requireNonNull(values.get(a)), ct);
        distribute(a, hidden.contains(a) && a.op() instanceof Elementwise e && e.hasPole() ? Poles.cotangents(parts, ct) : parts);
    }

    @Override
    public void result(Node.Result r) {
        TupleOp.Pullback pullback = pullbacks.get(r);
        if (pullback == null) {
            return;
        }
        List<@Nullable NDArray> cts = new ArrayList<>();
        r.call().results().forEach(result -> cts.add(active.contains(result) ? cotangents.get(result) : null));
        if (cts.stream().anyMatch(Objects::nonNull)) {
            distribute(r, pullback.apply(cts));
        }
    }

    private void distribute(Node node, List<@Nullable NDArray> parts) {
        List<Node> operands = node.operands();
        for (int i = 0; i < parts.size(); i++) {
            NDArray part = parts.get(i);
            if (part != null && active.contains(operands.get(i))) {
                accumulate(operands.get(i), part);
            }
        }
    }

    private void accumulate(Node node, NDArray part) {
        NDArray sum = cotangents.get(node);
        cotangents.put(node, sum == null ? part : sum.plus(part));
    }

    /// {@return the cotangent of a parameter; null where it is zero}
    @Nullable NDArray cotangent(int parameter) {
        return cotangents.get(graph.parameters().get(parameter));
    }
}
