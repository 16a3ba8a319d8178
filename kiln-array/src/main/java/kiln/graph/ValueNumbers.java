package kiln.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.op.Op;

/// Which nodes of a traced function compute the same: the same operation on the same operands, or the same numbers.
final class ValueNumbers {
    private final Map<Node, Node> first = new IdentityHashMap<>();
    private final Map<Key, Node> known = new HashMap<>();
    private final Map<Aval, List<Node.Constant>> constants = new HashMap<>();

    private record Key(Op op, List<Node> inputs) {}

    /// Enters a node whose operands were entered before.
    void add(Node node) {
        if (node instanceof Node.Apply a) {
            first.put(node, known.computeIfAbsent(new Key(a.op(), Lists.map(a.inputs(), this::of)), _ -> node));
        } else if (node instanceof Node.Constant c) {
            first.put(node, constant(c));
        }
    }

    private Node constant(Node.Constant c) {
        List<Node.Constant> alike = constants.computeIfAbsent(c.aval(), _ -> new ArrayList<>());
        Dense value = c.value();
        for (Node.Constant other : alike) {
            if (other.value().sameAs(value)) {
                return other;
            }
        }
        alike.add(c);
        return c;
    }

    /// {@return the first node that computes the same; the node itself if it was not entered}
    Node of(Node node) {
        return first.getOrDefault(node, node);
    }
}
