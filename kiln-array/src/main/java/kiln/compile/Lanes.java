package kiln.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.math.Products;
import kiln.op.BroadcastTo;
import kiln.op.Concatenate;
import kiln.op.CumSum;
import kiln.op.Elementwise;
import kiln.op.Extremum;
import kiln.op.Flip;
import kiln.op.MatMul;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.Scan;
import kiln.op.Slice;
import kiln.op.Sum;
import kiln.op.Transpose;
import org.jspecify.annotations.Nullable;

/// The same program for several arguments at a time, each bit as if it ran for one after the other.
///
/// ```
/// a value of shape [s…]  becomes  [s…, lanes]        a scalar becomes an array of `lanes` elements
/// ```
///
/// The graph is the one that code is generated from, with its small arrays taken apart and its terms in their order, and it is not simplified
/// again: operation by operation a lane has what the program of one argument has. Scalar code, which no processor can speed up by vector
/// instructions, becomes loops over lanes, which it can; so do the steps of a scan over scalars. Loops over data already are such
/// loops, and gain nothing here.
///
/// Sums stay in their order ([kiln.math.Sums]), and so do the elements that they run over. Operations whose order of additions may depend on
/// the shape (products of matrices, sums of groups), and kernels that work on one array at a time, have no such form.
final class Lanes implements Node.Visitor {
    /// The most numbers that a constant array may come to when it is repeated for each lane.
    private static final int MOST_REPEATED = 1 << 16;

    private final int lanes;
    private final Options options;
    private final Map<Node, Node> made = new IdentityHashMap<>();
    private final Set<Node> batched = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean failed;

    private Lanes(int lanes, Options options) {
        this.lanes = lanes;
        this.options = options;
    }

    /// {@return the graph in which every parameter and every output has a last axis of `lanes` elements; empty if it has an operation without such a form}
    ///
    /// @param graph   a graph as code is generated from
    /// @param options with which the bodies of its scans are compiled
    static Optional<Graph> of(Graph graph, int lanes, Options options) {
        boolean[] all = new boolean[graph.parameters().size()];
        Arrays.fill(all, true);
        return new Lanes(lanes, options).run(graph, all);
    }

    private Optional<Graph> run(Graph graph, boolean[] own) {
        List<Node.Parameter> parameters = new ArrayList<>();
        for (Node.Parameter p : graph.parameters()) {
            Aval type = own[p.index()] ? widened(p.aval()) : p.aval();
            var wide = new Node.Parameter(p.index(), type);
            parameters.add(wide);
            made.put(p, wide);
            if (own[p.index()]) {
                batched.add(p);
            }
        }
        for (Node node : graph.nodes()) {
            node.accept(this);
            if (failed) {
                return Optional.empty();
            }
        }
        List<Node> outputs = new ArrayList<>();
        for (Node out : graph.outputs()) {
            Node wide = spread(out);
            if (wide == null) {
                return Optional.empty();
            }
            outputs.add(wide);
        }
        return Optional.of(new Graph(parameters, outputs));
    }

    private Shape widened(Shape shape) {
        return shape.then(Shape.of(lanes));
    }

    private Aval widened(Aval type) {
        return type.withShape(widened(type.shape()));
    }

    private Node made(Node node) {
        return Objects.requireNonNull(made.get(node));
    }

    private static Node apply(Op op, Node... in) {
        List<Node> operands = List.of(in);
        return new Node.Apply(op, operands, op.type(Node.types(operands)), null);
    }

    /// The value with an element for each lane, which is the same for all of them if it was computed once; null if that would take too much memory.
    private @Nullable Node spread(Node node) {
        Node own = made(node);
        Shape shape = node.aval().shape();
        if (batched.contains(node)) {
            return own;
        }
        if (shape.size() == 1) {
            return apply(new BroadcastTo(widened(shape)), shape.rank() == 0 ? own : apply(new Reshape(Shape.SCALAR), own));
        }
        if (!(own instanceof Node.Constant c) || (long) shape.size() * lanes > MOST_REPEATED) {
            return null;
        }
        Dense column = new Reshape(shape.then(Shape.of(1))).eval(List.of(c.value()));
        return new Node.Constant(new BroadcastTo(widened(shape)).eval(List.of(column)));
    }

    @Override
    public void constant(Node.Constant c) {
        made.put(c, c);
    }

    @Override
    public void apply(Node.Apply a) {
        if (a.inputs().stream().noneMatch(batched::contains)) {
            made.put(a, new Node.Apply(a.op(), Lists.map(a.inputs(), this::made), a.aval(), a.origin()));
            return;
        }
        Node wide = wide(a);
        if (wide == null) {
            failed = true;
            return;
        }
        made.put(a, wide);
        batched.add(a);
    }

    private @Nullable Node wide(Node.Apply a) {
        Node first = made(a.inputs().getFirst());
        return switch (a.op()) {
            case Elementwise op -> joined(op, a);
            case Concatenate op -> joined(op, a);
            case Reshape op -> apply(new Reshape(widened(op.shape())), first);
            case BroadcastTo op -> repeated(op, a.inputs().getFirst().aval().shape(), first);
            case Slice op -> apply(new Slice(append(op.start(), 0), append(op.stop(), lanes), append(op.step(), 1)), first);
            case Flip op -> apply(op, first);
            case Transpose op -> apply(new Transpose(append(op.permutation(), op.permutation().count())), first);
            case CumSum op -> apply(op, first);
            case Extremum op -> apply(op, first);
            case MatMul op -> product(op, a);
            case Sum op -> a.aval().dtype() == DType.FLOAT64 ? apply(op, first) : null;
            default -> null;
        };
    }

    private @Nullable Node joined(Op op, Node.Apply a) {
        List<Node> operands = new ArrayList<>();
        for (Node in : a.inputs()) {
            Node wide = spread(in);
            if (wide == null) {
                return null;
            }
            operands.add(wide);
        }
        return new Node.Apply(op, operands, widened(a.aval()), a.origin());
    }

    /// A small known matrix times a vector: products of so few terms are added from the front, whatever the number of columns ([Products]).
    private @Nullable Node product(MatMul op, Node.Apply a) {
        Node left = made(a.inputs().get(0));
        Shape right = a.inputs().get(1).aval().shape();
        boolean fits = !batched.contains(a.inputs().get(0)) && right.rank() == 2 && right.dim(1) == 1 && right.dim(0) <= Products.SHORT
                && a.aval().dtype() == DType.FLOAT64;
        if (!fits) {
            return null;
        }
        Node columns = apply(new Reshape(Shape.of(right.dim(0), lanes)), made(a.inputs().get(1)));
        return apply(new Reshape(widened(a.aval().shape())), apply(op, left, columns));
    }

    private Node repeated(BroadcastTo op, Shape from, Node x) {
        int[] dims = new int[op.shape().rank()];
        Arrays.fill(dims, 1);
        System.arraycopy(from.dims(), 0, dims, dims.length - from.rank(), from.rank());
        return apply(new BroadcastTo(widened(op.shape())), apply(new Reshape(widened(Shape.of(dims))), x));
    }

    private static Axes append(Axes axes, int last) {
        int[] all = Arrays.copyOf(axes.toArray(), axes.count() + 1);
        all[axes.count()] = last;
        return Axes.of(all);
    }

    @Override
    public void result(Node.Result r) {
        if (made.containsKey(r)) {
            return;
        }
        Node.Call call = r.call();
        if (call.inputs().stream().noneMatch(batched::contains)) {
            var same = new Node.Call(call.op(), Lists.map(call.inputs(), this::made), Node.types(call.results()), call.origin());
            call.results().forEach(k -> made.put(k, same.results().get(k.index())));
            return;
        }
        Optional<Node.Call> wide = call.op() instanceof Scan scan ? scan(scan, call) : Optional.empty();
        if (wide.isEmpty()) {
            failed = true;
            return;
        }
        call.results().forEach(k -> made.put(k, wide.get().results().get(k.index())));
        batched.addAll(call.results());
    }

    /// A scan whose body is scalar code carries, reads and writes lanes; what it reads may also be the same for all of them.
    private Optional<Node.Call> scan(Scan scan, Node.Call call) {
        boolean[] own = new boolean[call.inputs().size()];
        List<Node> operands = new ArrayList<>();
        for (int i = 0; i < own.length; i++) {
            own[i] = i < scan.carries() || batched.contains(call.inputs().get(i));
            Node operand = own[i] ? spread(call.inputs().get(i)) : made(call.inputs().get(i));
            if (operand == null) {
                return Optional.empty();
            }
            operands.add(operand);
        }
        return ScalarLoop.body(scan, options)
                .flatMap(body -> new Lanes(lanes, options).run(body, own))
                .map(body -> {
                    var wide = new Scan(together(scan, body), scan.carries(), scan.reads(), scan.length(), scan.reverse(), scan.recompute());
                    return new Node.Call(wide, operands, wide.types(Node.types(operands)), call.origin());
                });
    }

    /// The body whose results are arrays again, not their elements one by one.
    private Graph together(Scan scan, Graph body) {
        List<Node> outputs = new ArrayList<>();
        int from = 0;
        for (Node out : scan.body().outputs()) {
            int to = from + out.aval().shape().size();
            List<Node> rows = new ArrayList<>();
            for (Node element : body.outputs().subList(from, to)) {
                rows.add(apply(new Reshape(Shape.of(1, lanes)), element));
            }
            Node all = rows.size() == 1 ? rows.getFirst() : apply(new Concatenate(0), rows.toArray(Node[]::new));
            outputs.add(apply(new Reshape(widened(out.aval().shape())), all));
            from = to;
        }
        return new Graph(body.parameters(), outputs);
    }
}
