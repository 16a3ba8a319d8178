package kiln.compile;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.graph.Graph;
import kiln.graph.Node;
import org.jspecify.annotations.Nullable;

/// Where every value of a plan lies: in the caller's arrays, as a constant, in an intermediate array, or among the scalars.
final class Layout {
    /// Elements of a numbered object of the memory.
    record Place(int buffer, int offset) {}

    private final Plan plan;
    private final Entry entry;
    private final Memory memory;
    private final Map<Node, Place> places = new IdentityHashMap<>();
    private final Map<Node, List<Place>> targets = new IdentityHashMap<>();
    private final Map<Node, Integer> spills = new IdentityHashMap<>();
    private final Map<Node, Integer> numbers = new IdentityHashMap<>();
    private final Map<Node, Integer> streams = new IdentityHashMap<>();
    private final Map<Node, Integer> arguments = new IdentityHashMap<>();
    private final Map<Node, Integer> parts = new IdentityHashMap<>();

    Layout(Plan plan, List<Slot> parameters, List<Slot> outputs, Entry entry, Options options) {
        this.plan = plan;
        this.entry = entry;
        int callers = entry.passed();
        for (Slot slot : parameters) {
            callers = Math.max(callers, slot.buffer() + 1);
        }
        for (Slot slot : outputs) {
            callers = Math.max(callers, slot.buffer() + 1);
        }
        memory = new Memory(callers, options);
        Graph graph = plan.graph();
        for (Node.Parameter p : graph.parameters()) {
            Slot slot = parameters.get(p.index());
            places.put(p, new Place(slot.buffer(), slot.offset()));
        }
        Map<Node, Boolean> materialized = plan.materialized();
        List<Node> nodes = graph.nodes();
        for (Node node : nodes) {
            allocate(node, materialized.containsKey(node));
        }
        for (int k = 0; k < outputs.size(); k++) {
            Slot slot = outputs.get(k);
            addTarget(Plan.root(graph.outputs().get(k)), new Place(slot.buffer(), slot.offset()));
        }
        for (Node node : nodes.reversed()) {
            if (plan.role(node) == Plan.Role.JOINED) {
                join(node);
            }
        }
    }

    /// The parts of a joined array go where it goes.
    private void join(Node node) {
        int offset = 0;
        for (Node part : Plan.operands(node)) {
            if (!plan.isCopied(part)) {
                for (Place to : destinations(node)) {
                    addTarget(part, new Place(to.buffer(), to.offset() + offset));
                }
            }
            offset += Plan.size(part);
        }
    }

    private void addTarget(Node node, Place place) {
        targets.computeIfAbsent(node, _ -> new ArrayList<>()).add(place);
    }

    private void allocate(Node node, boolean inMemory) {
        switch (plan.role(node)) {
            case SCALAR, TOTAL -> {
                if (inMemory) {
                    Place place = new Place(memory.array(node.aval().dtype(), 1), 0);
                    addTarget(node, place);
                    places.put(node, place);
                }
            }
            case KERNEL, SINK -> places.put(node, new Place(memory.array(node.aval().dtype(), Plan.size(node)), 0));
            case LOOP, SOURCE, JOINED -> {
                if (inMemory) {
                    places.put(node, new Place(memory.array(node.aval().dtype(), Plan.size(node)), 0));
                }
            }
            case NONE, VIEW -> {}
        }
    }

    Plan plan() {
        return plan;
    }

    /// {@return how the caller's arrays come}
    Entry entry() {
        return entry;
    }

    Memory memory() {
        return memory;
    }

    /// {@return whether the value lies in an array}
    boolean inMemory(Node node) {
        return places.containsKey(node);
    }

    /// {@return where the value lies; constants and parts of other arrays get a place when they are first read}
    Place place(Node node) {
        if (node instanceof Node.Constant c) {
            return places.computeIfAbsent(node, _ -> new Place(memory.constant(c.value()), 0));
        }
        if (plan.role(node) == Plan.Role.VIEW) {
            Place base = place(Plan.base(node));
            return new Place(base.buffer(), base.offset() + Plan.viewOffset((Node.Apply) node));
        }
        return Objects.requireNonNull(places.get(node), "the value has no place in memory");
    }

    /// {@return the caller's places into which a value is copied, and for a scalar also its own array}
    List<Place> targets(Node node) {
        return targets.getOrDefault(node, List.of());
    }

    /// {@return all places that a value of several elements is written to}
    List<Place> destinations(Node node) {
        var out = new ArrayList<>(targets(node));
        if (inMemory(node)) {
            out.add(place(node));
        }
        return out;
    }

    /// {@return the position of a constant scalar, or of an element of a constant, among the numbers of the memory}
    int number(Node scalar) {
        return numbers.computeIfAbsent(scalar, _ -> memory.number(known(scalar)));
    }

    private double known(Node scalar) {
        Node at = scalar;
        int offset = 0;
        while (plan.role(at) == Plan.Role.VIEW) {
            offset += Plan.viewOffset((Node.Apply) at);
            at = Plan.base(at);
        }
        return ((Node.Constant) at).value().doubleAt(offset);
    }

    /// {@return the number of what makes or takes up the tiles of an operation in a loop}
    int stream(Node.Apply a) {
        return streams.computeIfAbsent(a, _ -> memory.stream(plan.streamed(a).maker()));
    }

    /// {@return the number of the list of its operands}
    int arguments(Node.Apply a) {
        return arguments.computeIfAbsent(a, _ -> memory.arguments(Plan.operands(a).size()));
    }

    /// {@return the number of what the blocks of a loop leave for one of its results: lanes of a sum, or a whole result of a sink}
    int parts(Node.Apply a, int blocks) {
        int length = plan.role(a) == Plan.Role.TOTAL ? Memory.TILE : Plan.size(a);
        return parts.computeIfAbsent(a, _ -> memory.parts(blocks, length));
    }

    /// Gives a scalar a place among those that pass between methods: code of another method reads it.
    void pass(Node scalar) {
        spills.computeIfAbsent(scalar, _ -> memory.nextScalar());
    }

    /// {@return the number of a scalar among those that pass between methods, or null}
    @Nullable Integer spill(Node node) {
        return spills.get(node);
    }
}
