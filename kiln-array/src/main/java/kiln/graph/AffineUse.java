package kiln.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.op.Add;
import kiln.op.BroadcastTo;
import kiln.op.Div;
import kiln.op.Flip;
import kiln.op.Gather;
import kiln.op.LinearMap;
import kiln.op.MatMul;
import kiln.op.Mul;
import kiln.op.Neg;
import kiln.op.Op;
import kiln.op.Reshape;
import kiln.op.Slice;
import kiln.op.Sub;
import kiln.op.Transpose;
import org.jspecify.annotations.Nullable;

/// How a parameter z enters the outputs of a graph, if all of them see it as `x = loc + scale · z` only.
///
/// ```
/// scale   the factors that all ways from z to the outputs multiply it by, before anything is added
/// loc     what all of them add then; 0 where some have more factors than the scale
/// ```
///
/// Both are of the shape of z, or scalars. On the way elements of z may be moved, repeated and picked by index, with the factors and what is added moved in the same
/// way. Where z is summed, multiplied by a matrix or by data of another shape, scalars are still its factors. Added constants are left out of loc: they are no location
/// of x, but of what is compared with it.
public final class AffineUse {
    private final Graph graph;
    private final int z;
    private final List<Part> terms;
    private final List<Part> factors;

    private AffineUse(Graph graph, int z, List<Part> terms, List<Part> factors) {
        this.graph = graph;
        this.z = z;
        this.terms = terms;
        this.factors = factors;
    }

    /// A term, or a factor.
    ///
    /// @param node       a scalar, or of the shape of z
    /// @param isInverse  whether it is subtracted, or divided by
    /// @param parameters what it depends on
    private record Part(Node node, boolean isInverse, BitSet parameters) {
        boolean is(Part other) {
            return node == other.node && isInverse == other.isInverse;
        }
    }

    /// A graph of which parameters are asked one after the other: which nodes compute the same, and what each depends on, is found once.
    public static final class Asked {
        private final Graph graph;
        private final ValueNumbers numbers = new ValueNumbers();
        private final Map<Node, BitSet> parameters = new IdentityHashMap<>();

        /// @param graph whose parameters are asked
        public Asked(Graph graph) {
            this.graph = graph;
            List<BitSet> own = Provenance.singles(graph.parameters().size());
            graph.parameters().forEach(p -> parameters.put(p, own.get(p.index())));
            for (Node node : graph.nodes()) {
                var depends = new BitSet();
                for (Node in : node.operands()) {
                    depends.or(parameters(in));
                }
                parameters.put(node, depends);
                numbers.add(node);
            }
        }

        private BitSet parameters(Node node) {
            return Objects.requireNonNull(parameters.get(node));
        }

        /// {@return how a parameter is used by some outputs; empty if they do not scale it by the same other parameters}
        ///
        /// @param z       index of the parameter
        /// @param outputs of the graph
        public Optional<AffineUse> use(int z, List<Node> outputs) {
            return of(graph, z, new Search(this, new Graph(graph.parameters(), outputs), z).uses());
        }
    }

    private static Optional<AffineUse> of(Graph graph, int z, List<Image> uses) {
        if (uses.isEmpty()) {
            return Optional.empty();
        }
        List<Part> factors = uses.getFirst().factors;
        for (Image use : uses) {
            factors = common(factors, use.factors);
        }
        List<Part> terms = uses.getFirst().terms;
        for (Image use : uses) {
            terms = use.isOpaque || use.factors.size() > factors.size() ? List.of() : common(terms, use.terms);
        }
        var out = new AffineUse(graph, z, terms, factors);
        return out.scaleParameters().isEmpty() ? Optional.empty() : Optional.of(out);
    }

    private static List<Part> common(List<Part> some, List<Part> others) {
        var rest = new ArrayList<>(others);
        var out = new ArrayList<Part>();
        for (Part p : some) {
            for (int i = 0; i < rest.size(); i++) {
                if (p.is(rest.get(i))) {
                    out.add(p);
                    rest.remove(i);
                    break;
                }
            }
        }
        return out;
    }

    /// {@return the parameters that the scale depends on}
    public BitSet scaleParameters() {
        return parameters(factors);
    }

    /// {@return the parameters that loc depends on}
    public BitSet locParameters() {
        return parameters(terms);
    }

    private static BitSet parameters(List<Part> parts) {
        var out = new BitSet();
        parts.forEach(p -> out.or(p.parameters));
        return out;
    }

    /// {@return the same without the terms of loc that depend on some parameters}
    public AffineUse without(BitSet some) {
        return new AffineUse(graph, z, terms.stream().filter(t -> !t.parameters.intersects(some)).toList(), factors);
    }

    /// {@return a graph of the same parameters with the outputs loc and scale}
    public Graph parts() {
        var nodes = new ArrayList<Node>();
        terms.forEach(t -> nodes.add(t.node));
        factors.forEach(f -> nodes.add(f.node));
        var own = new Graph(graph.parameters(), nodes);
        return Tracer.build(Node.types(graph.parameters()), x -> {
                    List<NDArray> values = own.call(x);
                    NDArray loc = NDArray.as(0.0);
                    for (int i = 0; i < terms.size(); i++) {
                        NDArray t = scalarOrWhole(values.get(i));
                        loc = terms.get(i).isInverse ? loc.minus(t) : i == 0 ? t : loc.plus(t);
                    }
                    NDArray scale = NDArray.as(1.0);
                    for (int i = 0; i < factors.size(); i++) {
                        NDArray f = scalarOrWhole(values.get(terms.size() + i));
                        scale = factors.get(i).isInverse ? scale.div(f) : i == 0 ? f : scale.times(f);
                    }
                    return List.of(loc, scale);
                });
    }

    private static NDArray scalarOrWhole(NDArray x) {
        return x.size() == 1 ? x.reshape(Shape.SCALAR) : x;
    }

    /// A node as a function of z: `± M(Σ terms + Π factors · z)`.
    ///
    /// @param moves    what M does, in order
    /// @param isOpaque whether M is another linear map, of which only that is known; then there are no terms
    private record Image(List<Node.Apply> moves, boolean isOpaque, boolean isNegative, List<Part> terms, List<Part> factors) {
        Image negated() {
            return new Image(moves, isOpaque, !isNegative, terms, factors);
        }

        /// {@return what another linear map makes of it, constant factors included; null if that is not linear in z}
        @Nullable Image mapped() {
            return terms.isEmpty()
                    ? new Image(List.of(), true, isNegative, terms, factors.stream().filter(f -> !f.parameters.isEmpty()).toList())
                    : null;
        }

        Image moved(Node.Apply move) {
            return isOpaque ? this : new Image(with(moves, move), false, isNegative, terms, factors);
        }
    }

    private static <T> List<T> with(List<T> all, T one) {
        var out = new ArrayList<>(all);
        out.add(one);
        return out;
    }

    /// The way from z to the outputs.
    private static final class Search {
        private final Asked asked;
        private final Graph graph;
        private final Node.Parameter z;
        private final Map<Node, Image> images = new IdentityHashMap<>();
        private final Set<Node> used = new LinkedHashSet<>();

        Search(Asked asked, Graph graph, int z) {
            this.asked = asked;
            this.graph = graph;
            this.z = graph.parameters().get(z);
        }

        /// {@return as what z arrives where it goes no further as an image of itself}
        List<Image> uses() {
            images.put(z, new Image(List.of(), false, false, List.of(), List.of()));
            for (Node node : graph.nodes()) {
                visit(node);
            }
            for (Node output : graph.outputs()) {
                use(output);
            }
            var out = new ArrayList<Image>();
            used.forEach(n -> out.add(Objects.requireNonNull(images.get(n))));
            return out;
        }

        private void visit(Node node) {
            boolean anImage = false;
            for (Node in : node.operands()) {
                anImage |= images.containsKey(in);
            }
            if (!anImage) {
                return;
            }
            Image image = node instanceof Node.Apply a ? image(a) : null;
            if (image == null) {
                node.operands().forEach(this::use);
            } else {
                images.put(node, image);
            }
        }

        private void use(Node node) {
            if (images.containsKey(node)) {
                used.add(node);
            }
        }

        private BitSet parameters(Node node) {
            return asked.parameters(node);
        }

        private @Nullable Image image(Node.Apply a) {
            Op op = a.op();
            Node first = a.inputs().getFirst();
            Image one = images.get(first);
            if (a.inputs().size() == 1 && one != null) {
                return op instanceof Neg ? one.negated() : isMove(op) ? one.moved(a) : op instanceof LinearMap ? one.mapped() : null;
            }
            if (op instanceof LinearMap) {
                return one == null ? null : op instanceof Gather ? one.moved(a) : one.mapped();
            }
            if (a.inputs().size() != 2) {
                return null;
            }
            Node second = a.inputs().get(1);
            Image other = images.get(second);
            if (one != null && other != null) {
                return op instanceof Add || op instanceof Sub ? sum(one, other) : null;
            }
            if (parameters(one == null ? first : second).get(z.index())) {
                return null;
            }
            return one != null ? image(op, one, second) : image(op, first, Objects.requireNonNull(other));
        }

        private @Nullable Image image(Op op, Image x, Node other) {
            return switch (op) {
                case Add _ -> plus(x, other, false);
                case Sub _ -> plus(x, other, true);
                case Mul _ -> times(x, other, false);
                case Div _ -> times(x, other, true);
                case MatMul _ -> x.mapped();
                default -> null;
            };
        }

        private @Nullable Image image(Op op, Node other, Image x) {
            return switch (op) {
                case Add _ -> plus(x, other, false);
                case Sub _ -> plus(x.negated(), other, false);
                case Mul _ -> times(x, other, false);
                case MatMul _ -> x.mapped();
                default -> null;
            };
        }

        private static boolean isMove(Op op) {
            return op instanceof BroadcastTo || op instanceof Reshape || op instanceof Transpose || op instanceof Slice || op instanceof Flip;
        }

        /// Differences from the mean, and the like.
        private static @Nullable Image sum(Image a, Image b) {
            Image one = a.mapped();
            Image other = b.mapped();
            boolean alike = one != null && other != null && one.factors.size() == other.factors.size()
                    && common(one.factors, other.factors).size() == one.factors.size();
            return alike ? one : null;
        }

        private @Nullable Image plus(Image x, Node w, boolean isSubtracted) {
            if (parameters(w).isEmpty() && !x.isOpaque) {
                return x;
            }
            Node term = x.isOpaque ? null : unmoved(w, x.moves);
            return term == null
                    ? null
                    : new Image(x.moves, false, x.isNegative, with(x.terms, new Part(term, isSubtracted != x.isNegative, parameters(w))), x.factors);
        }

        private @Nullable Image times(Image x, Node w, boolean isDivisor) {
            if (!x.terms.isEmpty()) {
                return null;
            }
            Node factor = !x.isOpaque ? unmoved(w, x.moves) : parameters(w).isEmpty() ? null : scalar(w);
            return factor == null
                    ? x.mapped()
                    : new Image(x.moves, x.isOpaque, x.isNegative, x.terms, with(x.factors, new Part(factor, isDivisor, parameters(w))));
        }

        /// {@return what becomes w if it is moved like z; null if there is no such thing among the nodes}
        private @Nullable Node unmoved(Node w, List<Node.Apply> moves) {
            Node scalar = scalar(w);
            if (scalar != null) {
                return scalar;
            }
            Node n = w;
            for (Node.Apply move : moves.reversed()) {
                if (!(n instanceof Node.Apply a) || !a.op().equals(move.op())) {
                    return null;
                }
                for (int i = 1; i < a.inputs().size(); i++) {
                    if (asked.numbers.of(a.inputs().get(i)) != asked.numbers.of(move.inputs().get(i))) {
                        return null;
                    }
                }
                n = a.inputs().getFirst();
            }
            return n.aval().shape().equals(z.aval().shape()) ? asked.numbers.of(n) : null;
        }

        private @Nullable Node scalar(Node w) {
            Node n = w;
            while (n instanceof Node.Apply a && (a.op() instanceof BroadcastTo || a.op() instanceof Reshape)) {
                n = a.inputs().getFirst();
            }
            return n.aval().shape().size() == 1 ? asked.numbers.of(n) : null;
        }
    }
}
