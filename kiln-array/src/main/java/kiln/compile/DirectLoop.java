package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.graph.Node;
import org.jspecify.annotations.Nullable;

/// Writes the method for a loop of plain arithmetic that needs no tiles: it reads its arguments and stores its results where they lie.
///
/// C2 vectorises a loop whose arrays are all read and stored at the same index, however long it is. So a loop without sums and without
/// calls, few enough operations for one body, and with all arrays at one offset is this one; every other loop is one of [LoopEmitter],
/// which copies arguments and results through tiles.
final class DirectLoop {
    private final MethodEmitter m;
    private final CodeBuilder code;
    private final Layout layout;
    private final List<Node.Apply> nodes;
    private final int index;
    private final Map<Node, Integer> values = new IdentityHashMap<>();

    private DirectLoop(MethodEmitter m, List<Node.Apply> nodes) {
        this.m = m;
        this.code = m.code();
        this.layout = m.layout();
        this.nodes = nodes;
        this.index = m.newLocal(1);
    }

    /// {@return whether a loop can be written like this}
    static boolean fits(Layout layout, List<Node.Apply> nodes) {
        return !nodes.isEmpty()
                && nodes.size() <= LoopEmitter.OPERATIONS_PER_LOOP
                && nodes.stream().noneMatch(a -> layout.plan().role(a) == Plan.Role.TOTAL || LoopEmitter.isTileWise(layout.plan(), a))
                && offset(layout, nodes) != null;
    }

    /// {@return the position of the first element in all arrays, or null if it is not the same in all}
    private static @Nullable Integer offset(Layout layout, List<Node.Apply> nodes) {
        int offset = -1;
        for (Node.Apply a : nodes) {
            for (Layout.Place to : layout.destinations(a)) {
                if (offset >= 0 && to.offset() != offset) {
                    return null;
                }
                offset = to.offset();
            }
            for (Node in : Plan.operands(a)) {
                Node read = Plan.repeated(in);
                if (nodes.contains(read) || MethodEmitter.isScalar(read)) {
                    continue;
                }
                // A constant gets its place when code reads it, and lies at the beginning.
                int from = read instanceof Node.Constant ? 0 : layout.place(read).offset();
                if (offset >= 0 && from != offset) {
                    return null;
                }
                offset = from;
            }
        }
        return offset;
    }

    /// Writes the method for the whole loop.
    static void emit(MethodEmitter m, List<Node.Apply> nodes, int n) {
        new DirectLoop(m, nodes).run(code -> code.iconst_0(), code -> code.loadConstant(n));
    }

    /// Writes the method for one block of the loop, whose number is its second argument.
    static void block(MethodEmitter m, List<Node.Apply> nodes, int n) {
        // The number of the block comes as the first local variable that is taken.
        BlockedLoop.Bounds bounds = BlockedLoop.bounds(m, m.newLocal(1), n);
        new DirectLoop(m, nodes).run(bounds.first(), bounds.end());
    }

    private void run(BlockedLoop.Push first, BlockedLoop.Push end) {
        for (Node.Apply a : nodes) {
            for (Node in : Plan.operands(a)) {
                Node read = Plan.repeated(in);
                if (MethodEmitter.isScalar(read)) {
                    m.prepareScalar(read);
                } else if (!nodes.contains(read)) {
                    array(layout.place(read), read);
                }
            }
            layout.destinations(a).forEach(to -> array(to, a));
        }
        int offset = Objects.requireNonNull(offset(layout, nodes));
        int last = m.newLocal(1);
        end.onto(code);
        plus(offset);
        code.istore(last);
        first.onto(code);
        plus(offset);
        code.istore(index);
        Label top = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(top);
        code.iload(index).iload(last).if_icmpge(done);
        nodes.forEach(this::element);
        code.iinc(index, 1).goto_(top).labelBinding(done);
    }

    private void plus(int offset) {
        if (offset != 0) {
            code.loadConstant(offset).iadd();
        }
    }

    private int array(Layout.Place place, Node node) {
        return m.array(place.buffer(), node.aval().dtype());
    }

    private void element(Node.Apply a) {
        if (Plan.isFill(a)) {
            value(Plan.repeated(a));
        } else {
            ElementEmitter.emit(m, a, Plan.operands(a), this::value);
        }
        boolean floating = MethodEmitter.isFloating(a);
        int local = m.newLocal(2);
        m.storeLocal(floating, local);
        values.put(a, local);
        for (Layout.Place to : layout.destinations(a)) {
            code.aload(array(to, a)).iload(index);
            m.loadLocal(floating, local);
            m.storeElement(a.aval().dtype());
        }
    }

    /// Pushes one element of an operand.
    private void value(Node node) {
        Node read = Plan.repeated(node);
        Integer local = values.get(read);
        if (MethodEmitter.isScalar(read)) {
            m.scalar(read);
        } else if (local != null) {
            m.loadLocal(MethodEmitter.isFloating(read), local);
        } else {
            code.aload(array(layout.place(read), read)).iload(index);
            m.loadElement(read.aval().dtype());
        }
    }
}
