package kiln.infer.enumeration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Tracer;
import kiln.op.Bind;
import kiln.op.Elementwise;
import kiln.op.Scan;

/// Moves what is done element by element with the results of a scan into its steps: masks, scales and Jacobians that the handlers
/// around the scan apply to the log densities of all steps at once.
///
/// ```
/// g(scan(body), m)   becomes   scan(step ↦ g(body(step), m[step]))
/// ```
///
/// Then every factor of the steps is a result of the scan itself, which is how [Chain] finds them.
final class Absorption {
    private final Graph graph;
    private final Node.Call call;
    private final Scan scan;
    /// What depends on the scan, and of it what can be made in the steps.
    private final Set<Node> behind = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> inSteps = Collections.newSetFromMap(new IdentityHashMap<>());
    /// The outputs of the graph that are made in the steps.
    private final Set<Node> moved = Collections.newSetFromMap(new IdentityHashMap<>());
    /// What they need from outside, a slice for each step.
    private final List<Node> outside = new ArrayList<>();

    private Absorption(Graph graph, Node.Call call, Scan scan) {
        this.graph = graph;
        this.call = call;
        this.scan = scan;
        for (Node node : graph.nodes()) {
            List<Node> from = node.operands().stream().filter(behind::contains).toList();
            if (node instanceof Node.Result r && r.call() == call) {
                behind.add(node);
                if (r.index() >= scan.carries()) {
                    inSteps.add(node);
                }
            } else if (!from.isEmpty()) {
                behind.add(node);
                if (node instanceof Node.Apply a && a.op() instanceof Elementwise && inSteps.containsAll(from)) {
                    inSteps.add(node);
                }
            }
        }
        for (Node output : graph.outputs()) {
            if (output instanceof Node.Apply && inSteps.contains(output)) {
                moved.add(output);
            }
        }
        for (Node node : new Graph(graph.parameters(), List.copyOf(moved)).nodes()) {
            if (node instanceof Node.Apply && inSteps.contains(node)) {
                node.operands().stream()
                        .filter(x -> !behind.contains(x) && read(x) < 0 && !outside.contains(x))
                        .forEach(outside::add);
            }
        }
    }

    /// {@return the graph with the same outputs}
    ///
    /// @param graph from values of sites to factors
    static Graph of(Graph graph) {
        List<Node.Call> scans = graph.nodes().stream()
                .filter(x -> x instanceof Node.Result r && r.call().op() instanceof Scan)
                .map(x -> ((Node.Result) x).call())
                .distinct()
                .toList();
        for (Node.Call call : scans) {
            var absorption = new Absorption(graph, call, (Scan) call.op());
            if (!absorption.moved.isEmpty()) {
                // One scan less whose factors are made outside of it.
                return of(absorption.rewritten());
            }
        }
        return graph;
    }

    /// {@return the parameter of a step that reads an array already, or −1}
    private int read(Node x) {
        int at = call.inputs().subList(scan.carries(), scan.carries() + scan.reads()).indexOf(x);
        return at < 0 ? -1 : scan.carries() + at;
    }

    private Graph rewritten() {
        List<Node> outputs = graph.outputs().stream().filter(moved::contains).distinct().toList();
        // What is needed from outside does not depend on the scan; named first, it comes first.
        List<Node> wanted = new ArrayList<>(outside);
        wanted.addAll(graph.outputs());
        Map<Node, Node> now = new IdentityHashMap<>();
        graph.parameters().forEach(p -> now.put(p, p));
        for (Node node : new Graph(graph.parameters(), wanted).nodes()) {
            switch (node) {
                case Node.Constant c -> now.put(c, c);
                case Node.Apply a -> {
                    if (!moved.contains(a)) {
                        now.put(a, new Node.Apply(a.op(), all(a.inputs(), now), a.aval(), a.origin()));
                    }
                }
                case Node.Result r when now.containsKey(r) -> {}
                case Node.Result r when r.call() == call -> {
                    Node.Call made = made(outputs, now);
                    call.results().forEach(x -> now.put(x, made.results().get(x.index())));
                    for (int k = 0; k < outputs.size(); k++) {
                        now.put(outputs.get(k), made.results().get(call.results().size() + k));
                    }
                }
                case Node.Result r -> {
                    Node.Call old = r.call();
                    List<Aval> types = old.results().stream().map(Node::aval).toList();
                    var copy = new Node.Call(old.op(), all(old.inputs(), now), types, old.origin());
                    old.results().forEach(x -> now.put(x, copy.results().get(x.index())));
                }
                case Node.Parameter _ -> {}
            }
        }
        return new Graph(graph.parameters(), all(graph.outputs(), now));
    }

    private static List<Node> all(List<Node> nodes, Map<Node, Node> now) {
        return nodes.stream().map(x -> Objects.requireNonNull(now.get(x))).toList();
    }

    private Node.Call made(List<Node> outputs, Map<Node, Node> now) {
        int own = scan.carries() + scan.reads();
        List<Node> inputs = new ArrayList<>(all(call.inputs().subList(0, own), now));
        inputs.addAll(all(outside, now));
        inputs.addAll(all(call.inputs().subList(own, call.inputs().size()), now));
        List<Aval> types = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            Aval all = inputs.get(k).aval();
            boolean isSlice = k >= scan.carries() && k < own + outside.size();
            Shape shape = isSlice ? all.shape().slice(1, all.shape().rank()) : all.shape();
            types.add(new Aval(all.dtype(), shape, all.weak()));
        }
        Graph body = Tracer.build(types, x -> {
                    List<NDArray> given = new ArrayList<>(x.subList(0, own));
                    given.addAll(x.subList(own + outside.size(), x.size()));
                    List<NDArray> out = new ArrayList<>(scan.body().call(given));
                    Map<Node, NDArray> values = new IdentityHashMap<>();
                    call.results().stream().filter(r -> r.index() >= scan.carries()).forEach(r -> values.put(r, out.get(r.index())));
                    for (int k = scan.carries(); k < own; k++) {
                        values.put(call.inputs().get(k), x.get(k));
                    }
                    for (int k = 0; k < outside.size(); k++) {
                        values.put(outside.get(k), x.get(own + k));
                    }
                    for (Node node : new Graph(graph.parameters(), outputs).nodes()) {
                        if (node instanceof Node.Apply a && inSteps.contains(a)) {
                            values.put(a, Bind.apply(a.op(), a.inputs().stream().map(y -> Objects.requireNonNull(values.get(y))).toList()));
                        }
                    }
                    outputs.forEach(y -> out.add(Objects.requireNonNull(values.get(y))));
                    return out;
                });
        var op = new Scan(body, scan.carries(), scan.reads() + outside.size(), scan.length(), scan.reverse(), scan.recompute());
        return new Node.Call(op, inputs, op.types(inputs.stream().map(Node::aval).toList()), call.origin());
    }
}
