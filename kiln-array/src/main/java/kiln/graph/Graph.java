package kiln.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.op.Bind;
import org.jspecify.annotations.Nullable;

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
        return nodes(outputs, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /// {@return the nodes that some outputs need beyond those seen already, operands first; arguments are not among them}
    ///
    /// @param seen nodes to leave out; gets the returned ones
    static List<Node> nodes(List<Node> outputs, Set<Node> seen) {
        var order = new ArrayList<Node>();
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
                List<Node> operands = node.operands();
                for (int i = operands.size() - 1; i >= 0; i--) {
                    if (!seen.contains(operands.get(i))) {
                        stack.add(operands.get(i));
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
        return results(nodes(), bound(arguments));
    }

    /// {@return the types of the outputs, strong}
    public List<Aval> outputTypes() {
        return outputs.stream().map(n -> new Aval(n.aval().dtype(), n.aval().shape())).toList();
    }

    /// {@return the outputs for known arguments, with strong types}
    public List<Dense> eval(List<Dense> arguments) {
        List<NDArray> out = call(List.copyOf(arguments));
        List<Aval> types = outputTypes();
        return IntStream.range(0, out.size())
                .mapToObj(k -> Dense.of(types.get(k), out.get(k).known().storage()))
                .toList();
    }

    /// Runs the graph where the arguments that it does not need are null.
    ///
    /// @param arguments one per parameter
    /// @return one value per output
    public List<NDArray> callPartially(List<@Nullable NDArray> arguments) {
        var values = new IdentityHashMap<Node, NDArray>();
        for (int i = 0; i < parameters.size(); i++) {
            NDArray x = arguments.get(i);
            if (x != null) {
                values.put(parameters.get(i), x);
            }
        }
        return results(nodes(), values);
    }

    /// {@return the graph as a function that is run many times on known arguments: the order of the nodes is found once}
    public UnaryOperator<List<NDArray>> function() {
        List<Node> order = nodes();
        List<List<Node>> done = lastUses(order);
        return arguments -> results(order, done, bound(arguments));
    }

    /// Computes the outputs. Known values are let go after their last use, so that a program of hundreds of operations on large arrays
    /// holds a few of them at a time; traced ones are no more than nodes.
    private List<NDArray> results(List<Node> order, Map<Node, NDArray> values) {
        boolean known = values.values().stream().allMatch(NDArray::isKnown);
        return results(order, known ? lastUses(order) : Collections.nCopies(order.size(), List.of()), values);
    }

    private List<NDArray> results(List<Node> order, List<List<Node>> done, Map<Node, NDArray> values) {
        var evaluation = new Evaluation(values);
        for (int i = 0; i < order.size(); i++) {
            if (!values.containsKey(order.get(i))) {
                order.get(i).accept(evaluation);
            }
            for (Node node : done.get(i)) {
                values.remove(node);
            }
        }
        return outputs.stream().map(values::get).toList();
    }

    /// {@return for each node of an order the operands that no later one and no output needs}
    private List<List<Node>> lastUses(List<Node> order) {
        Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.addAll(outputs);
        List<List<Node>> done = new ArrayList<>();
        for (Node node : order.reversed()) {
            done.add(node.operands().stream().filter(needed::add).toList());
        }
        return done.reversed();
    }

    private Map<Node, NDArray> bound(List<NDArray> arguments) {
        var values = new IdentityHashMap<Node, NDArray>();
        for (int i = 0; i < parameters.size(); i++) {
            values.put(parameters.get(i), arguments.get(i));
        }
        return values;
    }

    /// Computes the nodes of a list that have no value yet; operands come first.
    static void evaluate(List<Node> order, Map<Node, NDArray> values) {
        var evaluation = new Evaluation(values);
        for (Node node : order) {
            if (values.containsKey(node)) {
                continue;
            }
            node.accept(evaluation);
        }
    }

    /// Computes one node whose operands have values.
    record Evaluation(Map<Node, NDArray> values) implements Node.Visitor {
        @Override
        public void constant(Node.Constant c) {
            values.put(c, c.value());
        }

        @Override
        public void apply(Node.Apply a) {
            values.put(a, Bind.apply(a.op(), inputs(a, values)));
        }

        @Override
        public void result(Node.Result r) {
            put(r.call(), Bind.apply(r.call().op(), inputs(r, values)), values);
        }
    }

    /// {@return the values of the operands of a node}
    static List<NDArray> inputs(Node node, Map<Node, NDArray> values) {
        return Lists.map(node.operands(), in -> Objects.requireNonNull(values.get(in)));
    }

    /// Stores the results of an operation with several.
    static void put(Node.Call call, List<NDArray> results, Map<Node, NDArray> values) {
        for (int k = 0; k < results.size(); k++) {
            values.put(call.results().get(k), results.get(k));
        }
    }

    /// Which outputs depend on some of the parameters through floating values only: those that have a derivative by them.
    ///
    /// @param active one per parameter
    /// @return one per output
    public boolean[] reached(boolean[] active) {
        Set<Node> reached = reachedNodes(active);
        boolean[] out = new boolean[outputs.size()];
        for (int k = 0; k < out.length; k++) {
            out[k] = reached.contains(outputs.get(k));
        }
        return out;
    }

    /// {@return the floating nodes that depend on the active parameters through floating values}
    Set<Node> reachedNodes(boolean[] active) {
        Set<Node> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node.Parameter p : parameters) {
            if (active[p.index()] && p.aval().dtype().isFloating()) {
                reached.add(p);
            }
        }
        for (Node node : nodes()) {
            if (node.aval().dtype().isFloating() && anyIn(node.operands(), reached)) {
                reached.add(node);
            }
        }
        return reached;
    }

    private static boolean anyIn(List<Node> nodes, Set<Node> set) {
        for (Node node : nodes) {
            if (set.contains(node)) {
                return true;
            }
        }
        return false;
    }

    /// {@return which parameters some of the outputs need}
    ///
    /// @param used one per output
    public boolean[] needed(boolean[] used) {
        List<Node> kept = new ArrayList<>();
        for (int k = 0; k < used.length; k++) {
            if (used[k]) {
                kept.add(outputs.get(k));
            }
        }
        var part = new Graph(parameters, kept);
        boolean[] needed = new boolean[parameters.size()];
        for (Node output : kept) {
            mark(output, needed);
        }
        for (Node node : part.nodes()) {
            node.operands().forEach(in -> mark(in, needed));
        }
        return needed;
    }

    private static void mark(Node node, boolean[] needed) {
        if (node instanceof Node.Parameter p) {
            needed[p.index()] = true;
        }
    }

    /// Checks every node against the type rule of its operation.
    ///
    /// @throws IllegalStateException if a node has another type than its operation gives
    public void verify() {
        for (Node node : nodes()) {
            List<Aval> in = Node.types(node.operands());
            Aval expected = switch (node) {
                case Node.Apply a -> a.op().type(in);
                case Node.Result r -> r.call().op().types(in).get(r.index());
                case Node.Parameter _, Node.Constant _ -> node.aval();
            };
            if (!expected.shape().equals(node.aval().shape()) || expected.dtype() != node.aval().dtype()) {
                throw new IllegalStateException(
                        "graph: " + label(node) + " gives " + expected + " but is recorded as " + node.aval() + "\n" + this);
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
                case Node.Apply _, Node.Result _ -> {
                    String name = "v" + next++;
                    names.put(node, name);
                    text.append("  ").append(name).append(": ").append(node.aval()).append(" = ").append(label(node));
                    text.append(node.operands().stream().map(names::get).toList()).append('\n');
                }
                case Node.Parameter _ -> {}
            }
        }
        return text.append("  → ").append(outputs.stream().map(names::get).toList()).toString();
    }

    private static String label(Node node) {
        return switch (node) {
            case Node.Apply a -> a.op().toString();
            case Node.Result r -> r.call().op().label() + "#" + r.index();
            case Node.Parameter p -> "p" + p.index();
            case Node.Constant _ -> "constant";
        };
    }
}
