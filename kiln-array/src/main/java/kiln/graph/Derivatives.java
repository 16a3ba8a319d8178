package kiln.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.op.Elementwise;
import kiln.op.TupleOp;
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
        return vjp(graph, wrt, IntStream.range(0, graph.outputs().size()).boxed().toList());
    }

    /// The graph of the outputs and of the products of a cotangent of some outputs with the Jacobian.
    ///
    /// @param graph  the function
    /// @param wrt    indices of the parameters to differentiate by; they are floating
    /// @param seeded indices of the outputs that have a cotangent
    /// @return a graph whose parameters are those of `graph`, then one cotangent per seeded output
    public static Graph vjp(Graph graph, List<Integer> wrt, List<Integer> seeded) {
        return vjp(graph, wrt, seeded, false);
    }

    /// The same for a part of a larger graph.
    ///
    /// @param isHidden whether the cotangents may be 0 although the outputs count, as behind a choice
    public static Graph vjp(Graph graph, List<Integer> wrt, List<Integer> seeded, boolean isHidden) {
        int n = graph.parameters().size();
        List<Aval> types = new ArrayList<>(Node.types(graph.parameters()));
        seeded.forEach(k -> types.add(graph.outputs().get(k).aval()));
        return Tracer.build(types, arguments -> {
                    var sweep = new ReverseSweep(graph, wrt, isHidden ? seeded : List.of());
                    List<NDArray> results = new ArrayList<>(sweep.forward(arguments.subList(0, n)));
                    for (int k = 0; k < seeded.size(); k++) {
                        sweep.seed(seeded.get(k), arguments.get(n + k));
                    }
                    sweep.back();
                    for (int w : wrt) {
                        NDArray ct = sweep.cotangent(w);
                        results.add(ct == null ? Np.zerosLike(arguments.get(w)) : ct);
                    }
                    return results;
                });
    }

    /// The graph of a scalar and its gradient by all parameters, `(x…) ↦ (y, ∂y/∂x…)`.
    ///
    /// @param graph a function with one output, a floating scalar, and floating parameters
    public static Graph valueAndGrad(Graph graph) {
        List<Integer> all = IntStream.range(0, graph.parameters().size()).boxed().toList();
        Graph reverse = vjp(graph, all);
        Node output = graph.outputs().getFirst();
        return Tracer.build(Node.types(graph.parameters()), arguments -> {
                    List<NDArray> withSeed = new ArrayList<>(arguments);
                    withSeed.add(Np.full(output.aval().shape(), 1, output.aval().dtype()));
                    return reverse.call(withSeed);
                });
    }

    /// The graph of a scalar and its gradient, one derivative in a direction for each element, all of them side by side.
    ///
    /// What does not depend on the parameters that are differentiated by is computed once. For loops without a reverse derivative.
    ///
    /// @param graph a function with one output, a floating scalar
    /// @param free  how many parameters, from the front, are differentiated by; they are floating, and the gradient by the others is zero
    public static Graph valueAndGradForward(Graph graph, int free) {
        List<Integer> wrt = IntStream.range(0, free).boxed().toList();
        int n = graph.parameters().size();
        int d = wrt.stream().mapToInt(w -> graph.parameters().get(w).aval().shape().size()).sum();
        if (d == 0) {
            return valueAndGrad(graph);
        }
        Graph forward = jvp(graph, wrt);
        boolean[] batched = new boolean[n + free];
        Arrays.fill(batched, n, n + free, true);
        Graph all = Vectorization.vmap(forward, batched, d, new boolean[] {false, true}).graph();
        return Tracer.build(Node.types(graph.parameters()), arguments -> {
                    List<NDArray> in = new ArrayList<>(arguments);
                    int from = 0;
                    for (int w : wrt) {
                        in.add(directions(arguments.get(w), d, from));
                        from += arguments.get(w).size();
                    }
                    List<NDArray> out = all.call(in);
                    List<NDArray> results = new ArrayList<>(List.of(out.getFirst()));
                    int to = 0;
                    for (NDArray x : arguments) {
                        int first = to;
                        to += results.size() <= free ? x.size() : 0;
                        results.add(results.size() <= free ? out.get(1).get(Index.slice(first, to)).reshape(x.shape()) : Np.zerosLike(x));
                    }
                    return results;
                });
    }

    /// {@return the directions of the elements of an array among `d` of them, `[d, …]`}
    private static NDArray directions(NDArray x, int d, int from) {
        double[] ones = new double[d * x.size()];
        for (int i = 0; i < x.size(); i++) {
            ones[(from + i) * x.size() + i] = 1;
        }
        return NDArray.of(Shape.of(d).then(x.shape()), ones).astype(x.dtype());
    }

    /// The graph of the outputs and of their derivatives in a direction; a tangent that is 0 stays 0 at a pole of a derivative, see [Poles].
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
        List<Aval> types = new ArrayList<>(Node.types(graph.parameters()));
        for (int w : wrt) {
            types.add(graph.parameters().get(w).aval());
        }
        return Tracer.build(types, arguments -> forward(graph, wrt, arguments.subList(0, n), arguments.subList(n, types.size())));
    }

    private static List<NDArray> forward(Graph graph, List<Integer> wrt, List<NDArray> arguments, List<NDArray> directions) {
        var values = new IdentityHashMap<Node, NDArray>();
        var tangents = new IdentityHashMap<Node, NDArray>();
        for (Node.Parameter p : graph.parameters()) {
            values.put(p, arguments.get(p.index()));
        }
        for (int k = 0; k < wrt.size(); k++) {
            tangents.put(graph.parameters().get(wrt.get(k)), directions.get(k));
        }
        for (Node node : graph.nodes()) {
            if (values.containsKey(node)) {
                continue;
            }
            List<@Nullable NDArray> dx = new ArrayList<>();
            node.operands().forEach(in -> dx.add(tangents.get(in)));
            if (dx.stream().allMatch(Objects::isNull)) {
                Graph.evaluate(List.of(node), values);
                continue;
            }
            switch (node) {
                case Node.Apply a -> {
                    Graph.evaluate(List.of(node), values);
                    List<NDArray> x = Graph.inputs(a, values);
                    NDArray y = Objects.requireNonNull(values.get(a));
                    put(tangents, node, a.op() instanceof Elementwise e && (e.hasPole() || e.hides()) ? Poles.tangent(e, x, y, dx) : a.op().jvp(x, y, dx));
                }
                case Node.Result r -> {
                    TupleOp.Forward both = r.call().op().jvp(Graph.inputs(r, values), dx);
                    Graph.put(r.call(), both.results(), values);
                    r.call().results().forEach(result -> put(tangents, result, both.tangents().get(result.index())));
                }
                case Node.Parameter _, Node.Constant _ -> {}
            }
        }
        List<NDArray> results = new ArrayList<>(graph.outputs().stream().map(values::get).toList());
        for (Node output : graph.outputs()) {
            NDArray dy = tangents.get(output);
            results.add(dy == null ? Np.zerosLike(Objects.requireNonNull(values.get(output))) : dy);
        }
        return results;
    }

    private static void put(Map<Node, NDArray> tangents, Node node, @Nullable NDArray tangent) {
        if (tangent != null) {
            tangents.put(node, tangent);
        }
    }
}
