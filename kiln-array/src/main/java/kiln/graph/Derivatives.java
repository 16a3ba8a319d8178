package kiln.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// The derivatives of a graph, as graphs: forward (`jvp`) and reverse (`vjp`).
public final class Derivatives {
    private Derivatives() {}

    /// The graph of the outputs and of the products of a cotangent with the Jacobian.
    ///
    /// ```
    /// (x…, ct…) ↦ (y…, Σₖ ctₖ ∂yₖ/∂x_w for each w in wrt)
    /// ```
    ///
    /// @param graph the function
    /// @param wrt   indices of the parameters to differentiate by; they are floating
    /// @return a graph whose parameters are those of `graph`, then one cotangent per output
    public static Graph vjp(Graph graph, List<Integer> wrt) {
        int n = graph.parameters().size();
        List<Aval> types = new ArrayList<>(graph.parameters().stream().map(Node.Parameter::aval).toList());
        types.addAll(graph.outputs().stream().map(Node::aval).toList());
        return Tracer.build(types, arguments -> {
                    Map<Node, NDArray> values = graph.values(arguments.subList(0, n));
                    Map<Node, NDArray> cotangents = reverse(graph, wrt, values, arguments.subList(n, arguments.size()));
                    List<NDArray> results = new ArrayList<>(graph.outputs().stream().map(values::get).toList());
                    for (int w : wrt) {
                        NDArray ct = cotangents.get(graph.parameters().get(w));
                        results.add(ct == null ? Np.zerosLike(arguments.get(w)) : ct);
                    }
                    return results;
                })
                .graph();
    }

    /// The graph of a scalar and its gradient by all parameters, `(x…) ↦ (y, ∂y/∂x…)`.
    ///
    /// @param graph a function with one output, a floating scalar, and floating parameters
    public static Graph valueAndGrad(Graph graph) {
        List<Integer> all = IntStream.range(0, graph.parameters().size()).boxed().toList();
        Graph reverse = vjp(graph, all);
        Node output = graph.outputs().getFirst();
        return Tracer.build(graph.parameters().stream().map(Node.Parameter::aval).toList(), arguments -> {
                    List<NDArray> withSeed = new ArrayList<>(arguments);
                    withSeed.add(Np.full(output.aval().shape(), 1, output.aval().dtype()));
                    return reverse.call(withSeed);
                })
                .graph();
    }

    private static Map<Node, NDArray> reverse(
            Graph graph, List<Integer> wrt, Map<Node, NDArray> values, List<NDArray> seeds) {
        var active = new IdentityHashMap<Node, Boolean>();
        for (int w : wrt) {
            active.put(graph.parameters().get(w), true);
        }
        List<Node> nodes = graph.nodes();
        for (Node node : nodes) {
            if (node instanceof Node.Apply a && a.inputs().stream().anyMatch(active::containsKey)) {
                active.put(node, true);
            }
        }
        var cotangents = new IdentityHashMap<Node, NDArray>();
        for (int k = 0; k < seeds.size(); k++) {
            accumulate(cotangents, graph.outputs().get(k), seeds.get(k));
        }
        for (Node node : nodes.reversed()) {
            NDArray ct = cotangents.get(node);
            if (ct == null || !active.containsKey(node) || !(node instanceof Node.Apply a)) {
                continue;
            }
            List<NDArray> x = a.inputs().stream().map(values::get).toList();
            List<@Nullable NDArray> parts = a.op().vjp(x, value(values, node), ct);
            for (int i = 0; i < parts.size(); i++) {
                NDArray part = parts.get(i);
                if (part != null && active.containsKey(a.inputs().get(i))) {
                    accumulate(cotangents, a.inputs().get(i), part);
                }
            }
        }
        return cotangents;
    }

    private static void accumulate(Map<Node, NDArray> cotangents, Node node, NDArray part) {
        NDArray sum = cotangents.get(node);
        cotangents.put(node, sum == null ? part : sum.plus(part));
    }

    /// The graph of the outputs and of their derivatives in a direction.
    ///
    /// ```
    /// (x…, dx…) ↦ (y…, Σ_w ∂y/∂x_w · dx_w)
    /// ```
    ///
    /// @param graph the function
    /// @param wrt   indices of the parameters that have a tangent
    /// @return a graph whose parameters are those of `graph`, then one tangent per index
    public static Graph jvp(Graph graph, List<Integer> wrt) {
        int n = graph.parameters().size();
        List<Aval> types = new ArrayList<>(graph.parameters().stream().map(Node.Parameter::aval).toList());
        for (int w : wrt) {
            types.add(graph.parameters().get(w).aval());
        }
        return Tracer.build(types, arguments -> {
                    Map<Node, NDArray> values = graph.values(arguments.subList(0, n));
                    var tangents = new IdentityHashMap<Node, NDArray>();
                    for (int k = 0; k < wrt.size(); k++) {
                        tangents.put(graph.parameters().get(wrt.get(k)), arguments.get(n + k));
                    }
                    for (Node node : graph.nodes()) {
                        if (node instanceof Node.Apply a && a.inputs().stream().anyMatch(tangents::containsKey)) {
                            List<NDArray> x = a.inputs().stream().map(values::get).toList();
                            List<@Nullable NDArray> dx = new ArrayList<>();
                            a.inputs().forEach(i -> dx.add(tangents.get(i)));
                            NDArray dy = a.op().jvp(x, value(values, node), dx);
                            if (dy != null) {
                                tangents.put(node, dy);
                            }
                        }
                    }
                    List<NDArray> results = new ArrayList<>(graph.outputs().stream().map(values::get).toList());
                    for (Node output : graph.outputs()) {
                        NDArray dy = tangents.get(output);
                        results.add(dy == null ? Np.zerosLike(value(values, output)) : dy);
                    }
                    return results;
                })
                .graph();
    }

    private static NDArray value(Map<Node, NDArray> values, Node node) {
        return java.util.Objects.requireNonNull(values.get(node));
    }
}
