package kiln.compile;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.op.Add;
import kiln.op.BroadcastTo;
import kiln.op.Cast;
import kiln.op.Div;
import kiln.op.MatMul;
import kiln.op.Mul;
import kiln.op.Neg;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.ScatterAdd;
import kiln.op.Square;
import kiln.op.StopGradient;
import kiln.op.Sub;
import kiln.op.Sum;
import kiln.op.Transpose;
import org.jspecify.annotations.Nullable;

/// The algebraic rules of the simplifier: each returns a simpler node for an operation on simplified operands, or nothing.
///
/// Rules that would hide a NaN or an infinity (`0 · x = 0`) are not among them, nor those that change the sign of a zero
/// (`x + 0 = x` and `0 − x = −x` do). Taking a factor or a term out of a sum may turn `∞ − ∞ = NaN` into an infinity where the
/// factor or term itself is infinite or its reciprocal is.
final class Algebra implements Simplifier.Rules {
    /// How many operations deep a sum looks for factors of its terms.
    private static final int FACTOR_DEPTH = 6;

    private final Simplifier graph;
    private final Options options;
    private final Joins joins;
    private final Moments moments;

    Algebra(Simplifier graph, Options options) {
        this.graph = graph;
        this.options = options;
        this.joins = new Joins(graph);
        this.moments = new Moments(graph);
    }

    @Override
    public List<String> notes() {
        return moments.collapsed();
    }

    static boolean isCommutative(Op op) {
        return op instanceof Add || op instanceof Mul;
    }

    @Override
    public @Nullable Node rewrite(Op op, List<Node> in) {
        Rule rule = RULES.get(op.getClass());
        return rule == null ? null : rule.rewrite(this, op, in);
    }

    private interface Rule {
        @Nullable Node rewrite(Algebra of, Op op, List<Node> in);
    }

    private static final Map<Class<? extends Op>, Rule> RULES = Map.ofEntries(
            entry(Add.class, (of, _, in) -> of.add(in.get(0), in.get(1))),
            entry(Sub.class, (of, _, in) -> of.sub(in.get(0), in.get(1))),
            entry(Mul.class, (of, _, in) -> of.mul(in.get(0), in.get(1))),
            entry(Div.class, (of, _, in) -> of.div(in.get(0), in.get(1))),
            entry(Neg.class, (_, _, in) -> operand(in.getFirst(), Neg.class)),
            entry(Sum.class, (of, op, in) -> of.sum((Sum) op, in.getFirst())),
            entry(MatMul.class, (of, op, in) -> of.matMul((MatMul) op, in.get(0), in.get(1))),
            entry(ScatterAdd.class, (of, op, in) -> of.scatterAdd((ScatterAdd) op, in.get(0), in.get(1))),
            entry(StopGradient.class, (_, _, in) -> in.getFirst()),
            entry(Cast.class, (_, op, in) -> ((Cast) op).from() == ((Cast) op).to() ? in.getFirst() : null),
            entry(Reshape.class, (of, op, in) -> of.reshape((Reshape) op, in.getFirst())),
            entry(Transpose.class, (of, op, in) -> of.transpose((Transpose) op, in.getFirst())),
            entry(BroadcastTo.class, (of, op, in) -> of.broadcastTo((BroadcastTo) op, in.getFirst())));

    private @Nullable Node add(Node a, Node b) {
        Node negB = operand(b, Neg.class);
        if (negB != null) {
            return graph.make(new Sub(), List.of(a, negB));
        }
        Node negA = operand(a, Neg.class);
        return negA != null ? graph.make(new Sub(), List.of(b, negA)) : joins.add(a, b);
    }

    private @Nullable Node sub(Node a, Node b) {
        if (repeated(b, 0)) {
            return a;
        }
        Node negB = operand(b, Neg.class);
        return negB != null ? graph.make(new Add(), List.of(a, negB)) : null;
    }

    private @Nullable Node mul(Node a, Node b) {
        double ca = Simplifier.repeatedConstant(a);
        if (!Double.isNaN(ca) && Double.isNaN(Simplifier.repeatedConstant(b))) {
            return mul(b, a);
        }
        double cb = Simplifier.repeatedConstant(b);
        if (cb == 1) {
            return a;
        }
        if (cb == -1) {
            return graph.make(new Neg(), List.of(a));
        }
        if (!Double.isNaN(cb)) {
            Node negated = operand(a, Neg.class);
            if (negated != null) {
                return graph.make(new Mul(), List.of(negated, graph.constantLike(b, b.aval().shape(), -cb)));
            }
            if (a instanceof Node.Apply m && m.op() instanceof Mul) {
                double inner = Simplifier.repeatedConstant(m.inputs().get(1));
                int other = 0;
                if (Double.isNaN(inner)) {
                    inner = Simplifier.repeatedConstant(m.inputs().get(0));
                    other = 1;
                }
                if (isModerate(inner, b) && isModerate(cb, b)) {
                    return graph.make(new Mul(), List.of(m.inputs().get(other), graph.constantLike(b, b.aval().shape(), inner * cb)));
                }
            }
            return null;
        }
        Node negA = operand(a, Neg.class);
        Node negB = operand(b, Neg.class);
        if (negA != null && negB != null) {
            return graph.make(new Mul(), List.of(negA, negB));
        }
        if (negA != null || negB != null) {
            Node product = graph.make(new Mul(), List.of(negA == null ? a : negA, negB == null ? b : negB));
            return graph.make(new Neg(), List.of(product));
        }
        return a == b ? graph.make(new Square(), List.of(a)) : null;
    }

    /// `x / c = x · (1/c)` for constants: a division takes as long as ten products. The quotient moves by up to an ulp.
    private @Nullable Node div(Node a, Node b) {
        if (repeated(b, 1)) {
            return a;
        }
        if (!options.regroup() || !b.aval().dtype().isFloating()) {
            return null;
        }
        double divisor = Simplifier.repeatedConstant(b);
        if (isModerate(divisor, b)) {
            return graph.make(new Mul(), List.of(a, graph.constantLike(b, b.aval().shape(), 1 / divisor)));
        }
        if (!(b instanceof Node.Constant c) || !isModerate(c.value(), b)) {
            return null;
        }
        Node one = graph.constantLike(b, b.aval().shape(), 1);
        return graph.make(new Mul(), List.of(a, graph.make(new Div(), List.of(one, b))));
    }

    /// Whether a factor is so near 1 that a product with another such factor and any usual value is neither infinite nor zero.
    private static boolean isModerate(double factor, Node like) {
        double most = like.aval().dtype() == DType.FLOAT32 ? 0x1p32 : 0x1p256;
        return Math.abs(factor) <= most && Math.abs(factor) >= 1 / most;
    }

    private static boolean isModerate(Dense factors, Node like) {
        for (int i = 0; i < factors.size(); i++) {
            if (!isModerate(factors.doubleAt(i), like)) {
                return false;
            }
        }
        return true;
    }

    /// Terms and factors that are the same for all summands leave the sum: `Σ (c·x + d) = c·Σ x + n·d`, also from inside products,
    /// quotients and squares.
    private @Nullable Node sum(Sum s, Node x) {
        if (!x.aval().dtype().isFloating()) {
            return null;
        }
        Shape out = x.aval().shape().drop(s.axes());
        if (x.aval().shape().size() == 0) {
            return graph.constantLike(x, out, 0);
        }
        if (x.aval().shape().size() == 1) {
            // Not the element itself: the sum of −0 is +0.
            return graph.intern(new Add(), List.of(graph.reshape(x, out), graph.constantLike(x, out, 0)));
        }
        if (!(x instanceof Node.Apply a)) {
            return null;
        }
        if (isRepeated(a)) {
            Node one = graph.broadcast(flat(a.inputs().getFirst()), out);
            double n = (double) x.aval().shape().size() / out.size();
            return graph.make(new Mul(), List.of(one, graph.constantLike(one, out, n)));
        }
        if (splits(a)) {
            return graph.make(a.op(), Lists.map(a.inputs(), t -> graph.make(s, List.of(t))));
        }
        if (a.op() instanceof Neg) {
            return graph.make(new Neg(), List.of(graph.make(s, a.inputs())));
        }
        Factored f = factored(a, FACTOR_DEPTH);
        if (f.scalar() == null) {
            return options.collapse() ? moments.sum(s, a) : null;
        }
        Node total = f.rest() == null
                ? graph.make(s, List.of(graph.constantLike(x, x.aval().shape(), 1)))
                : graph.make(s, List.of(f.rest()));
        return graph.make(new Mul(), List.of(total, graph.broadcast(f.scalar(), out)));
    }

    /// Factors that are the same for all summands leave a product of a matrix and a longer vector: `A (s x) = s (A x)`.
    private @Nullable Node matMul(MatMul op, Node a, Node b) {
        Shape shape = b.aval().shape();
        if (!b.aval().dtype().isFloating() || shape.rank() != 2 || shape.dim(1) != 1 || a.aval().shape().dim(0) >= shape.dim(0)) {
            return null;
        }
        Factored f = factored(Plan.root(b), FACTOR_DEPTH);
        if (f.scalar() == null || f.rest() == null) {
            return options.collapse() ? moments.product(a, b) : null;
        }
        Node product = graph.make(op, List.of(a, graph.reshape(f.rest(), shape)));
        return graph.make(new Mul(), List.of(product, graph.broadcast(f.scalar(), product.aval().shape())));
    }

    /// Factors that are the same for all summands leave sums at positions that are fewer than the summands: the gradient by a
    /// group's effect divides once for the group and not for each of its observations. `jit` keeps the zeros of positions without
    /// summands, which an infinite factor would turn into NaN.
    private @Nullable Node scatterAdd(ScatterAdd op, Node x, Node positions) {
        Shape groups = op.type(List.of(x.aval(), positions.aval())).shape();
        if (!options.regroup() || !x.aval().dtype().isFloating() || groups.size() >= x.aval().shape().size()) {
            return null;
        }
        Factored f = factored(x, FACTOR_DEPTH);
        if (f.scalar() == null || f.rest() == null) {
            return null;
        }
        Node sums = graph.make(op, List.of(f.rest(), positions));
        return graph.make(new Mul(), List.of(sums, graph.broadcast(f.scalar(), groups)));
    }

    /// Whether the sum of a term costs nothing: it is the same for all summands, or a constant.
    private static boolean isKnownTerm(Node node) {
        return isRepeated(node) || node instanceof Node.Constant;
    }

    /// Whether a term that is known leaves the sum: only where what it is added to is a product or a square, as
    /// the terms of a log density are. Residuals `y − mu` of data far from zero stay together: apart they would cancel.
    private static boolean splits(Node node) {
        if (!(node instanceof Node.Apply a) || !(a.op() instanceof Add || a.op() instanceof Sub)) {
            return false;
        }
        boolean first = isKnownTerm(a.inputs().get(0));
        if (first == isKnownTerm(a.inputs().get(1))) {
            return false;
        }
        Node other = a.inputs().get(first ? 1 : 0);
        return splits(other) || (other instanceof Node.Apply o && (o.op() instanceof Mul || o.op() instanceof Square));
    }

    /// A product of an array and a scalar; null stands for 1.
    private record Factored(@Nullable Node rest, @Nullable Node scalar) {}

    private Factored factored(Node node, int depth) {
        if (!(node instanceof Node.Apply a) || depth == 0 || repeated(node, 1)) {
            return new Factored(node, null);
        }
        if (isRepeated(a)) {
            return new Factored(null, flat(a.inputs().getFirst()));
        }
        Factoring factoring = FACTORINGS.get(a.op().getClass());
        if (factoring == null) {
            return new Factored(node, null);
        }
        List<Factored> in = Lists.map(a.inputs(), x -> factored(x, depth - 1));
        return in.stream().allMatch(x -> x.scalar() == null) ? new Factored(node, null) : factoring.of(this, a, in);
    }

    /// How an operation on products is one itself, where an operand has a scalar factor.
    private interface Factoring {
        Factored of(Algebra of, Node.Apply a, List<Factored> in);
    }

    private static final Map<Class<? extends Op>, Factoring> FACTORINGS = Map.of(
            Neg.class, (of, _, in) -> new Factored(in.get(0).rest(), of.unary(new Neg(), in.get(0).scalar())),
            Square.class, (of, _, in) -> new Factored(of.unary(new Square(), in.get(0).rest()), of.unary(new Square(), in.get(0).scalar())),
            Mul.class, (of, _, in) -> new Factored(
                    of.product(in.get(0).rest(), in.get(1).rest()), of.product(in.get(0).scalar(), in.get(1).scalar())),
            Div.class, (of, a, in) -> new Factored(
                    of.quotient(a, in.get(0).rest(), in.get(1).rest()), of.quotient(a, in.get(0).scalar(), in.get(1).scalar())));

    private @Nullable Node unary(Op op, @Nullable Node a) {
        return a == null ? null : graph.make(op, List.of(a));
    }

    private @Nullable Node product(@Nullable Node a, @Nullable Node b) {
        return a == null ? b : b == null ? a : graph.make(new Mul(), List.of(a, b));
    }

    private @Nullable Node quotient(Node like, @Nullable Node a, @Nullable Node b) {
        if (b == null) {
            return a;
        }
        Node numerator = a == null ? graph.constantLike(like, b.aval().shape(), 1) : a;
        return graph.make(new Div(), List.of(numerator, b));
    }

    private Node flat(Node one) {
        return one.aval().shape().rank() == 0 ? one : graph.make(new Reshape(Shape.SCALAR), List.of(one));
    }

    /// {@return whether a node is a scalar repeated along axes}
    private static boolean isRepeated(Node node) {
        return node instanceof Node.Apply b
                && b.op() instanceof BroadcastTo
                && b.inputs().getFirst().aval().shape().size() == 1
                && node.aval().shape().size() > 1;
    }

    private @Nullable Node reshape(Reshape r, Node x) {
        if (x.aval().shape().equals(r.shape())) {
            return x;
        }
        if (x instanceof Node.Apply a && a.op() instanceof Reshape) {
            return graph.make(r, a.inputs());
        }
        return x instanceof Node.Apply b && isRepeated(x) ? graph.broadcast(flat(b.inputs().getFirst()), r.shape()) : null;
    }

    private @Nullable Node transpose(Transpose t, Node x) {
        Aval type = t.type(List.of(x.aval()));
        if (x instanceof Node.Apply b && isRepeated(x)) {
            return graph.broadcast(flat(b.inputs().getFirst()), type.shape());
        }
        if (x instanceof Node.Apply a && a.op() instanceof Transpose inner) {
            int[] order = new int[t.permutation().count()];
            boolean same = true;
            for (int i = 0; i < order.length; i++) {
                order[i] = inner.permutation().get(t.permutation().get(i));
                same &= order[i] == i;
            }
            return same
                    ? a.inputs().getFirst()
                    : graph.make(new Transpose(kiln.array.Axes.of(order)), a.inputs());
        }
        // Moving axes of size 1 does not move elements.
        int last = -1;
        for (int i = 0; i < t.permutation().count(); i++) {
            int from = t.permutation().get(i);
            if (x.aval().shape().dim(from) != 1) {
                if (from < last) {
                    return null;
                }
                last = from;
            }
        }
        return graph.make(new Reshape(type.shape()), List.of(x));
    }

    private @Nullable Node broadcastTo(BroadcastTo b, Node x) {
        if (x.aval().shape().equals(b.shape())) {
            return x;
        }
        if (x instanceof Node.Apply a && a.op() instanceof BroadcastTo) {
            return graph.make(b, a.inputs());
        }
        // From one element it does not matter how many axes of size 1 it has; from as many elements it is a reshape.
        if (x.aval().shape().size() == 1 && x.aval().shape().rank() > 0) {
            return graph.make(b, List.of(flat(x)));
        }
        return x.aval().shape().size() == b.shape().size() ? graph.make(new Reshape(b.shape()), List.of(x)) : null;
    }

    private static boolean repeated(Node node, double value) {
        return Double.compare(Simplifier.repeatedConstant(node), value) == 0;
    }

    private static @Nullable Node operand(Node node, Class<? extends Op> op) {
        return node instanceof Node.Apply a && op.isInstance(a.op()) ? a.inputs().getFirst() : null;
    }
}
