package kiln.compile;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Shape;
import kiln.graph.Node;
import kiln.op.Add;
import kiln.op.Concatenate;
import kiln.op.Pad;
import org.jspecify.annotations.Nullable;

/// Turns sums of arrays that are zero where the other is not into joined arrays.
///
/// The derivative by a part of an array is the part's derivative among zeros, and the derivatives by several parts are added:
///
/// ```
/// pad(a, 0, 2) + pad(b, 1, 0)   =   [a, b]          a + 0 is kept for each part: it makes +0 of −0
/// ```
final class Joins {
    private final Simplifier graph;

    Joins(Simplifier graph) {
        this.graph = graph;
    }

    /// Parts along an axis, in order; a part without a node is `length` zeros.
    private record Part(@Nullable Node node, int length) {}

    private record Parts(int axis, List<Part> list) {}

    /// {@return the sum as a joined array, if it is one}
    @Nullable Node add(Node a, Node b) {
        Parts x = parts(a);
        Parts y = x == null ? null : parts(b);
        if (x == null || y == null || x.axis() != y.axis()) {
            return null;
        }
        List<Part> merged = merge(x.list(), y.list());
        return merged == null ? null : joined(a, x.axis(), merged);
    }

    private static @Nullable Parts parts(Node node) {
        if (!(node instanceof Node.Apply a) || !node.aval().dtype().isFloating()) {
            return null;
        }
        if (a.op() instanceof Concatenate c) {
            List<Part> out = new ArrayList<>();
            for (Node in : a.inputs()) {
                boolean zero = Simplifier.repeatedConstant(in) == 0;
                out.add(new Part(zero ? null : in, in.aval().shape().dim(c.axis())));
            }
            return new Parts(c.axis(), out);
        }
        if (!(a.op() instanceof Pad p)) {
            return null;
        }
        int axis = -1;
        for (int i = 0; i < p.low().count(); i++) {
            if (p.interior().get(i) != 0 && a.inputs().getFirst().aval().shape().dim(i) > 1) {
                return null;
            }
            if (p.low().get(i) != 0 || p.high().get(i) != 0) {
                if (axis >= 0) {
                    return null;
                }
                axis = i;
            }
        }
        if (axis < 0) {
            return null;
        }
        Node in = a.inputs().getFirst();
        List<Part> out = new ArrayList<>();
        addZeros(out, p.low().get(axis));
        out.add(new Part(in, in.aval().shape().dim(axis)));
        addZeros(out, p.high().get(axis));
        return new Parts(axis, out);
    }

    private static void addZeros(List<Part> parts, int length) {
        if (length > 0) {
            parts.add(new Part(null, length));
        }
    }

    /// {@return the parts of both, or null if two that are not zero meet}
    private static @Nullable List<Part> merge(List<Part> x, List<Part> y) {
        List<Part> out = new ArrayList<>();
        int i = 0;
        int j = 0;
        int fromX = 0;
        int fromY = 0;
        while (i < x.size() && j < y.size()) {
            Part a = x.get(i);
            Part b = y.get(j);
            int restX = a.length() - fromX;
            int restY = b.length() - fromY;
            int step;
            if (a.node() == null && b.node() == null) {
                step = Math.min(restX, restY);
                addZeros(out, step);
            } else if (a.node() != null && b.node() == null && fromX == 0 && a.length() <= restY) {
                step = a.length();
                out.add(a);
            } else if (b.node() != null && a.node() == null && fromY == 0 && b.length() <= restX) {
                step = b.length();
                out.add(b);
            } else {
                return null;
            }
            fromX += step;
            fromY += step;
            if (fromX == a.length()) {
                i++;
                fromX = 0;
            }
            if (fromY == b.length()) {
                j++;
                fromY = 0;
            }
        }
        return out;
    }

    private Node joined(Node like, int axis, List<Part> parts) {
        Shape shape = like.aval().shape();
        List<Node> nodes = new ArrayList<>();
        for (Part part : parts) {
            Node zeros = graph.constantLike(like, shape.with(axis, part.length()), 0);
            nodes.add(part.node() == null ? zeros : plusZero(part.node(), zeros));
        }
        return graph.intern(new Concatenate(axis), nodes);
    }

    private Node plusZero(Node x, Node zeros) {
        boolean done = x instanceof Node.Apply a
                && a.op() instanceof Add
                && (Simplifier.repeatedConstant(a.inputs().get(0)) == 0 || Simplifier.repeatedConstant(a.inputs().get(1)) == 0);
        return done ? x : graph.make(new Add(), List.of(x, zeros));
    }
}
