package kiln.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.graph.Graph;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.op.BroadcastTo;
import kiln.op.Elementwise;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.Scan;
import kiln.op.Switch;
import kiln.op.TupleOp;
import org.jspecify.annotations.Nullable;

/// Rewrites a graph into a cheaper one with the same meaning, node by node from the arguments on.
///
/// - what depends on constants only is computed now;
/// - equal operations on equal operands become one node;
/// - broadcasts sink below elementwise operations, so that `log(sigma)` of a scalar is computed once and not per observation;
/// - the algebra of [Algebra] applies.
///
/// The order of floating additions is kept. Factors of a sum are taken out of it and products with constants are regrouped, which
/// moves a result by a rounding error; every other rule keeps each bit, the sign of a zero included.
final class Simplifier {
    private final Map<Key, Node> known = new HashMap<>();
    private final Map<Object, Integer> numbers = new IdentityHashMap<>();
    private final Map<ScalarKey, Node> scalars = new HashMap<>();
    private final Map<CallKey, Node.Call> calls = new HashMap<>();

    /// Whether operations of a class have parameters. Those without are equal if their class is, and need not be asked: the `equals` of
    /// every record is linked when it is first called.
    private static final ClassValue<Boolean> HAS_PARAMETERS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getRecordComponents().length > 0;
        }
    };

    /// An operation on numbered operands.
    private static final class Key {
        private final Op op;
        private final int[] inputs;
        private final boolean hasParameters;
        private final int hash;

        Key(Op op, int[] inputs) {
            this.op = op;
            this.inputs = inputs;
            this.hasParameters = HAS_PARAMETERS.get(op.getClass());
            this.hash = 31 * Arrays.hashCode(inputs) + (hasParameters ? op.hashCode() : op.getClass().hashCode());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key k
                    && hash == k.hash
                    && op.getClass() == k.op.getClass()
                    && Arrays.equals(inputs, k.inputs)
                    && (!hasParameters || op.equals(k.op));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private record CallKey(TupleOp op, List<Integer> inputs) {}

    private record ScalarKey(Aval type, long bits) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ScalarKey k && bits == k.bits && type.equals(k.type);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Long.hashCode(bits);
        }
    }

    /// Rules for operations on simplified operands.
    interface Rules {
        /// {@return a simpler node, or null}
        @Nullable Node rewrite(Op op, List<Node> in);

        /// {@return what was done that people want to know, a line each}
        default List<String> notes() {
            return List.of();
        }
    }

    private final Rules rules;
    private final boolean complete;

    /// A simplifier that knows other rules only, for graphs whose derivatives are still to be taken: broadcasts stay where they are, and
    /// operations with graphs of their own stay whole.
    Simplifier(Function<Simplifier, Rules> rules) {
        this.rules = rules.apply(this);
        this.complete = false;
    }

    /// A simplifier with all rules.
    Simplifier(Options options) {
        this.rules = new Algebra(this, options);
        this.complete = true;
    }

    /// {@return a maker of nodes that has made none}
    static Simplifier empty() {
        return new Simplifier(Options.EXACT);
    }

    /// {@return the simplified graph}
    static Graph simplify(Graph graph, Options options) {
        return new Simplifier(options).run(graph);
    }

    /// {@return what the rules did that people want to know, a line each}
    List<String> notes() {
        return rules.notes();
    }

    Graph run(Graph graph) {
        return new Graph(graph.parameters(), inline(graph, List.copyOf(graph.parameters())));
    }

    /// {@return the simplified outputs of a graph on simplified arguments}
    private List<Node> inline(Graph graph, List<Node> arguments) {
        List<Node> nodes = graph.nodes();
        var inlining = new Inlining(nodes);
        for (Node.Parameter p : graph.parameters()) {
            inlining.image.put(p, arguments.get(p.index()));
        }
        for (Node node : nodes) {
            node.accept(inlining);
        }
        return inlining.images(graph.outputs());
    }

    /// What the nodes of a graph become.
    private final class Inlining implements Node.Visitor {
        private final Map<Node, Node> image = new IdentityHashMap<>();
        private final Set<Node> used = Collections.newSetFromMap(new IdentityHashMap<>());

        Inlining(List<Node> nodes) {
            used.addAll(nodes);
        }

        List<Node> images(List<Node> nodes) {
            return Lists.map(nodes, n -> Objects.requireNonNull(image.get(n)));
        }

        @Override
        public void constant(Node.Constant c) {
            image.put(c, Simplifier.this.constant(c.value()));
        }

        @Override
        public void apply(Node.Apply a) {
            image.put(a, make(a.op(), images(a.inputs())));
        }

        @Override
        public void result(Node.Result r) {
            if (!image.containsKey(r)) {
                call(r.call(), used, image, images(r.call().inputs()));
            }
        }
    }

    private void call(Node.Call call, Set<Node> used, Map<Node, Node> image, List<Node> inputs) {
        boolean[] needed = new boolean[call.results().size()];
        for (int k = 0; k < needed.length; k++) {
            needed[k] = used.contains(call.results().get(k));
        }
        Optional<TupleOp.Pruned> pruned = complete ? call.op().pruned(needed) : Optional.empty();
        List<Integer> all = IntStream.range(0, needed.length).boxed().toList();
        TupleOp op = pruned.map(TupleOp.Pruned::op).orElse(call.op());
        List<Integer> kept = pruned.map(TupleOp.Pruned::results).orElse(all);
        List<Node> operands = pruned.map(p -> p.operands().stream().<Node>map(inputs::get).toList()).orElse(inputs);
        List<? extends Node> results = results(op, operands);
        for (int k = 0; k < kept.size(); k++) {
            image.put(call.results().get(kept.get(k)), results.get(k));
        }
    }

    private List<? extends Node> results(TupleOp op, List<Node> inputs) {
        if (op instanceof Switch s && inputs.getFirst() instanceof Node.Constant c) {
            return inline(s.branches().get(s.chosen(c.value().longAt(0))), inputs.subList(1, inputs.size()));
        }
        Optional<Graph> inlined = complete ? op.inlined() : Optional.empty();
        if (inlined.isPresent()) {
            return inline(inlined.get(), inputs);
        }
        if (op instanceof Scan && inputs.stream().allMatch(Node.Constant.class::isInstance)) {
            List<Dense> values = op.eval(inputs.stream().map(n -> ((Node.Constant) n).value()).toList());
            return values.stream().map(this::constant).toList();
        }
        var key = new CallKey(op, inputs.stream().map(this::number).toList());
        return calls.computeIfAbsent(key, _ -> {
                    List<Aval> types = op.types(inputs.stream().map(n -> strong(n.aval())).toList());
                    return new Node.Call(op, inputs, types, null);
                })
                .results();
    }

    /// {@return a node for `op` on simplified operands, as simple as the rules make it}
    Node make(Op op, List<Node> inputs) {
        Node folded = fold(op, inputs);
        if (folded != null) {
            return folded;
        }
        Node sunk = complete && op instanceof Elementwise e ? sink(e, inputs) : null;
        if (sunk != null) {
            return sunk;
        }
        Node rewritten = rules.rewrite(op, inputs);
        return rewritten != null ? rewritten : intern(op, inputs);
    }

    /// {@return a node for `op`, the same one for equal operands; no rule is tried}
    Node intern(Op op, List<Node> inputs) {
        List<Node> operands = inputs;
        if (Algebra.isCommutative(op) && number(inputs.get(0)) > number(inputs.get(1))) {
            operands = List.of(inputs.get(1), inputs.get(0));
        }
        var key = key(op, operands);
        Node node = known.get(key);
        if (node == null) {
            node = new Node.Apply(op, operands, op.type(Lists.map(operands, n -> strong(n.aval()))), null);
            known.put(key, node);
        }
        return node;
    }

    private Key key(Op op, List<Node> operands) {
        int[] ids = new int[operands.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = number(operands.get(i));
        }
        return new Key(op, ids);
    }

    private int number(Node node) {
        Integer number = numbers.get(node);
        if (number == null) {
            number = numbers.size();
            numbers.put(node, number);
        }
        return number;
    }

    private static Aval strong(Aval type) {
        return type.weak() ? new Aval(type.dtype(), type.shape()) : type;
    }

    /// {@return the constant as a node; equal scalars are one node, and an array of equal elements is a scalar repeated}
    Node constant(Dense value) {
        Dense strong = value.aval().weak() ? Dense.of(strong(value.aval()), value.storage()) : value;
        if (strong.size() != 1) {
            Dense first = strong.repeated();
            return first == null ? new Node.Constant(strong) : broadcast(constant(first), strong.shape());
        }
        return scalars.computeIfAbsent(new ScalarKey(strong.aval(), bits(strong, 0)), _ -> new Node.Constant(strong));
    }

    private static long bits(Dense x, int i) {
        return x.dtype().isFloating() ? Double.doubleToRawLongBits(x.doubleAt(i)) : x.longAt(i);
    }

    private @Nullable Node fold(Op op, List<Node> inputs) {
        int constants = 0;
        for (Node input : inputs) {
            constants += input instanceof Node.Constant ? 1 : 0;
        }
        if (constants < inputs.size()
                ? constants == 0 || op instanceof BroadcastTo
                : op instanceof BroadcastTo && inputs.getFirst().aval().shape().size() == 1) {
            return null;
        }
        var values = new ArrayList<Dense>(inputs.size());
        for (Node input : inputs) {
            Dense value = known(input);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        // An array of data that is computed twice is one array, so that what is computed from it is computed once.
        var key = key(op, inputs);
        Node node = known.get(key);
        if (node == null) {
            node = constant(op.eval(values));
            known.put(key, node);
        }
        return node;
    }

    /// {@return the numbers of a constant or of a constant scalar repeated along axes, which is no constant array in memory; else null}
    private static @Nullable Dense known(Node node) {
        if (node instanceof Node.Constant c) {
            return c.value();
        }
        return node instanceof Node.Apply a && a.op() instanceof BroadcastTo && a.inputs().getFirst() instanceof Node.Constant c
                ? a.op().eval(List.of(c.value()))
                : null;
    }

    /// `f(broadcast(x), broadcast(y)) = broadcast(f(x, y))`, where that computes fewer elements.
    private @Nullable Node sink(Elementwise op, List<Node> inputs) {
        Shape target = inputs.getFirst().aval().shape();
        var sources = new ArrayList<Node>();
        for (Node input : inputs) {
            Node source = source(input);
            if (source == null) {
                return null;
            }
            sources.add(source);
        }
        Shape[] shapes = new Shape[sources.size()];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = sources.get(i).aval().shape();
        }
        Shape common = Shape.broadcast(shapes);
        if (target.size() > 0 ? common.size() >= target.size() : common.equals(target)) {
            return null;
        }
        return broadcast(make(op, Lists.map(sources, s -> broadcast(s, common))), target);
    }

    private static @Nullable Node source(Node node) {
        return node instanceof Node.Apply a && a.op() instanceof BroadcastTo ? a.inputs().getFirst() : null;
    }

    Node broadcast(Node node, Shape shape) {
        return node.aval().shape().equals(shape) ? node : make(new BroadcastTo(shape), List.of(node));
    }

    /// {@return the number that a node repeats everywhere, or NaN if it is no such constant}
    static double repeatedConstant(Node node) {
        Node source = node;
        if (node instanceof Node.Apply a && a.op() instanceof BroadcastTo) {
            source = a.inputs().getFirst();
        }
        return source instanceof Node.Constant c && c.value().size() == 1 && c.value().dtype().isFloating()
                ? c.value().doubleAt(0)
                : Double.NaN;
    }

    Node reshape(Node node, Shape shape) {
        return node.aval().shape().equals(shape) ? node : make(new Reshape(shape), List.of(node));
    }

    /// {@return a constant of the element type of `like`, repeated to a shape}
    Node constantLike(Node like, Shape shape, double value) {
        Aval type = like.aval();
        Object storage = Storage.allocate(type.dtype(), 1);
        Storage.setDouble(storage, 0, value);
        return broadcast(constant(Dense.of(new Aval(type.dtype(), Shape.SCALAR), storage)), shape);
    }
}
