package kiln.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import kiln.array.DType;
import kiln.graph.Graph;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.op.Add;
import kiln.op.Elementwise;
import kiln.op.Fma;
import kiln.op.Function1;
import kiln.op.Mul;
import kiln.op.Neg;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.Slice;
import kiln.op.Sub;

/// Shortens the chains of scalar code: terms of a sum are added in the order in which they are ready, products by fused multiply-add.
///
/// A recursion `h ← φ₁h₁ + φ₂h₂ + … + x` takes as long as the chain from one `h` to the next. Written from the left it is a product and
/// five additions long; if everything known earlier is added first, it is one multiply-add. Results move by rounding.
final class Chains implements Node.Visitor {
    /// Cycles until a result is ready, roughly, as on every recent processor.
    private static final int ARITHMETIC = 4;
    private static final int FUNCTION = 40;

    /// Steps of a loop that are followed to see which state is ready when.
    private static final int STEPS = 8;

    private final Simplifier nodes = Simplifier.empty();
    private final Map<Node, Integer> uses = new IdentityHashMap<>();
    private final Set<Node> summed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Node, Integer> ready = new IdentityHashMap<>();
    private final Map<Node, Node> image = new IdentityHashMap<>();
    private final Map<Node, Integer> times;

    /// @param times when results are ready, where that is known
    private Chains(Map<Node, Integer> times) {
        this.times = times;
    }

    /// {@return straight-line code with shorter chains}
    static Graph shorten(Graph graph) {
        return new Chains(Map.of()).run(graph);
    }

    /// {@return the step of a loop with shorter chains from state to state}
    ///
    /// @param graph scalar code
    /// @param state the nodes that read the state, and for each the output that becomes it
    static Graph shorten(Graph graph, Map<Node, Node> state) {
        var times = new IdentityHashMap<Node, Integer>();
        for (int step = 0; step < STEPS; step++) {
            var after = new IdentityHashMap<Node, Integer>(times);
            for (Node node : graph.nodes()) {
                after.put(node, times.containsKey(node) ? times.get(node) : time(node, after));
            }
            state.forEach((read, next) -> times.put(read, after.getOrDefault(next, 0)));
        }
        return new Chains(times).run(graph);
    }

    private static int time(Node node, Map<Node, Integer> known) {
        int latest = 0;
        for (Node in : node.operands()) {
            latest = Math.max(latest, known.getOrDefault(in, 0));
        }
        return latest + latency(node);
    }

    /// {@return cycles that a node takes, roughly}
    static int latency(Node node) {
        if (!(node instanceof Node.Apply a)) {
            return node instanceof Node.Result ? FUNCTION : 0;
        }
        if (a.op() instanceof Reshape || a.op() instanceof Slice) {
            return 0;
        }
        return a.op() instanceof Function1 || !(a.op() instanceof Elementwise) ? FUNCTION : ARITHMETIC;
    }

    private Graph run(Graph graph) {
        List<Node> order = graph.nodes();
        for (Node node : order) {
            for (Node in : node.operands()) {
                uses.merge(in, 1, Integer::sum);
            }
        }
        graph.outputs().forEach(out -> uses.merge(out, 2, Integer::sum));
        for (Node node : order) {
            if (node instanceof Node.Apply a && isSum(a)) {
                summed.addAll(a.inputs());
            }
        }
        graph.parameters().forEach(p -> p.accept(this));
        for (Node node : order) {
            node.accept(this);
        }
        return new Graph(graph.parameters(), Lists.map(graph.outputs(), this::image));
    }

    @Override
    public void parameter(Node.Parameter p) {
        keep(p, p);
    }

    @Override
    public void constant(Node.Constant c) {
        keep(c, c);
    }

    @Override
    public void apply(Node.Apply a) {
        if (isSum(a)) {
            if (!isPartOfSum(a)) {
                keep(a, sum(a));
            }
        } else if (!isProduct(a) || !isPartOfSum(a)) {
            keep(a, rebuilt(a));
        }
    }

    @Override
    public void result(Node.Result r) {
        keep(r, rebuilt(r));
    }

    private void keep(Node node, Node made) {
        image.put(node, made);
        Integer known = times.get(node);
        ready.merge(made, known != null ? known : time(made, ready), Math::max);
    }

    private Node image(Node node) {
        Node known = image.get(node);
        if (known == null) {
            throw new IllegalStateException("a term was left out of its sum");
        }
        return known;
    }

    private Node rebuilt(Node.Apply a) {
        List<Node> in = Lists.map(a.inputs(), this::image);
        return a.aval().shape().rank() == 0 || a.op() instanceof Slice ? nodes.intern(a.op(), in) : new Node.Apply(a.op(), in, a.aval(), a.origin());
    }

    private Node rebuilt(Node.Result r) {
        for (Node.Result other : r.call().results()) {
            if (image.get(other) instanceof Node.Result known) {
                return known.call().results().get(r.index());
            }
        }
        List<Node> in = Lists.map(r.call().inputs(), this::image);
        return new Node.Call(r.call().op(), in, Node.types(r.call().results()), r.call().origin())
                .results()
                .get(r.index());
    }

    private static boolean isScalar(Node node) {
        return node.aval().shape().rank() == 0 && node.aval().dtype() == DType.FLOAT64;
    }

    private static boolean isSum(Node.Apply a) {
        return isScalar(a) && (a.op() instanceof Add || a.op() instanceof Sub);
    }

    private static boolean isProduct(Node.Apply a) {
        return isScalar(a) && a.op() instanceof Mul;
    }

    /// Whether a node is used once, by a sum, which then takes its terms.
    private boolean isPartOfSum(Node.Apply a) {
        return uses.getOrDefault(a, 0) == 1 && summed.contains(a);
    }

    /// A term of a sum: a value, or a product that is still to be made.
    private record Term(boolean negative, List<Node> factors, int ready, int number) implements Comparable<Term> {
        boolean isProduct() {
            return factors.size() == 2;
        }

        Node value() {
            return factors.getFirst();
        }

        @Override
        public int compareTo(Term other) {
            return ready != other.ready ? Integer.compare(ready, other.ready) : Integer.compare(number, other.number);
        }
    }

    private void collect(Node node, boolean negative, List<Term> terms) {
        if (image.get(node) == null && node instanceof Node.Apply a) {
            if (a.op() instanceof Mul) {
                List<Node> factors = Lists.map(a.inputs(), this::image);
                terms.add(term(negative, factors, terms.size()));
            } else {
                collect(a.inputs().get(0), negative, terms);
                collect(a.inputs().get(1), negative ^ a.op() instanceof Sub, terms);
            }
            return;
        }
        terms.add(term(negative, List.of(image(node)), terms.size()));
    }

    private Term term(boolean negative, List<Node> factors, int number) {
        int latest = 0;
        for (Node f : factors) {
            latest = Math.max(latest, ready.getOrDefault(f, 0));
        }
        return new Term(negative, factors, latest, number);
    }

    private Node make(Op op, Node... in) {
        Node node = nodes.intern(op, List.of(in));
        ready.putIfAbsent(node, time(node, ready));
        return node;
    }

    private Node product(Term t) {
        return t.isProduct() ? make(new Mul(), t.factors().get(0), t.factors().get(1)) : t.value();
    }

    private Node sum(Node.Apply a) {
        List<Term> terms = new ArrayList<>();
        collect(a.inputs().get(0), false, terms);
        collect(a.inputs().get(1), a.op() instanceof Sub, terms);
        var queue = new PriorityQueue<>(terms);
        int number = terms.size();
        while (queue.size() > 1) {
            Term x = queue.remove();
            Term y = queue.remove();
            boolean negative = x.negative() && y.negative();
            queue.add(term(negative, List.of(combined(x, y)), number++));
        }
        Term whole = queue.remove();
        Node value = product(whole);
        return whole.negative() ? make(new Neg(), value) : value;
    }

    /// `x + y`, its sign left out if both are negative.
    private Node combined(Term x, Term y) {
        if (x.negative() == y.negative()) {
            // The later operand is multiplied in the last instruction of the chain.
            Term late = y.isProduct() ? y : x;
            Term early = y.isProduct() ? x : y;
            return late.isProduct()
                    ? make(new Fma(), late.factors().get(0), late.factors().get(1), product(early))
                    : make(new Add(), early.value(), late.value());
        }
        return x.negative() ? make(new Sub(), product(y), product(x)) : make(new Sub(), product(x), product(y));
    }
}
