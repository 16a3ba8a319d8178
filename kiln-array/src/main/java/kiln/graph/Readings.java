package kiln.graph;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.TracedValueException;
import kiln.array.UserCode;
import kiln.op.Round;
import kiln.op.Sign;

/// The numbers behind a trace: computed for the values that are read, and only when they are.
final class Readings {
    private final List<NDArray> arguments;
    private final BiConsumer<Guard, Traced> onRead;
    private final Map<Node, NDArray> values = new IdentityHashMap<>();
    private final Set<Node> computed = Collections.newSetFromMap(new IdentityHashMap<>());

    Readings(List<NDArray> arguments, BiConsumer<Guard, Traced> onRead) {
        this.arguments = arguments;
        this.onRead = onRead;
    }

    /// Reads a value: computes it at the arguments and reports it.
    ///
    /// At arguments that an outer trace is tracing, it is computed in that trace and read there.
    ///
    /// @param parameters the parameters of the trace so far: its own, then those of captured values
    /// @param captured   the captured values
    Dense read(Traced value, List<Node.Parameter> parameters, List<NDArray> captured) {
        refuseContinuous(value);
        for (Node.Parameter p : parameters) {
            int own = p.index();
            values.put(p, own < arguments.size() ? arguments.get(own) : captured.get(own - arguments.size()));
        }
        Graph.evaluate(Graph.nodes(List.of(value.node()), computed), values);
        Dense known = Objects.requireNonNull(values.get(value.node())).known();
        onRead.accept(new Guard(value.node(), known, new UserCode.Place()), value);
        return known;
    }

    /// Refuses a value that changes with every change of the arguments: a path for each of its values would never end, and the
    /// derivative by it would be lost.
    private static void refuseContinuous(Traced value) {
        String purpose = value.tracer().purpose();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(List.of(value.node()));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!node.aval().dtype().isFloating() || !seen.add(node) || isStep(node)) {
                continue;
            }
            if (node instanceof Node.Parameter) {
                throw new TracedValueException(
                        new Diagnosis("reading a traced value", "it is continuous, and " + purpose + " can follow a branch only on a condition")
                                .got(value.toString())
                                .at(UserCode.line())
                                .fix("branch on the condition, if (x.gt(0).isTrue()), or choose both ways with where(condition, a, b)."),
                        value);
            }
            open.addAll(node.operands());
        }
    }

    private static boolean isStep(Node node) {
        return node instanceof Node.Apply a && (a.op() instanceof Round || a.op() instanceof Sign);
    }
}
