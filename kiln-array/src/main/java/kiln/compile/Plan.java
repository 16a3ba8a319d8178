package kiln.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import kiln.array.Dense;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.op.BroadcastTo;
import kiln.op.Concatenate;
import kiln.op.Elementwise;
import kiln.op.Reshape;
import kiln.op.Slice;
import kiln.op.Stream;
import kiln.op.Streams;
import kiln.op.Structured;
import kiln.op.Sum;
import org.jspecify.annotations.Nullable;

/// The order of work: which nodes are scalar code, which share a loop, which call a kernel, and in which order they run.
///
/// Every node gets a *level*. At one level scalar code runs first, then kernels, then one loop for every number of elements (or
/// several, one after the other, where one method could not hold the work).
/// Elementwise nodes of equal size at one level share a loop, and the full sums of their values are taken in the same loop, so
/// that a likelihood and the parts of its gradient that do not depend on the total make one pass over the data. A sum is ready
/// at the next level.
final class Plan {
    /// How a node is computed.
    enum Role {
        /// one element, in local variables
        SCALAR,
        /// in a loop over its elements
        LOOP,
        /// the sum of all elements of an array, taken inside the loop over them
        TOTAL,
        /// by a library kernel
        KERNEL,
        /// tile by tile inside a loop, by a [Stream.Source]
        SOURCE,
        /// from the tiles of an operand inside the loop over it, by a [Stream.Sink]
        SINK,
        /// arrays one after the other, each written where it belongs by the code that computes it
        JOINED,
        /// neighbouring elements of an array in memory, read where they are
        VIEW,
        /// the memory of another node under another shape, an argument, or a constant
        NONE
    }

    /// The work of one level.
    static final class Level {
        final List<Node.Apply> scalars = new ArrayList<>();
        final List<Node> kernels = new ArrayList<>();
        final Map<Integer, List<Loop>> loops = new TreeMap<>();

        /// The loop over `size` elements to which `a` is added: the last one of its lane whose method does not grow too long, or a new one.
        ///
        /// @param before the loops that compute the operands of `a`, none of which may run after its own
        private Loop loop(int size, Node.Apply a, int lane, Set<Loop> before) {
            List<Loop> all = loops.computeIfAbsent(size, _ -> new ArrayList<>());
            for (Loop loop : all.reversed()) {
                if (loop.lane == lane && loop.takes(a)) {
                    return loop;
                }
                if (before.contains(loop)) {
                    break;
                }
            }
            all.add(new Loop(lane));
            return all.getLast();
        }
    }

    /// Nodes that share a loop and so a method.
    static final class Loop {
        /// What a method may take at most, and what one operation with its result, and one operand from outside, take at most.
        private static final int BYTES = 7000;
        private static final int BYTES_OF_NODE = 60;
        private static final int BYTES_OF_SOURCE = 40;

        final List<Node.Apply> nodes = new ArrayList<>();
        private final int lane;
        private final Set<Node> touched = Collections.newSetFromMap(new IdentityHashMap<>());
        private int bytes;

        Loop(int lane) {
            this.lane = lane;
        }

        private boolean takes(Node.Apply a) {
            return bytes + BYTES_OF_NODE + newSources(a) * BYTES_OF_SOURCE <= BYTES;
        }

        private int newSources(Node.Apply a) {
            return (int) operands(a).stream().filter(in -> !touched.contains(in)).count();
        }

        private void add(Node.Apply a) {
            bytes += BYTES_OF_NODE + newSources(a) * BYTES_OF_SOURCE;
            nodes.add(a);
            touched.add(a);
            touched.addAll(operands(a));
        }
    }

    private final Graph graph;
    private final Map<Node, Integer> lanes;
    private final Map<Node, Integer> level = new IdentityHashMap<>();
    private final Map<Node, Role> role = new IdentityHashMap<>();
    private final Set<Node> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> first = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Node, Loop> loopOf = new IdentityHashMap<>();
    private final Map<Node, Streams.Streamed> streamed = new IdentityHashMap<>();
    private final Streams streams = new Streams();
    private final List<Level> levels = new ArrayList<>();

    private Plan(Graph graph, Map<Node, Integer> lanes) {
        this.graph = graph;
        this.lanes = lanes;
    }

    static Plan of(Graph graph) {
        return of(graph, Map.of());
    }

    /// {@return whether it is the plan of several lanes}
    boolean hasLanes() {
        return !lanes.isEmpty();
    }

    /// {@return the plan of a graph in which nodes of different lanes share no loop: it would be too long to be vector code, see [Lanes]}
    ///
    /// @param lanes numbers of some nodes; 0 for the others
    static Plan of(Graph graph, Map<Node, Integer> lanes) {
        var plan = new Plan(graph, lanes);
        List<Node> nodes = graph.nodes();
        for (Node node : nodes) {
            if (node instanceof Node.Apply a) {
                plan.place(a);
            } else if (node instanceof Node.Result r) {
                plan.place(r);
            }
        }
        plan.delay(nodes);
        nodes.forEach(plan::enlist);
        return plan;
    }

    /// Moves what loops compute to the level of the loop that reads it first, which then needs no memory for it.
    private void delay(List<Node> nodes) {
        var latest = new IdentityHashMap<Node, Integer>();
        graph.outputs().forEach(out -> latest.put(root(out), -1));
        for (Node node : nodes.reversed()) {
            Role r = role(node);
            if (r == Role.LOOP || r == Role.SOURCE) {
                int until = latest.getOrDefault(node, -1);
                if (until > level(node)) {
                    level.put(node, until);
                }
            }
            for (Node in : operands(node)) {
                boolean same = switch (r) {
                    case LOOP -> size(in) == size(node);
                    case TOTAL, SINK -> in == summed((Node.Apply) node);
                    case SCALAR, KERNEL, SOURCE, JOINED, VIEW, NONE -> false;
                };
                // Other readers need it when it is ready at the earliest.
                latest.merge(in, same ? level(node) : -1, Math::min);
            }
        }
    }

    private void enlist(Node node) {
        if (node instanceof Node.Result r && first.contains(r)) {
            level(level(r)).kernels.add(r);
        }
        if (!(node instanceof Node.Apply a)) {
            return;
        }
        switch (role(a)) {
            case SCALAR -> level(level(a)).scalars.add(a);
            case KERNEL -> level(level(a)).kernels.add(a);
            case JOINED -> {
                if (operands(a).stream().anyMatch(this::isCopied)) {
                    level(level(a)).kernels.add(a);
                }
            }
            case LOOP, SOURCE -> join(size(a), a);
            case TOTAL, SINK -> join(size(summed(a)), a);
            case VIEW, NONE -> {}
        }
    }

    Graph graph() {
        return graph;
    }

    List<Level> levels() {
        return levels;
    }

    Role role(Node node) {
        return role.getOrDefault(node, Role.NONE);
    }

    int level(Node node) {
        return level.getOrDefault(node, 0);
    }

    /// {@return the node whose memory or value this one shares: reshaping moves nothing}
    static Node root(Node node) {
        Node at = node;
        while (at instanceof Node.Apply a && isAlias(a)) {
            at = a.inputs().getFirst();
        }
        return at;
    }

    private static boolean isAlias(Node.Apply a) {
        boolean keepsElement = a.op() instanceof BroadcastTo || (a.op() instanceof Sum && !a.aval().dtype().isFloating());
        return a.op() instanceof Reshape || (keepsElement && size(a) == 1 && size(a.inputs().getFirst()) == 1);
    }

    static int size(Node node) {
        return node.aval().shape().size();
    }

    static List<Node> operands(Node node) {
        List<Node> in = node.operands();
        for (Node x : in) {
            if (x instanceof Node.Apply a && isAlias(a)) {
                return Lists.map(in, Plan::root);
            }
        }
        return in;
    }

    private Role roleOf(Node.Apply a) {
        if (isAlias(a)) {
            return Role.NONE;
        }
        if (a.op() instanceof Slice && viewOffset(a) >= 0) {
            return Role.VIEW;
        }
        if (a.op() instanceof Concatenate c && a.aval().shape().slice(0, c.axis()).size() == 1 && size(a) > 0) {
            return Role.JOINED;
        }
        if (a.op() instanceof Elementwise) {
            return size(a) == 1 ? Role.SCALAR : Role.LOOP;
        }
        if (isFill(a)) {
            return Role.LOOP;
        }
        if (a.op() instanceof Sum && size(a) == 1 && a.aval().dtype().isFloating()) {
            return Role.TOTAL;
        }
        return stream((Structured) a.op(), a);
    }

    private Role stream(Structured op, Node.Apply a) {
        List<@Nullable Dense> known = new ArrayList<>();
        operands(a).forEach(in -> known.add(in instanceof Node.Constant c ? c.value() : null));
        Streams.Streamed found = streams.find(op, Node.types(a.inputs()), known);
        if (found == null || (!found.isSource() && isFill(operands(a).get(found.operand())))) {
            return Role.KERNEL;
        }
        streamed.put(a, found);
        return found.isSource() ? Role.SOURCE : Role.SINK;
    }

    /// {@return how an operation in the role of a source or a sink works}
    Streams.Streamed streamed(Node node) {
        return Objects.requireNonNull(streamed.get(node));
    }

    /// {@return the operands of an operation in a loop that the loop reads element by element}
    List<Node> elementwise(Node.Apply a) {
        return switch (role(a)) {
            case SOURCE -> List.of();
            case SINK -> List.of(operands(a).get(streamed(a).operand()));
            default -> operands(a);
        };
    }

    /// {@return the operand whose elements the loop of a sum or a sink runs over}
    private Node summed(Node.Apply a) {
        return operands(a).get(role(a) == Role.SINK ? streamed(a).operand() : 0);
    }

    /// {@return the position of the first element of a slice whose elements are neighbours in memory, or −1}
    static int viewOffset(Node.Apply a) {
        var slice = (Slice) a.op();
        Shape from = a.inputs().getFirst().aval().shape();
        Shape to = a.aval().shape();
        int[] strides = from.strides();
        int offset = 0;
        boolean whole = true;
        for (int axis = from.rank() - 1; axis >= 0; axis--) {
            int n = to.dim(axis);
            if (n == 0 || (n > 1 && (slice.step().get(axis) != 1 || !whole))) {
                return -1;
            }
            offset += slice.start().get(axis) * strides[axis];
            whole &= n == from.dim(axis);
        }
        return offset;
    }

    /// {@return the node in whose memory a view lies, which may itself be a view}
    static Node base(Node view) {
        return root(((Node.Apply) view).inputs().getFirst());
    }

    /// {@return the node in whose memory a view of a view … lies in the end; any other node itself}
    Node source(Node node) {
        Node at = node;
        while (role(at) == Role.VIEW) {
            at = base(at);
        }
        return at;
    }

    /// {@return whether code has to copy an operand of a joined array to its place, because nothing computes it there}
    boolean isCopied(Node part) {
        return role(part) == Role.NONE || role(part) == Role.VIEW || role(part) == Role.JOINED;
    }

    /// {@return whether a node repeats one element, which a loop needs no memory for}
    static boolean isFill(Node node) {
        return node instanceof Node.Apply a && a.op() instanceof BroadcastTo && size(a) != 1 && size(a.inputs().getFirst()) == 1;
    }

    /// An operation with several results is one kernel; it stands at the first result that is used.
    private void place(Node.Result result) {
        Integer known = null;
        for (Node.Result other : result.call().results()) {
            known = known == null ? level.get(other) : known;
        }
        role.put(result, Role.KERNEL);
        used.add(result);
        if (known != null) {
            level.put(result, known);
            return;
        }
        int at = 0;
        for (Node in : operands(result)) {
            at = Math.max(at, ready(in, Role.KERNEL, size(result)));
        }
        level.put(result, at);
        first.add(result);
    }

    /// {@return whether a result of an operation with several is used}
    boolean isUsed(Node.Result result) {
        return used.contains(result);
    }

    private Level level(int at) {
        while (levels.size() <= at) {
            levels.add(new Level());
        }
        return levels.get(at);
    }

    private void place(Node.Apply a) {
        Role r = roleOf(a);
        role.put(a, r);
        if (r == Role.NONE) {
            return;
        }
        int at = 0;
        if (r == Role.TOTAL || r == Role.SINK) {
            at = ready(summed(a), Role.LOOP, size(summed(a)));
        } else {
            for (Node in : operands(a)) {
                at = Math.max(at, ready(in, r == Role.SOURCE ? Role.KERNEL : r, size(a)));
            }
        }
        level.put(a, at);
    }

    private void join(int size, Node.Apply a) {
        Set<Loop> before = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node in : operands(a)) {
            Loop made = loopOf.get(in);
            if (made != null) {
                before.add(made);
            }
        }
        Loop loop = level(level(a)).loop(size, a, lanes.getOrDefault(a, 0), before);
        loop.add(a);
        loopOf.put(a, loop);
    }

    /// The first level at which a consumer in the given role can use an operand.
    private int ready(Node operand, Role consumer, int size) {
        int at = level(operand);
        return switch (role(operand)) {
            case NONE -> 0;
            case SCALAR -> at;
            case KERNEL, JOINED -> consumer == Role.SCALAR ? at + 1 : at;
            case TOTAL, SINK -> at + 1;
            case LOOP, SOURCE -> consumer == Role.LOOP && size(operand) == size ? at : at + 1;
            case VIEW -> ready(base(operand), consumer == Role.LOOP ? Role.KERNEL : consumer, size);
        };
    }

    /// {@return the operations whose value must lie in memory of its own: what kernels, other loops and views read}
    Map<Node, Boolean> materialized() {
        var out = new IdentityHashMap<Node, Boolean>();
        for (Node node : graph.nodes()) {
            if (role(node) == Role.VIEW) {
                out.put(base(node), true);
            }
        }
        for (Level l : levels) {
            for (Node k : l.kernels) {
                operands(k).stream().filter(in -> role(k) != Role.JOINED || isCopied(in)).forEach(in -> out.put(in, true));
            }
            for (Loop loop : l.loops.values().stream().flatMap(List::stream).toList()) {
                for (Node.Apply a : loop.nodes) {
                    List<Node> elements = elementwise(a);
                    for (Node in : operands(a)) {
                        boolean made = (role(in) == Role.LOOP || role(in) == Role.SOURCE) && !isFill(in) && loopOf.get(in) != loop;
                        if (role(in) == Role.JOINED || made || !elements.contains(in)) {
                            out.put(in, true);
                        }
                    }
                }
            }
        }
        return out;
    }

    /// {@return the scalar that a fill repeats, else the node itself}
    static Node repeated(Node node) {
        return isFill(node) ? root(((Node.Apply) node).inputs().getFirst()) : node;
    }
}
