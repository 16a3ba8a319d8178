package kiln.compile;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Shape;
import kiln.graph.Node;
import kiln.op.Add;
import kiln.op.BroadcastTo;
import kiln.op.Cast;
import kiln.op.Div;
import kiln.op.Mul;
import kiln.op.Neg;
import kiln.op.Op;
import kiln.op.Reshape;
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
/// factor itself is infinite or its reciprocal is.
final class Algebra {
    private final Simplifier graph;

    Algebra(Simplifier graph) {
        this.graph = graph;
    }

    static boolean isCommutative(Op op) {
        return op instanceof Add || op instanceof Mul;
    }

    @Nullable Node rewrite(Op op, List<Node> in) {
        return switch (op) {
            case Add _ -> add(in.get(0), in.get(1));
            case Sub _ -> sub(in.get(0), in.get(1));
            case Mul _ -> mul(in.get(0), in.get(1));
            case Div _ -> div(in.get(0), in.get(1));
            case Square _ -> square(in.getFirst());
            case Neg _ -> neg(in.getFirst());
            case Sum s -> sum(s, in.getFirst());
            case StopGradient _ -> in.getFirst();
            case Cast c -> c.from() == c.to() ? in.getFirst() : null;
            case Reshape r -> reshape(r, in.getFirst());
            case Transpose t -> transpose(t, in.getFirst());
            case BroadcastTo b -> broadcastTo(b, in.getFirst());
            default -> null;
        };
    }

    private @Nullable Node add(Node a, Node b) {
        Node negB = operand(b, Neg.class);
        if (negB != null) {
            return graph.make(new Sub(), List.of(a, negB));
        }
        Node negA = operand(a, Neg.class);
        return negA != null ? graph.make(new Sub(), List.of(b, negA)) : null;
    }

    private @Nullable Node sub(Node a, Node b) {
        if (repeated(b, 0)) {
            return a;
        }
        Node negB = operand(b, Neg.class);
        return negB != null ? graph.make(new Add(), List.of(a, negB)) : null;
    }

    /// Products are kept in the form `(x · y · …) · s` with repeated scalars `s` outermost and combined, so that a sum can pull
    /// them out.
    private @Nullable Node mul(Node a, Node b) {
        if (isRepeated(a) && !isRepeated(b)) {
            return mul(b, a);
        }
        double c = Simplifier.repeatedConstant(b);
        if (c == 1) {
            return a;
        }
        if (c == -1) {
            return graph.make(new Neg(), List.of(a));
        }
        Node negA = operand(a, Neg.class);
        Node negB = operand(b, Neg.class);
        if (negA != null && !Double.isNaN(c)) {
            return graph.make(new Mul(), List.of(negA, graph.constantLike(b, b.aval().shape(), -c)));
        }
        if (negA != null && negB != null) {
            return graph.make(new Mul(), List.of(negA, negB));
        }
        if (negA != null || negB != null) {
            Node product = graph.make(new Mul(), List.of(negA == null ? a : negA, negB == null ? b : negB));
            return graph.make(new Neg(), List.of(product));
        }
        if (a == b) {
            return graph.make(new Square(), List.of(a));
        }
        Node.Apply scaled = scaled(a);
        if (scaled != null) {
            Node x = scaled.inputs().get(isRepeated(scaled.inputs().get(0)) ? 1 : 0);
            Node s = scaled.inputs().get(isRepeated(scaled.inputs().get(0)) ? 0 : 1);
            if (isRepeated(b) && !(isModerate(s, b) && isModerate(b, b))) {
                return null;
            }
            return isRepeated(b)
                    ? graph.make(new Mul(), List.of(x, graph.make(new Mul(), List.of(s, b))))
                    : graph.make(new Mul(), List.of(graph.make(new Mul(), List.of(x, b)), s));
        }
        return scaled(b) != null && !isRepeated(b) ? mul(b, a) : null;
    }

    /// {@return the node, if it is the product of an array with a repeated scalar or of a scalar with a constant}
    private static Node.@Nullable Apply scaled(Node node) {
        return node instanceof Node.Apply m
                        && m.op() instanceof Mul
                        && isRepeated(m.inputs().get(0)) != isRepeated(m.inputs().get(1))
                ? m
                : null;
    }

    /// {@return whether a node repeats one element: a broadcast scalar, or a constant}
    private static boolean isRepeated(Node node) {
        return scalarFactor(node) || !Double.isNaN(Simplifier.repeatedConstant(node));
    }

    /// {@return whether a node is a scalar repeated along axes}
    private static boolean scalarFactor(Node node) {
        return node instanceof Node.Apply b && b.op() instanceof BroadcastTo && b.inputs().getFirst().aval().shape().size() == 1;
    }

    /// Over an array, a product with the reciprocal of a scalar or of a constant is several times faster than a division.
    private @Nullable Node div(Node a, Node b) {
        if (repeated(b, 1)) {
            return a;
        }
        boolean array = a.aval().shape().size() > 1 && a.aval().dtype().isFloating();
        if (array && (isRepeated(b) || b instanceof Node.Constant) && isModerate(b, b)) {
            return graph.make(new Mul(), List.of(a, graph.make(new Div(), List.of(graph.constantLike(b, b.aval().shape(), 1), b))));
        }
        Node negA = operand(a, Neg.class);
        return negA == null ? null : graph.make(new Neg(), List.of(graph.make(new Div(), List.of(negA, b))));
    }

    private @Nullable Node square(Node a) {
        Node inner = operand(a, Neg.class);
        if (inner != null) {
            return graph.make(new Square(), List.of(inner));
        }
        Node.Apply product = a.aval().shape().size() > 1 ? scaled(a) : null;
        return product == null
                ? null
                : graph.make(new Mul(), product.inputs().stream().map(x -> graph.make(new Square(), List.of(x))).toList());
    }

    private @Nullable Node neg(Node a) {
        return operand(a, Neg.class);
    }

    /// Whether a factor, if it is a constant, is so near 1 that a product with another such factor and any usual value is neither infinite nor zero.
    private static boolean isModerate(Node factor, Node like) {
        double c = Math.abs(Simplifier.repeatedConstant(factor));
        double most = like.aval().dtype() == DType.FLOAT32 ? 0x1p32 : 0x1p256;
        return Double.isNaN(c) || (c <= most && c >= 1 / most);
    }

    /// Terms and factors that are the same for all summands leave the sum: `Σ (c·x + d) = c·Σ x + n·d`.
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
        switch (a.op()) {
            case Neg _ -> {
                return graph.make(new Neg(), List.of(graph.make(s, a.inputs())));
            }
            case BroadcastTo _ when scalarFactor(a) -> {
                Node one = graph.broadcast(flat(a.inputs().getFirst()), out);
                double n = (double) x.aval().shape().size() / out.size();
                return graph.make(new Mul(), List.of(one, graph.constantLike(one, out, n)));
            }
            case Add _, Sub _ when scalarFactor(a.inputs().get(0)) || scalarFactor(a.inputs().get(1)) -> {
                return graph.make(a.op(), a.inputs().stream().map(t -> graph.make(s, List.of(t))).toList());
            }
            case Mul _ -> {
                for (int i = 0; i < 2; i++) {
                    Node factor = a.inputs().get(i);
                    if (scalarFactor(factor)) {
                        Node rest = graph.make(s, List.of(a.inputs().get(1 - i)));
                        Node scalar = flat(((Node.Apply) factor).inputs().getFirst());
                        return graph.make(new Mul(), List.of(rest, graph.broadcast(scalar, out)));
                    }
                }
            }
            default -> {}
        }
        return null;
    }

    private Node flat(Node one) {
        return one.aval().shape().rank() == 0 ? one : graph.make(new Reshape(Shape.SCALAR), List.of(one));
    }

    private @Nullable Node reshape(Reshape r, Node x) {
        if (x.aval().shape().equals(r.shape())) {
            return x;
        }
        if (x instanceof Node.Apply a && a.op() instanceof Reshape) {
            return graph.make(r, a.inputs());
        }
        return x instanceof Node.Apply b && scalarFactor(x) && r.shape().size() != 1
                ? graph.broadcast(flat(b.inputs().getFirst()), r.shape())
                : null;
    }

    private @Nullable Node transpose(Transpose t, Node x) {
        Aval type = t.type(List.of(x.aval()));
        if (x instanceof Node.Apply b && scalarFactor(x)) {
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
        return Simplifier.repeatedConstant(node) == value;
    }

    private static @Nullable Node operand(Node node, Class<? extends Op> op) {
        return node instanceof Node.Apply a && op.isInstance(a.op()) ? a.inputs().getFirst() : null;
    }
}
