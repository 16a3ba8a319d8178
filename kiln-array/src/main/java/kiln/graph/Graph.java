package kiln.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.op.Bind;

/// A traced function: operations in an order in which operands come before their use.
///
/// @param parameters the arguments, in order
/// @param outputs    the results, in order
public record Graph(List<Node.Parameter> parameters, List<Node> outputs) {
    /// A graph over copies of the lists.
    public Graph {
        parameters = List.copyOf(parameters);
        outputs = List.copyOf(outputs);
    }

    /// {@return the nodes that the outputs need, operands first; arguments are not among them}
    public List<Node> nodes() {
        var order = new ArrayList<Node>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        // An explicit stack: graphs of unrolled loops are deeper than Java's call stack.
        var stack = new ArrayList<Node>();
        for (Node output : outputs) {
            stack.add(output);
            while (!stack.isEmpty()) {
                Node node = stack.getLast();
                if (seen.contains(node)) {
                    stack.removeLast();
                    continue;
                }
                int pending = stack.size();
                if (node instanceof Node.Apply a) {
                    for (int i = a.inputs().size() - 1; i >= 0; i--) {
                        if (!seen.contains(a.inputs().get(i))) {
                            stack.add(a.inputs().get(i));
                        }
                    }
                }
                if (stack.size() == pending) {
                    stack.removeLast();
                    seen.add(node);
                    if (!(node instanceof Node.Parameter)) {
                        order.add(node);
                    }
                }
            }
        }
        return order;
    }

    /// Runs the graph: computes it on known arguments (the interpreter), or copies it into the trace of traced arguments.
    ///
    /// @param arguments one per parameter, of its type
    /// @return one value per output
    public List<NDArray> call(List<NDArray> arguments) {
        Map<Node, NDArray> values = values(arguments);
        return outputs.stream().map(values::get).toList();
    }

    /// Runs the graph and keeps the value of every node.
    Map<Node, NDArray> values(List<NDArray> arguments) {
        var values = new IdentityHashMap<Node, NDArray>();
        for (int i = 0; i < parameters.size(); i++) {
            values.put(parameters.get(i), arguments.get(i));
        }
        for (Node node : nodes()) {
            switch (node) {
                case Node.Constant c -> values.put(node, c.value());
                case Node.Apply a -> values.put(node, Bind.apply(a.op(), a.inputs().stream().map(values::get).toList()));
                case Node.Parameter _ -> {}
            }
        }
        return values;
    }

    /// Checks every node against the type rule of its operation.
    ///
    /// @throws IllegalStateException if a node has another type than its operation gives
    public void verify() {
        for (Node node : nodes()) {
            if (node instanceof Node.Apply a) {
                Aval expected = a.op().type(a.inputs().stream().map(Node::aval).toList());
                if (!expected.shape().equals(a.aval().shape()) || expected.dtype() != a.aval().dtype()) {
                    throw new IllegalStateException(
                            "graph: " + a.op() + " gives " + expected + " but is recorded as " + a.aval() + "\n" + this);
                }
            }
        }
    }

    /// {@return the graph as text, one operation a line}
    @Override
    public String toString() {
        var names = new IdentityHashMap<Node, String>();
        var text = new StringBuilder("(");
        for (Node.Parameter p : parameters) {
            names.put(p, "p" + p.index());
            text.append(p.index() == 0 ? "" : ", ").append(names.get(p)).append(": ").append(p.aval());
        }
        text.append(")\n");
        int next = 0;
        for (Node node : nodes()) {
            switch (node) {
                case Node.Constant c -> names.put(node, c.aval().shape().rank() == 0 ? c.value().toString() : c.aval().toString());
                case Node.Apply a -> {
                    String name = "v" + next++;
                    names.put(node, name);
                    text.append("  ").append(name).append(": ").append(a.aval()).append(" = ").append(a.op());
                    text.append(a.inputs().stream().map(names::get).toList()).append('\n');
                }
                case Node.Parameter _ -> {}
            }
        }
        return text.append("  → ").append(outputs.stream().map(names::get).toList()).toString();
    }
}
