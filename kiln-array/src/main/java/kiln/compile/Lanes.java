package kiln.compile;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.op.Concatenate;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.Scan;

/// The same program for several arguments at a time: a copy of every operation for each, but one loop for all copies of a recursion.
///
/// ```
/// for each step t:   lane 0: state ← body(state, x[t]);   lane 1: state ← body(state, x[t]);   …
/// ```
///
/// In a scan over scalars every operation waits for the one before: a processor that could do eight multiplications at a time does one every four
/// cycles. The lanes do not wait for each other, so that a loop with the states of eight takes little more time than with one. What is no
/// recursion stays as it is, lane after lane: loops over data are vector code, and scalar code in between has enough to do at a time.
///
/// The graph is the one that code is generated from, with its small arrays taken apart and its terms in their order, and it is not simplified
/// again: operation by operation a lane has what the program of one argument has, and so has every bit.
final class Lanes implements Node.Visitor {
    private final int lanes;
    private final Options options;
    private final Map<Node, Node[]> copies = new IdentityHashMap<>();
    private final Map<Node, Integer> lane = new IdentityHashMap<>();
    private boolean joined;

    private Lanes(int lanes, Options options) {
        this.lanes = lanes;
        this.options = options;
    }

    /// {@return the plan of all lanes; empty if it has no recursion to share, or the loop would be too long for one method}
    ///
    /// The parameters of its graph are the first one of each lane, the second of each, …, and so are its outputs.
    ///
    /// @param graph   a graph as code is generated from
    /// @param options with which the bodies of its scans are compiled
    static Optional<Plan> of(Graph graph, int lanes, Options options) {
        var wide = new Lanes(lanes, options);
        List<Node.Parameter> parameters = new ArrayList<>();
        for (Node.Parameter p : graph.parameters()) {
            Node[] own = new Node[lanes];
            for (int k = 0; k < lanes; k++) {
                var copy = new Node.Parameter(parameters.size(), p.aval());
                parameters.add(copy);
                own[k] = copy;
            }
            wide.copies.put(p, own);
        }
        for (Node node : graph.nodes()) {
            node.accept(wide);
        }
        return wide.joined ? Optional.of(Plan.of(new Graph(parameters, wide.all(graph.outputs())), wide.lane)) : Optional.empty();
    }

    private Node copy(Node node, int lane) {
        Node[] own = Objects.requireNonNull(copies.get(node));
        return own[own.length == 1 ? 0 : lane];
    }

    private List<Node> copies(List<? extends Node> nodes, int lane) {
        return nodes.stream().map(x -> copy(x, lane)).toList();
    }

    /// The first node of each lane, the second of each, …
    private List<Node> all(List<Node> nodes) {
        return nodes.stream().flatMap(x -> IntStream.range(0, lanes).mapToObj(k -> copy(x, k))).toList();
    }

    /// Whether a value is the same for all lanes, and computed once.
    private boolean isCommon(Node node) {
        return Objects.requireNonNull(copies.get(node)).length == 1;
    }

    @Override
    public void constant(Node.Constant c) {
        copies.put(c, new Node[] {c});
    }

    @Override
    public void apply(Node.Apply a) {
        Node[] own = new Node[a.inputs().stream().allMatch(this::isCommon) ? 1 : lanes];
        for (int k = 0; k < own.length; k++) {
            own[k] = new Node.Apply(a.op(), copies(a.inputs(), k), a.aval(), a.origin());
            lane.put(own[k], k);
        }
        copies.put(a, own);
    }

    @Override
    public void result(Node.Result r) {
        if (copies.containsKey(r)) {
            return;
        }
        Node.Call call = r.call();
        boolean common = call.inputs().stream().allMatch(this::isCommon);
        if (!common && call.op() instanceof Scan scan && share(scan, call)) {
            joined = true;
            return;
        }
        Node[][] own = new Node[call.results().size()][common ? 1 : lanes];
        for (int k = 0; k < own[0].length; k++) {
            var copy = new Node.Call(call.op(), copies(call.inputs(), k), Node.types(call.results()), call.origin());
            for (int i = 0; i < own.length; i++) {
                own[i][k] = copy.results().get(i);
            }
        }
        for (int i = 0; i < own.length; i++) {
            copies.put(call.results().get(i), own[i]);
        }
    }

    /// Makes one scan of those of all lanes; false if its body is no scalar code, or too much of it.
    private boolean share(Scan scan, Node.Call call) {
        Optional<Graph> body = ScalarLoop.body(scan, options);
        if (body.isEmpty()) {
            return false;
        }
        var inner = new Lanes(lanes, options);
        List<Node.Parameter> parameters = new ArrayList<>();
        List<Node> operands = new ArrayList<>();
        int[] counts = new int[2];
        for (int i = 0; i < call.inputs().size(); i++) {
            Node in = call.inputs().get(i);
            // A carry differs from lane to lane after the first step, whatever it begins with.
            Node[] own = new Node[i >= scan.carries() && isCommon(in) ? 1 : lanes];
            for (int k = 0; k < own.length; k++) {
                var p = new Node.Parameter(parameters.size(), scan.body().parameters().get(i).aval());
                parameters.add(p);
                operands.add(copy(in, k));
                own[k] = p;
            }
            inner.copies.put(body.get().parameters().get(i), own);
            counts[0] += i < scan.carries() ? own.length : 0;
            counts[1] += i >= scan.carries() && i < scan.carries() + scan.reads() ? own.length : 0;
        }
        for (Node node : body.get().nodes()) {
            node.accept(inner);
        }
        List<Node> outputs = new ArrayList<>();
        int from = 0;
        for (Node out : scan.body().outputs()) {
            List<Node> elements = body.get().outputs().subList(from, from + out.aval().shape().size());
            for (int k = 0; k < lanes; k++) {
                outputs.add(together(inner.copies(elements, k), out.aval().shape()));
            }
            from += elements.size();
        }
        var shared = new Scan(new Graph(parameters, outputs), counts[0], counts[1], scan.length(), scan.reverse(), scan.recompute());
        if (ScalarLoop.body(shared, Options.FINAL).isEmpty()) {
            return false;
        }
        var wide = new Node.Call(shared, operands, shared.types(Node.types(operands)), call.origin());
        for (Node.Result r : call.results()) {
            copies.put(r, wide.results().subList(r.index() * lanes, (r.index() + 1) * lanes).toArray(Node[]::new));
        }
        return true;
    }

    /// An array of elements, which [SmallArrays] takes apart again: a scan's results are arrays.
    private static Node together(List<Node> elements, Shape shape) {
        if (shape.rank() == 0) {
            return elements.getFirst();
        }
        List<Node> rows = elements.stream().map(x -> apply(new Reshape(Shape.of(1)), List.of(x))).toList();
        return apply(new Reshape(shape), List.of(rows.size() == 1 ? rows.getFirst() : apply(new Concatenate(0), rows)));
    }

    private static Node apply(Op op, List<Node> in) {
        return new Node.Apply(op, in, op.type(Node.types(in)), null);
    }
}
