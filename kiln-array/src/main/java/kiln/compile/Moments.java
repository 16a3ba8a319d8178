package kiln.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import kiln.array.Axes;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.graph.Node;
import kiln.math.QrFactor;
import kiln.op.Add;
import kiln.op.BroadcastTo;
import kiln.op.Concatenate;
import kiln.op.MatMul;
import kiln.op.Mul;
import kiln.op.Neg;
import kiln.op.Op;
import kiln.op.Square;
import kiln.op.Sub;
import kiln.op.Sum;
import org.jspecify.annotations.Nullable;

/// Collapses sums over data of residuals that are linear in the parameters: a Gaussian regression then costs as much for a million
/// observations as for ten.
///
/// A residual `r = y − a − X b` is a known matrix times few numbers, `r = D w`. With the factorisation `D = Q R`, made once, and `z = R w`
///
/// ```
/// Σ r² = z·z        Σ c r = (Qᵀc)·z        Xᵀ r = (QᵀX)ᵀ z
/// ```
///
/// The columns `Qᵀc` are those of `R` where `c` is a column of `D`. Squares are taken of `z` and not expanded into moments of the data, so
/// nothing cancels that does not cancel in the residuals: the method of orthogonal least squares (Golub and Van Loan, section 5.3).
final class Moments {
    /// The most columns of `D`, and how many observations there are at least for each.
    private static final int COLUMNS = 64;
    private static final int ROWS_PER_COLUMN = 4;

    /// Rows that are factored at a time: they stay in the cache, and the factor of what came before is put on top of them.
    private static final int BLOCK = 512;

    /// The most multiplications that a factorisation may take, about a tenth of a second.
    private static final double WORK = 2e8;

    private final Simplifier graph;
    private final Map<Object, Integer> numbers = new IdentityHashMap<>();
    private final Map<Node, Affine> affine = new IdentityHashMap<>();
    private final Map<List<Integer>, double[]> factors = new HashMap<>();
    private final Map<List<Integer>, Map<Object, Node>> constants = new HashMap<>();
    private final List<Note> collapsed = new ArrayList<>();

    Moments(Simplifier graph) {
        this.graph = graph;
    }

    /// Known columns of one origin, `width` of them, each with `n` elements.
    private record Block(int number, Dense values, int n, int width) {
        double at(int row, int column) {
            return values.size() == 1 ? values.doubleAt(0) : values.doubleAt(row * width + column);
        }
    }

    /// `Σ block · weight`; a weight is a scalar for one column, else `[width, 1]`.
    private record Affine(TreeMap<Integer, Term> terms) {
        int columns() {
            return terms.values().stream().mapToInt(t -> t.block().width()).sum();
        }

        List<Integer> key() {
            return List.copyOf(terms.keySet());
        }
    }

    private record Term(Block block, Node weight) {}

    /// What was collapsed; made a sentence when somebody asks, because formatting numbers loads a lot of the JDK.
    private record Note(String what, int observations, int numbers) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s over %,d observations: now %d numbers", what, observations, numbers);
        }
    }

    /// {@return what was collapsed, a line each}
    List<String> collapsed() {
        return collapsed.stream().map(Note::toString).distinct().toList();
    }

    private void note(String what, Affine r) {
        Block first = r.terms().firstEntry().getValue().block();
        collapsed.add(new Note(what, first.n(), r.columns()));
    }

    /// {@return the sum of all elements of `x` by a factorisation of the data, or null}
    @Nullable Node sum(Sum op, Node x) {
        if (op.type(List.of(x.aval())).shape().size() != 1 || !(x instanceof Node.Apply a)) {
            return null;
        }
        Node out = null;
        if (a.op() instanceof Square) {
            Affine r = residual(a.inputs().getFirst());
            Node z = r == null ? null : rotated(r);
            if (r != null && z != null) {
                note("sum of squared residuals", r);
                out = graph.make(op(z), List.of(graph.make(new Square(), List.of(z))));
            }
        } else if (a.op() instanceof Mul && a.inputs().get(0) instanceof Node.Constant c) {
            out = weighted(a.inputs().get(1), c.value());
        } else if (a.op() instanceof Mul && a.inputs().get(1) instanceof Node.Constant c) {
            out = weighted(a.inputs().get(0), c.value());
        } else {
            out = weighted(a, ones());
        }
        return out == null ? null : graph.reshape(out, x.aval().shape().drop(op.axes()));
    }

    /// {@return the product of a known matrix and a residual, or null}
    @Nullable Node product(Node left, Node right) {
        if (!(left instanceof Node.Constant m) || left.aval().shape().rank() != 2 || right.aval().shape().dim(-1) != 1) {
            return null;
        }
        Affine r = residual(right);
        double[] rotation = r == null || left.aval().shape().dim(0) > COLUMNS ? null : factor(r);
        if (r == null || rotation == null) {
            return null;
        }
        note("product of a known matrix with residuals", r);
        int k = r.columns();
        Dense matrix = m.value();
        int rows = matrix.shape().dim(0);
        int first = 0;
        for (Term t : r.terms().values()) {
            if (isTransposed(matrix, t.block())) {
                return graph.make(new MatMul(), List.of(columns(r, rotation, t.block().number(), first, rows), rotated(r, rotation)));
            }
            first += t.block().width();
        }
        double[] known = new double[rows * k];
        for (int i = 0; i < rows; i++) {
            accumulate(r, known, i * k, matrix, i * matrix.shape().dim(1));
        }
        return graph.make(new MatMul(), List.of(constant(Shape.of(rows, k), known), weights(r)));
    }

    private static Sum op(Node z) {
        return new Sum(Axes.of(IntStream.range(0, z.aval().shape().rank()).toArray()));
    }

    private static Dense ones() {
        return NDArray.of(1.0).known();
    }

    private @Nullable Node weighted(Node x, Dense c) {
        Affine r = residual(x);
        double[] rotation = r == null ? null : factor(r);
        if (r == null || rotation == null) {
            return null;
        }
        note("weighted sum of residuals", r);
        int first = 0;
        for (Term t : r.terms().values()) {
            if (t.block().width() == 1 && t.block().number() == number(c)) {
                return graph.make(new MatMul(), List.of(columns(r, rotation, t.block().number(), first, 1), rotated(r, rotation)));
            }
            first += t.block().width();
        }
        double[] known = new double[r.columns()];
        accumulate(r, known, 0, c, 0);
        return graph.make(new MatMul(), List.of(constant(Shape.of(1, known.length), known), weights(r)));
    }

    /// `out[at + k] = Σᵢ c[from + i] D[i, k]`
    private static void accumulate(Affine r, double[] out, int at, Dense c, int from) {
        int k = at;
        for (Term t : r.terms().values()) {
            for (int j = 0; j < t.block().width(); j++) {
                double sum = 0;
                for (int i = 0; i < t.block().n(); i++) {
                    sum = Math.fma(c.doubleAt(c.size() == 1 ? 0 : from + i), t.block().at(i, j), sum);
                }
                out[k++] = sum;
            }
        }
    }

    private static boolean isTransposed(Dense matrix, Block block) {
        if (block.values().size() == 1 || !matrix.shape().equals(Shape.of(block.width(), block.n()))) {
            return false;
        }
        for (int i = 0; i < block.n(); i++) {
            for (int j = 0; j < block.width(); j++) {
                if (Double.compare(matrix.doubleAt(j * block.n() + i), block.at(i, j)) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- what is linear in the parameters

    /// The number of known columns: 0 for ones, else one for every array.
    private int number(Dense values) {
        return values.size() == 1 ? 0 : numbers.computeIfAbsent(values.storage(), _ -> numbers.size() + 1);
    }

    /// {@return the residual if it is worth collapsing: it depends on parameters, and it has many more rows than columns}
    private @Nullable Affine residual(Node node) {
        if (node.aval().dtype() != DType.FLOAT64) {
            return null;
        }
        Affine r = affine(node);
        int n = Plan.size(node);
        if (r == null || r.columns() > COLUMNS || n < ROWS_PER_COLUMN * r.columns() || n < 32) {
            return null;
        }
        return (double) n * r.columns() * r.columns() > WORK ? null : r;
    }

    private @Nullable Affine affine(Node node) {
        Affine known = affine.get(node);
        if (known == null) {
            known = find(node);
            if (known != null) {
                affine.put(node, known);
            }
        }
        return known;
    }

    private @Nullable Affine find(Node node) {
        int n = Plan.size(node);
        if (node instanceof Node.Constant c) {
            return column(c.value(), n, graph.constantLike(node, Shape.SCALAR, 1));
        }
        if (!(node instanceof Node.Apply a)) {
            return null;
        }
        Node root = Plan.root(a);
        if (root != a) {
            return Plan.size(root) == n && n > 1 ? affine(root) : null;
        }
        Rule rule = RULES.get(a.op().getClass());
        return rule == null ? null : rule.of(this, a);
    }

    private interface Rule {
        /// {@return the result as known columns with weights, or null if it is not}
        @Nullable Affine of(Moments of, Node.Apply a);
    }

    private static final Map<Class<? extends Op>, Rule> RULES = Map.of(
            BroadcastTo.class, Moments::repeated,
            Add.class, (of, a) -> of.both(a, false),
            Sub.class, (of, a) -> of.both(a, true),
            Neg.class, Moments::negation,
            Mul.class, (of, a) -> of.scaled(a.inputs().get(0), a.inputs().get(1), Plan.size(a)),
            MatMul.class, Moments::combination);

    private @Nullable Affine repeated(Node.Apply a) {
        Node one = a.inputs().getFirst();
        return Plan.size(one) == 1 ? column(ones(), Plan.size(a), graph.reshape(one, Shape.SCALAR)) : null;
    }

    private @Nullable Affine negation(Node.Apply a) {
        Affine x = affine(a.inputs().getFirst());
        return x == null ? null : negated(x);
    }

    /// A known matrix times a column of numbers.
    private @Nullable Affine combination(Node.Apply a) {
        if (!(a.inputs().get(0) instanceof Node.Constant c) || c.aval().shape().rank() != 2 || a.aval().shape().dim(1) != 1) {
            return null;
        }
        var terms = new TreeMap<Integer, Term>();
        var block = new Block(number(c.value()), c.value(), Plan.size(a), c.aval().shape().dim(1));
        terms.put(block.number(), new Term(block, a.inputs().get(1)));
        return new Affine(terms);
    }

    private Affine column(Dense values, int n, Node weight) {
        var terms = new TreeMap<Integer, Term>();
        var block = new Block(number(values), values, n, 1);
        terms.put(block.number(), new Term(block, weight));
        return new Affine(terms);
    }

    /// A scalar times a known column.
    private @Nullable Affine scaled(Node a, Node b, int n) {
        if (b instanceof Node.Constant) {
            return a instanceof Node.Constant ? null : scaled(b, a, n);
        }
        boolean repeated = b instanceof Node.Apply x && x.op() instanceof BroadcastTo && Plan.size(x.inputs().getFirst()) == 1;
        return repeated && a instanceof Node.Constant c
                ? column(c.value(), n, graph.reshape(((Node.Apply) b).inputs().getFirst(), Shape.SCALAR))
                : null;
    }

    private Affine negated(Affine x) {
        var terms = new TreeMap<Integer, Term>();
        x.terms().forEach((k, t) -> terms.put(k, new Term(t.block(), graph.make(new Neg(), List.of(t.weight())))));
        return new Affine(terms);
    }

    private @Nullable Affine both(Node.Apply a, boolean minus) {
        Affine x = affine(a.inputs().get(0));
        Affine y = x == null ? null : affine(a.inputs().get(1));
        if (x == null || y == null) {
            return null;
        }
        var terms = new TreeMap<>(x.terms());
        (minus ? negated(y) : y).terms().forEach((k, t) -> terms.merge(
                k, t, (p, q) -> new Term(p.block(), graph.make(new Add(), List.of(p.weight(), q.weight())))));
        return new Affine(terms);
    }

    // ---- nodes

    private Node constant(Shape shape, double[] values) {
        return graph.constant(NDArray.of(shape, values).known());
    }

    /// `w`, as a column.
    private Node weights(Affine r) {
        List<Node> parts = new ArrayList<>();
        r.terms().values().forEach(t -> parts.add(graph.reshape(t.weight(), Shape.of(t.block().width(), 1))));
        return parts.size() == 1 ? parts.getFirst() : graph.make(new Concatenate(0), parts);
    }

    private @Nullable Node rotated(Affine r) {
        double[] rotation = factor(r);
        return rotation == null ? null : rotated(r, rotation);
    }

    /// `z = R w`
    private Node rotated(Affine r, double[] rotation) {
        int k = r.columns();
        Node matrix = shared(r, "R", () -> constant(Shape.of(k, k), rotation));
        return graph.make(new MatMul(), List.of(matrix, weights(r)));
    }

    /// Columns of `R`, transposed.
    private Node columns(Affine r, double[] rotation, int block, int first, int width) {
        int k = r.columns();
        return shared(r, block, () -> {
            double[] out = new double[width * k];
            for (int j = 0; j < width; j++) {
                for (int i = 0; i < k; i++) {
                    out[j * k + i] = rotation[i * k + first + j];
                }
            }
            return constant(Shape.of(width, k), out);
        });
    }

    /// The same node every time, so that equal products are found to be equal.
    private Node shared(Affine r, Object what, Supplier<Node> maker) {
        return constants.computeIfAbsent(r.key(), _ -> new LinkedHashMap<>()).computeIfAbsent(what, _ -> maker.get());
    }

    /// {@return `R` of the columns, row by row; null where they are not all finite}
    private double @Nullable [] factor(Affine r) {
        double[] known = factors.computeIfAbsent(r.key(), _ -> factored(r));
        return known.length == 0 ? null : known;
    }

    private static double[] factored(Affine r) {
        int k = r.columns();
        int n = r.terms().firstEntry().getValue().block().n();
        double[] rotation = new double[0];
        for (int from = 0; from < n; from += BLOCK) {
            int rows = Math.min(BLOCK, n - from);
            int top = rotation.length / Math.max(1, k);
            int m = Math.max(k, top + rows);
            double[] stacked = Arrays.copyOf(rotation, m * k);
            for (int i = 0; i < rows; i++) {
                int at = (top + i) * k;
                for (Term t : r.terms().values()) {
                    for (int j = 0; j < t.block().width(); j++) {
                        stacked[at++] = t.block().at(from + i, j);
                    }
                }
            }
            QrFactor qr = QrFactor.of(stacked, m, k);
            rotation = new double[k * k];
            for (int i = 0; i < k; i++) {
                for (int j = i; j < k; j++) {
                    rotation[i * k + j] = qr.r(i, j);
                    if (!Double.isFinite(rotation[i * k + j])) {
                        return new double[0];
                    }
                }
            }
        }
        return rotation;
    }
}
