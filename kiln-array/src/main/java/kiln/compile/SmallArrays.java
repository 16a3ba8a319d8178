package kiln.compile;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Aval;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.graph.Graph;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.math.Products;
import kiln.math.Sums;
import kiln.op.Add;
import kiln.op.BroadcastTo;
import kiln.op.Concatenate;
import kiln.op.Elementwise;
import kiln.op.Exp;
import kiln.op.Extremum;
import kiln.op.Fma;
import kiln.op.Gather;
import kiln.op.MatMul;
import kiln.op.Max;
import kiln.op.Min;
import kiln.op.Movement;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.ScatterAdd;
import kiln.op.Slice;
import kiln.op.Softplus;
import kiln.op.Square;
import kiln.op.Sum;
import org.jspecify.annotations.Nullable;

/// Replaces operations on small arrays by the same operations on their elements.
///
/// Eight schools or the three states of a Markov chain are no work for loops and kernels: as scalars the elements live in registers,
/// and moving them costs nothing. Every sum keeps its order ([Sums], [Products]), so each bit stays. Arrays that others need
/// whole are read and written element by element where they lie (`VIEW` and `JOINED` in [Plan.Role]).
final class SmallArrays implements Node.Visitor {
    /// The most elements of a small array, in the order in which they are tried.
    private static final int[] SIZES = {16, 8, 4};

    /// The most operations on elements that a graph may come to: above, C2 takes too long over them.
    private static final int MOST = 2000;

    private final int most;
    private final Simplifier nodes = Simplifier.empty();
    private final Map<Node, Node> arrays = new IdentityHashMap<>();
    private final Map<Node, Node[]> elements = new IdentityHashMap<>();
    private int created;

    private SmallArrays(int most) {
        this.most = most;
    }

    /// {@return the graph with its small arrays taken apart, as far as that stays short}
    static Graph unpack(Graph graph) {
        for (int size : SIZES) {
            Graph out = new SmallArrays(size).run(graph);
            if (out.nodes().size() <= MOST) {
                return out;
            }
        }
        return graph;
    }

    /// {@return the graph with arrays of up to `most` elements taken apart and its outputs replaced by their elements, one after the other}
    static Graph elements(Graph graph, int most) {
        var small = new SmallArrays(most);
        small.rewrite(graph);
        List<Node> outputs = new ArrayList<>();
        for (Node output : graph.outputs()) {
            for (int i = 0; i < size(output); i++) {
                outputs.add(small.element(output, i));
            }
        }
        return new Graph(graph.parameters(), outputs);
    }

    private Graph run(Graph graph) {
        rewrite(graph);
        return new Graph(graph.parameters(), Lists.map(graph.outputs(), this::array));
    }

    private void rewrite(Graph graph) {
        for (Node.Parameter p : graph.parameters()) {
            arrays.put(p, p);
        }
        for (Node node : graph.nodes()) {
            node.accept(this);
        }
    }

    @Override
    public void constant(Node.Constant c) {
        arrays.put(c, c);
    }

    @Override
    public void apply(Node.Apply a) {
        if (!unpack(a)) {
            arrays.put(a, new Node.Apply(a.op(), Lists.map(a.inputs(), this::array), a.aval(), a.origin()));
        }
    }

    @Override
    public void result(Node.Result r) {
        if (!arrays.containsKey(r)) {
            List<Aval> types = Node.types(r.call().results());
            var call = new Node.Call(r.call().op(), Lists.map(r.call().inputs(), this::array), types, r.call().origin());
            for (int k = 0; k < types.size(); k++) {
                arrays.put(r.call().results().get(k), call.results().get(k));
            }
        }
    }

    private static int size(Node node) {
        return node.aval().shape().size();
    }

    private boolean isSmall(Node node) {
        return size(node) >= 1 && size(node) <= most;
    }

    /// Takes an operation apart, if it can be; false otherwise.
    private boolean unpack(Node.Apply a) {
        if (!isSmall(a) || created > MOST) {
            return false;
        }
        for (Node in : a.inputs()) {
            if (!isSmall(in)) {
                return false;
            }
        }
        Node[] out = takenApart(a);
        if (out == null) {
            return false;
        }
        elements.put(a, out);
        return true;
    }

    private Node @Nullable [] takenApart(Node.Apply a) {
        if (a.op() instanceof Elementwise op) {
            return elementwise(op, a);
        }
        if (a.op() instanceof Movement || a.op() instanceof Concatenate) {
            return moved(a.op(), a.inputs());
        }
        Rule rule = RULES.get(a.op().getClass());
        return rule == null ? null : rule.elements(this, a);
    }

    private interface Rule {
        /// {@return the elements of the result, or null if it cannot be taken apart}
        Node @Nullable [] elements(SmallArrays of, Node.Apply a);
    }

    private static final Map<Class<? extends Op>, Rule> RULES = Map.of(
            Gather.class, (of, a) -> a.inputs().get(1) instanceof Node.Constant ? of.moved(a.op(), a.inputs()) : null,
            ScatterAdd.class, (of, a) -> a.inputs().get(1) instanceof Node.Constant c && isFloat64(a) ? of.scattered((ScatterAdd) a.op(), a, c.value()) : null,
            Sum.class, (of, a) -> isFloat64(a) ? of.reduced(((Sum) a.op()).axes(), a, of::sum) : null,
            Extremum.class, (of, a) -> isFloat64(a) ? of.extremum((Extremum) a.op(), a) : null,
            MatMul.class, (of, a) -> isFloat64(a) && a.inputs().getFirst().aval().shape().dim(-1) <= Products.SHORT ? of.product(a) : null);

    private Node[] extremum(Extremum op, Node.Apply a) {
        return reduced(op.axes(), a, x -> chain(op.largest() ? new Max() : new Min(), x));
    }

    private static boolean isFloat64(Node node) {
        return node.aval().dtype() == DType.FLOAT64;
    }

    // ---- between arrays and their elements

    /// {@return a scalar node for an element}
    private Node element(Node node, int i) {
        Node[] known = elements.get(node);
        if (known == null) {
            known = new Node[size(node)];
            elements.put(node, known);
        }
        if (known[i] == null) {
            known[i] = read(Objects.requireNonNull(arrays.get(node)), i);
        }
        return known[i];
    }

    private Node read(Node array, int i) {
        if (size(array) == 1) {
            return scalar(array);
        }
        if (array instanceof Node.Apply a && a.op() instanceof BroadcastTo && size(a.inputs().getFirst()) == 1) {
            return scalar(a.inputs().getFirst());
        }
        int[] strides = array.aval().shape().strides();
        int[] start = new int[strides.length];
        int[] stop = new int[strides.length];
        int[] step = new int[strides.length];
        int rest = i;
        for (int axis = 0; axis < strides.length; axis++) {
            start[axis] = rest / strides[axis];
            stop[axis] = start[axis] + 1;
            step[axis] = 1;
            rest %= strides[axis];
        }
        return scalar(nodes.intern(new Slice(Axes.of(start), Axes.of(stop), Axes.of(step)), List.of(array)));
    }

    private Node scalar(Node one) {
        return one.aval().shape().rank() == 0 ? one : nodes.intern(new Reshape(Shape.SCALAR), List.of(one));
    }

    /// {@return a node for the whole array}
    private Node array(Node node) {
        Node known = arrays.get(node);
        if (known != null) {
            return known;
        }
        Node[] parts = Objects.requireNonNull(elements.get(node));
        Shape shape = node.aval().shape();
        Node out;
        if (IntStream.range(1, parts.length).allMatch(i -> parts[i] == parts[0])) {
            out = shape.rank() == 0 ? parts[0] : nodes.intern(new BroadcastTo(shape), List.of(parts[0]));
        } else {
            List<Node> ones = Stream.of(parts).map(x -> nodes.intern(new Reshape(Shape.of(1)), List.of(x))).toList();
            out = nodes.intern(new Concatenate(0), ones);
            if (shape.rank() != 1) {
                out = nodes.intern(new Reshape(shape), List.of(out));
            }
        }
        arrays.put(node, out);
        return out;
    }

    private Node make(Op op, Node... in) {
        created++;
        return nodes.intern(op, List.of(in));
    }

    // ---- families of operations

    private Node[] elementwise(Elementwise op, Node.Apply a) {
        Node[] out = new Node[size(a)];
        for (int i = 0; i < out.length; i++) {
            Node[] in = new Node[a.inputs().size()];
            for (int k = 0; k < in.length; k++) {
                in[k] = element(a.inputs().get(k), i);
            }
            out[i] = make(op, in);
        }
        return out;
    }

    /// What only moves elements shows where each comes from when it is applied to their numbers, counted from 1; 0 is a new zero.
    private Node[] moved(Op op, List<Node> in) {
        List<Dense> numbers = new ArrayList<>();
        List<Node> sources = new ArrayList<>();
        int count = 0;
        for (Node x : in) {
            if (op instanceof Gather && x == in.get(1)) {
                numbers.add(((Node.Constant) x).value());
                continue;
            }
            numbers.add(numbered(x.aval().shape(), count + 1));
            count += size(x);
            sources.add(x);
        }
        Dense from = op.eval(numbers);
        Node[] out = new Node[from.size()];
        for (int i = 0; i < out.length; i++) {
            int at = (int) from.longAt(i) - 1;
            if (at < 0) {
                out[i] = zero(in.getFirst().aval().dtype());
                continue;
            }
            int k = 0;
            while (at >= size(sources.get(k))) {
                at -= size(sources.get(k++));
            }
            out[i] = element(sources.get(k), at);
        }
        return out;
    }

    private static Dense numbered(Shape shape, long first) {
        Object storage = Storage.allocate(DType.INT64, shape.size());
        for (int i = 0; i < shape.size(); i++) {
            Storage.setLong(storage, i, first + i);
        }
        return Dense.of(new Aval(DType.INT64, shape), storage);
    }

    private Node zero(DType dtype) {
        return nodes.constant(Dense.of(new Aval(dtype, Shape.SCALAR), Storage.allocate(dtype, 1)));
    }

    private Node[] scattered(ScatterAdd op, Node.Apply a, Dense index) {
        Node[] out = new Node[size(a)];
        java.util.Arrays.fill(out, zero(DType.FLOAT64));
        // Where each element goes: the transpose of where a gather takes it from.
        Dense target = new Gather(op.axis()).eval(List.of(numbered(a.aval().shape(), 0), index));
        for (int i = 0; i < target.size(); i++) {
            int at = (int) target.longAt(i);
            out[at] = make(new Add(), out[at], element(a.inputs().getFirst(), i));
        }
        return out;
    }

    private interface Combination {
        Node of(List<Node> line);
    }

    /// Brings the reduced axes together at the end, in their order, and combines line by line.
    private Node[] reduced(Axes axes, Node.Apply a, Combination combination) {
        Node x = a.inputs().getFirst();
        Shape shape = x.aval().shape();
        int[] order = IntStream.concat(
                        IntStream.range(0, shape.rank()).filter(axis -> !axes.contains(axis)), IntStream.of(axes.toArray()))
                .toArray();
        Dense lines = new kiln.op.Transpose(Axes.of(order)).eval(List.of(numbered(shape, 0)));
        Node[] out = new Node[size(a)];
        int length = size(x) / out.length;
        for (int i = 0; i < out.length; i++) {
            List<Node> line = new ArrayList<>();
            for (int j = 0; j < length; j++) {
                line.add(element(x, (int) lines.longAt(i * length + j)));
            }
            out[i] = combination.of(line);
        }
        return out;
    }

    private Node chain(Op op, List<Node> line) {
        Node out = line.getFirst();
        for (Node x : line.subList(1, line.size())) {
            out = make(op, out, x);
        }
        return out;
    }

    /// The order of [Sums#fold]. Its accumulators start from 0, which shows only in a sum of negative zeros: one 0 added at the end
    /// does the same, where all terms can be such a zero.
    private Node sum(List<Node> line) {
        List<Node> partial = new ArrayList<>();
        for (int j = 0; j < Math.min(8, line.size()); j++) {
            Node sum = line.get(j);
            for (int i = j + 8; i < line.size(); i += 8) {
                sum = make(new Add(), sum, line.get(i));
            }
            partial.add(sum);
        }
        Node sum = pairs(partial, 0, 1);
        return line.stream().anyMatch(SmallArrays::isNeverNegativeZero) ? sum : make(new Add(), sum, zero(DType.FLOAT64));
    }

    private static boolean isNeverNegativeZero(Node node) {
        return node instanceof Node.Apply a && (a.op() instanceof Exp || a.op() instanceof Square || a.op() instanceof Softplus);
    }

    /// `((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7))` of those that there are.
    private Node pairs(List<Node> partial, int first, int distance) {
        if (distance == 8) {
            return partial.get(first);
        }
        Node left = pairs(partial, first, 2 * distance);
        return first + distance < partial.size() ? make(new Add(), left, pairs(partial, first + distance, 2 * distance)) : left;
    }

    /// The order of [Products] for short rows.
    private Node[] product(Node.Apply a) {
        Node left = a.inputs().get(0);
        Node right = a.inputs().get(1);
        int m = left.aval().shape().dim(-2);
        int k = left.aval().shape().dim(-1);
        int n = right.aval().shape().dim(-1);
        Node[] out = new Node[size(a)];
        for (int i = 0; i < out.length; i++) {
            int row = i / n;
            int batch = row / m;
            Node sum = zero(DType.FLOAT64);
            for (int p = 0; p < k; p++) {
                sum = make(new Fma(), element(left, row * k + p), element(right, (batch * k + p) * n + i % n), sum);
            }
            out[i] = sum;
        }
        return out;
    }
}
