package kiln.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.math.Elementary;
import kiln.op.Compare;
import kiln.op.Exp;
import kiln.op.Log;
import kiln.op.Mul;
import kiln.op.Op;
import kiln.op.Select;
import kiln.op.Xlogy;
import org.jspecify.annotations.Nullable;

/// Takes precautions out of a density that only matter where something is infinite, before derivatives are taken.
///
/// Log densities take care of logarithms of zero and against `0 · ∞`. Where a rate is the exponential of a predictor, as in every Poisson
/// regression, that costs more than the density itself: the logarithm undoes the exponential, and neither is ever zero. Without the precautions
///
/// ```
/// log exp x = x        exp x = 0 nowhere        where(k = 0, 0, k · x) = k · x        xlogy(k, exp x) = k · x        x > 1e100 nowhere
/// ```
///
/// the value is the same wherever it is finite; where it is not, the density with its precautions has to be asked.
public final class Precautions implements Simplifier.Rules {
    private final Simplifier graph;
    private int removed;

    private Precautions(Simplifier graph) {
        this.graph = graph;
    }

    /// {@return the graph without such precautions, if it has any}
    public static Optional<Graph> remove(Graph density) {
        Precautions[] rules = new Precautions[1];
        var simplifier = new Simplifier(s -> rules[0] = new Precautions(s));
        Graph out = simplifier.run(density);
        return rules[0].removed == 0 ? Optional.empty() : Optional.of(out);
    }

    @Override
    public @Nullable Node rewrite(Op op, List<Node> in) {
        Rule rule = RULES.get(op.getClass());
        Node out = rule == null ? null : rule.rewrite(this, op, in);
        removed += out == null ? 0 : 1;
        return out;
    }

    private interface Rule {
        @Nullable Node rewrite(Precautions of, Op op, List<Node> in);
    }

    private static final Map<Class<? extends Op>, Rule> RULES = Map.of(
            Log.class, (_, _, in) -> exponent(in.getFirst()),
            Compare.class, (of, op, in) -> of.compare(((Compare) op).kind(), in.get(0), in.get(1)),
            Select.class, (_, _, in) -> select(in.get(0), in.get(1), in.get(2)),
            Xlogy.class, (of, _, in) -> of.xlogy(in.get(0), in.get(1)));

    private @Nullable Node xlogy(Node k, Node y) {
        Node x = exponent(y);
        return x == null ? null : graph.make(new Mul(), List.of(k, x));
    }

    private static @Nullable Node exponent(Node node) {
        return node instanceof Node.Apply a && a.op() instanceof Exp ? a.inputs().getFirst() : null;
    }

    private @Nullable Node compare(Compare.Kind kind, Node a, Node b) {
        if (kind == Compare.Kind.GT && Simplifier.repeatedConstant(b) >= Elementary.HUGE) {
            return truth(a.aval().shape(), false);
        }
        if (exponent(a) == null || Simplifier.repeatedConstant(b) != 0) {
            return null;
        }
        return switch (kind) {
            case EQ, LE, LT -> truth(a.aval().shape(), false);
            case NE, GT -> truth(a.aval().shape(), true);
            case GE -> null;
        };
    }

    private Node truth(Shape shape, boolean value) {
        Object storage = Storage.allocate(DType.BOOL, 1);
        Storage.setLong(storage, 0, value ? 1 : 0);
        return graph.broadcast(graph.constant(Dense.of(new Aval(DType.BOOL, Shape.SCALAR), storage)), shape);
    }

    private static @Nullable Node select(Node condition, Node a, Node b) {
        Node source = condition instanceof Node.Apply x && x.op() instanceof kiln.op.BroadcastTo ? x.inputs().getFirst() : condition;
        if (!(source instanceof Node.Constant c)) {
            return null;
        }
        if (c.value().size() == 1) {
            return c.value().longAt(0) != 0 ? a : b;
        }
        boolean isZeroProduct = Simplifier.repeatedConstant(a) == 0
                && b instanceof Node.Apply m
                && m.op() instanceof Mul
                && (isWhereZero(c.value(), m.inputs().get(0)) || isWhereZero(c.value(), m.inputs().get(1)));
        return isZeroProduct ? b : null;
    }

    /// Whether a condition holds only where a known factor is zero.
    private static boolean isWhereZero(Dense condition, Node factor) {
        if (!(factor instanceof Node.Constant k) || k.value().size() != condition.size()) {
            return false;
        }
        for (int i = 0; i < condition.size(); i++) {
            if (condition.longAt(i) != 0 && k.value().doubleAt(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
