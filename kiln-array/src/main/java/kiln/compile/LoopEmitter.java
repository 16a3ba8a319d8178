package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import kiln.array.DType;
import kiln.graph.Lists;
import kiln.graph.Node;
import kiln.math.Sums;
import kiln.math.Tiles;
import kiln.op.Function1;
import kiln.op.MathFunction;
import kiln.op.Pow;
import kiln.op.Stream;
import org.jspecify.annotations.Nullable;

/// Writes the method for one group of nodes that share a loop, in tiles that stay in the first-level cache.
///
/// Within a tile the work is cut into *steps*: short loops of plain arithmetic, which C2 turns into vector code, alternate with
/// calls of the tile functions of [Tiles] (exp, log, …), which do the same by construction. Values pass from step to step in
/// scratch tiles. Full sums are accumulated lane by lane and folded once, in the order that [Sums] fixes.
///
/// ```
/// for each tile:  arguments → tiles;  step 0 (loops);  step 1 (calls);  step 2 (loops); …;  tiles → results
/// ```
final class LoopEmitter {
    /// C2 stops vectorising loop bodies of more than about forty operations.
    static final int OPERATIONS_PER_LOOP = 24;

    private final MethodEmitter m;
    private final CodeBuilder code;
    private final Layout layout;
    private final Plan plan;
    private final List<Node.Apply> nodes;
    private final int n;
    private final boolean single;

    private final Map<Node, Integer> steps = new IdentityHashMap<>();
    private final Map<Node, Integer> chunks = new IdentityHashMap<>();
    // In the order of insertion (nodes are equal only to themselves): equal graphs have to give equal code.
    private final Map<Node, Integer> tiles = new LinkedHashMap<>();
    private final Set<Node> repeated = new LinkedHashSet<>();
    private final Map<Node, Integer> lanes = new LinkedHashMap<>();
    private final Map<Node, Integer> streams = new IdentityHashMap<>();
    private final Map<Node, Integer> inBody = new IdentityHashMap<>();
    private final Map<Boolean, Integer> usedTiles = new HashMap<>();

    /// The local variable with the number of the block, or −1 where the method does the whole loop.
    private final int block;
    private int base;
    private int length;
    private int index;

    private LoopEmitter(MethodEmitter m, List<Node.Apply> nodes, int n, boolean isBlock) {
        this.m = m;
        this.block = isBlock ? m.newLocal(1) : -1;
        this.code = m.code();
        this.layout = m.layout();
        this.plan = layout.plan();
        this.nodes = nodes;
        this.n = n;
        this.single = n <= Memory.TILE;
    }

    static void emit(MethodEmitter m, List<Node.Apply> nodes, int n) {
        new LoopEmitter(m, nodes, n, false).run();
    }

    /// Writes the method for one block of a loop, whose number is its second argument. [BlockedLoop] writes what comes before the
    /// blocks and after them.
    static void block(MethodEmitter m, List<Node.Apply> nodes, int n) {
        new LoopEmitter(m, nodes, n, true).run();
    }

    private void run() {
        nodes.forEach(this::schedule);
        cutIntoLoops();
        nodes.forEach(this::allocate);
        prologue();
        if (single) {
            tile();
        } else {
            Label top = code.newLabel();
            Label done = code.newLabel();
            BlockedLoop.Push end = bounds();
            code.labelBinding(top);
            code.iload(base);
            end.onto(code);
            code.if_icmpge(done);
            code.loadConstant(n).iload(base).isub().loadConstant(Memory.TILE);
            code.invokestatic(ClassDesc.of("java.lang.Math"), "min", MethodTypeDesc.ofDescriptor("(II)I")).istore(length);
            tile();
            code.iinc(base, Memory.TILE).goto_(top).labelBinding(done);
        }
        nodes.stream().filter(this::isTotal).forEach(this::finish);
        nodes.stream().filter(this::isSink).forEach(this::finishSink);
    }

    /// Sets the index of the first element.
    ///
    /// @return pushes the index behind the last one
    private BlockedLoop.Push bounds() {
        if (block < 0) {
            code.iconst_0().istore(base);
            return to -> to.loadConstant(n);
        }
        BlockedLoop.Bounds bounds = BlockedLoop.bounds(m, block, n);
        bounds.first().onto(code);
        code.istore(base);
        return bounds.end();
    }

    /// Gives a tile to the base or the exponent of a power that is the same for all elements.
    private void repeatScalar(Node.Apply a, Node scalar) {
        if (!(a.op() instanceof Pow)) {
            throw new IllegalStateException("a function of a repeated scalar was not sunk: " + a.op());
        }
        giveTile(scalar);
        repeated.add(scalar);
    }

    private boolean isTotal(Node node) {
        return plan.role(node) == Plan.Role.TOTAL;
    }

    private boolean isSource(Node node) {
        return plan.role(node) == Plan.Role.SOURCE;
    }

    private boolean isSink(Node node) {
        return plan.role(node) == Plan.Role.SINK;
    }

    /// Whether a whole tile is handed over: to a function of [Tiles] or to a [Stream].
    static boolean isTileWise(Plan plan, Node.Apply a) {
        if (a.op() instanceof Function1 f) {
            return f.isTiled();
        }
        return a.op() instanceof Pow
                ? MethodEmitter.isFloating(a)
                : plan.role(a) == Plan.Role.SOURCE || plan.role(a) == Plan.Role.SINK;
    }

    private boolean isCall(Node node) {
        return node instanceof Node.Apply a && isTileWise(plan, a) && isInGroup(node);
    }

    private boolean isInGroup(Node node) {
        return steps.containsKey(node) && !isTotal(node);
    }

    private static int numberOf(Map<Node, Integer> numbers, Node node) {
        return Objects.requireNonNull(numbers.get(node));
    }

    // ---- order of the work in a tile

    private void schedule(Node.Apply a) {
        boolean call = isTileWise(plan, a);
        int step = call ? 1 : 0;
        for (Node in : operands(a)) {
            Integer before = steps.get(in);
            if (before != null) {
                boolean afterCall = before % 2 == 1;
                step = Math.max(step, call ? before + (afterCall ? 2 : 1) : before + (afterCall ? 1 : 0));
            }
        }
        steps.put(a, step);
    }

    private List<Node> operands(Node.Apply a) {
        return Lists.map(plan.elementwise(a), Plan::repeated);
    }

    /// Distributes the arithmetic of each step over loops of limited size, whose numbers ascend in the order of the steps.
    private void cutIntoLoops() {
        var byStep = new TreeMap<Integer, List<Node.Apply>>();
        for (Node.Apply a : nodes) {
            if (!isCall(a)) {
                byStep.computeIfAbsent(steps.get(a), _ -> new ArrayList<>()).add(a);
            }
        }
        int chunk = 0;
        for (List<Node.Apply> work : byStep.values()) {
            int operations = 0;
            for (Node.Apply a : work) {
                if (operations >= OPERATIONS_PER_LOOP) {
                    chunk++;
                    operations = 0;
                }
                chunks.put(a, chunk);
                operations++;
            }
            chunk++;
        }
    }

    /// Gives a scratch tile to every value that another step or loop, a call or the memory needs.
    private void allocate(Node.Apply a) {
        for (Node in : operands(a)) {
            boolean source = !isInGroup(in) && !MethodEmitter.isScalar(in);
            boolean crosses = isInGroup(in) && (isCall(in) || isCall(a) || !Objects.equals(chunks.get(in), chunks.get(a)));
            if (source && isCut(in)) {
                tiles.computeIfAbsent(in, _ -> m.newLocal(1));
            } else if (source ? isCall(a) || isCopied(in) : crosses) {
                giveTile(in);
            }
            if (isCall(a) && MethodEmitter.isScalar(in)) {
                repeatScalar(a, in);
            }
        }
        if (isTotal(a)) {
            lanes.put(a, block < 0 ? newTile(true) : part(a));
        } else if (!isSink(a) && (isCall(a) || copiesOut(a))) {
            giveTile(a);
        }
    }

    /// Whether a source is known and lies in memory tile by tile, so that a loop reads it without an offset and without a copy.
    private boolean isCut(Node source) {
        return source instanceof Node.Constant && source.aval().dtype() == DType.FLOAT64 && !single;
    }

    /// Whether a source is copied into a scratch tile: C2 does not vectorise loops that read at an offset and store elsewhere.
    private boolean isCopied(Node source) {
        return source.aval().dtype() == DType.FLOAT64 && (!single || layout.place(source).offset() != 0);
    }

    /// Whether the result is written to a scratch tile and copied from there, rather than stored by the loop.
    private boolean copiesOut(Node node) {
        return isStored(node) && (node.aval().dtype() == DType.FLOAT64);
    }

    private boolean isStored(Node node) {
        return layout.inMemory(node) || !layout.targets(node).isEmpty();
    }

    private void giveTile(Node node) {
        tiles.computeIfAbsent(node, v -> newTile(MethodEmitter.isFloating(v)));
    }

    private int newTile(boolean floating) {
        int k = usedTiles.merge(floating, 1, Integer::sum) - 1;
        return m.array(layout.memory().tile(floating, k), floating ? DType.FLOAT64 : DType.INT64);
    }

    /// {@return a local variable with the array in which this block leaves its part of a result}
    private int part(Node.Apply a) {
        int local = m.newLocal(1);
        m.object(layout.parts(a, Sums.blocks(n)), ConstantDescs.CD_double.arrayType().arrayType());
        code.iload(block).aaload().astore(local);
        return local;
    }

    // ---- code

    private void prologue() {
        for (Node.Apply a : nodes) {
            for (Node in : operands(a)) {
                if (isInGroup(in)) {
                    continue;
                }
                if (MethodEmitter.isScalar(in)) {
                    m.prepareScalar(in);
                } else if (!isCut(in)) {
                    m.array(layout.place(in).buffer(), in.aval().dtype());
                }
            }
            if (isSource(a) || isSink(a)) {
                start(a);
            }
            if (!isTotal(a) && isStored(a)) {
                layout.destinations(a).forEach(p -> m.array(p.buffer(), a.aval().dtype()));
            }
        }
        repeated.forEach(scalar -> {
            code.aload(numberOf(tiles, scalar));
            m.scalar(scalar);
            code.invokestatic(ClassDesc.of("java.util.Arrays"), "fill", MethodTypeDesc.ofDescriptor("([DD)V"));
        });
        base = m.newLocal(1);
        length = m.newLocal(1);
        index = m.newLocal(1);
        code.iconst_0().istore(base);
        if (single) {
            code.loadConstant(n).istore(length);
        } else {
            for (int local : lanes.values()) {
                code.aload(local).dconst_0();
                code.invokestatic(ClassDesc.of("java.util.Arrays"), "fill", MethodTypeDesc.ofDescriptor("([DD)V"));
            }
        }
    }

    /// Keeps a stream in a local variable and has it begin.
    private void start(Node.Apply a) {
        int local = BlockedLoop.load(m, a);
        streams.put(a, local);
        if (block < 0) {
            BlockedLoop.hand(m, a);
        }
        if (block < 0 || plan.streamed(a).splits()) {
            BlockedLoop.start(m, a, local);
        }
    }

    /// Has a stream make or take up the current tile.
    private void stream(Node.Apply a) {
        Node tile = isSource(a) ? a : operands(a).getFirst();
        code.aload(numberOf(streams, a)).iload(base).loadConstant(Memory.TILE).idiv().aload(numberOf(tiles, tile)).iload(length);
        code.invokeinterface(BlockedLoop.streamType(plan, a), isSource(a) ? "make" : "take", MethodTypeDesc.ofDescriptor("(I[DI)V"));
    }

    private void tile() {
        tiles.forEach((node, local) -> {
            if (!isInGroup(node) && !repeated.contains(node)) {
                copyIn(node, local);
            }
        });
        var calls = new TreeMap<Integer, List<Node.Apply>>();
        var loops = new TreeMap<Integer, List<Node.Apply>>();
        for (Node.Apply a : nodes) {
            if (isCall(a)) {
                calls.computeIfAbsent(steps.get(a), _ -> new ArrayList<>()).add(a);
            } else {
                loops.computeIfAbsent(chunks.get(a), _ -> new ArrayList<>()).add(a);
            }
        }
        int last = nodes.stream().mapToInt(steps::get).max().orElse(0);
        int chunk = 0;
        for (int step = 0; step <= last; step++) {
            calls(calls.getOrDefault(step, List.of()));
            for (List<Node.Apply> work = loops.get(chunk);
                    work != null && numberOf(steps, work.getFirst()) == step;
                    work = loops.get(chunk)) {
                loop(work);
                chunk++;
            }
        }
        for (Node.Apply a : nodes) {
            if (!isTotal(a) && !isSink(a) && isStored(a)) {
                copyOut(a);
            }
        }
    }

    private void copyIn(Node source, int local) {
        if (source instanceof Node.Constant c && isCut(source)) {
            m.object(layout.memory().cut(c.value()), ConstantDescs.CD_double.arrayType().arrayType());
            code.iload(base).loadConstant(Memory.TILE).idiv().aaload().astore(local);
            return;
        }
        Layout.Place place = layout.place(source);
        int from = m.array(place.buffer(), source.aval().dtype());
        if (source.aval().dtype() == DType.FLOAT64) {
            m.arraycopy(from, () -> at(place.offset()), local, code::iconst_0, () -> code.iload(length));
            return;
        }
        forEach(() -> {
            code.aload(local).iload(index);
            code.aload(from);
            indexAt(place.offset());
            m.loadElement(source.aval().dtype());
            if (MethodEmitter.isFloating(source)) {
                code.dastore();
            } else {
                code.lastore();
            }
        });
    }

    private void at(int offset) {
        code.loadConstant(offset);
        if (!single) {
            code.iload(base).iadd();
        }
    }

    /// Pushes the index of the current element in an array that starts at an offset.
    private void indexAt(int offset) {
        code.iload(index);
        if (!single) {
            code.iload(base).iadd();
        }
        if (offset != 0) {
            code.loadConstant(offset).iadd();
        }
    }

    /// The calls of one step; two functions of one operand become one call where [Tiles] has one.
    private void calls(List<Node.Apply> work) {
        Set<Node> done = new HashSet<>();
        for (Node.Apply a : work) {
            for (Node.Apply b : work) {
                MathFunction.Pair pair = pair(a, b);
                if (pair != null && !done.contains(a) && done.add(b)) {
                    done.add(a);
                    call(pair.method(), operands(a), List.of(a, b));
                }
            }
        }
        for (Node.Apply a : work) {
            if (isSource(a) || isSink(a)) {
                stream(a);
            } else if (!done.contains(a)) {
                call(a.op() instanceof Function1 f ? f.function().method() : "pow", operands(a), List.of(a));
            }
        }
    }

    private MathFunction.@Nullable Pair pair(Node.Apply a, Node.Apply b) {
        return a.op() instanceof Function1 f && b.op() instanceof Function1 g && operands(a).equals(operands(b))
                ? f.function().pairWith(g.function())
                : null;
    }

    private void call(String method, List<Node> in, List<Node.Apply> out) {
        in.forEach(x -> code.aload(numberOf(tiles, x)));
        out.forEach(y -> code.aload(numberOf(tiles, y)));
        code.iload(length);
        String arrays = "[D".repeat(in.size() + out.size());
        code.invokestatic(MethodEmitter.descriptor(Tiles.class), method, MethodTypeDesc.ofDescriptor("(" + arrays + "I)V"));
        for (Node.Apply y : out) {
            if (y.aval().dtype() == DType.FLOAT32) {
                int local = numberOf(tiles, y);
                forEach(() -> code.aload(local).iload(index).aload(local).iload(index).daload().d2f().f2d().dastore());
            }
        }
    }

    private void forEach(Runnable body) {
        Label top = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(index).labelBinding(top);
        code.iload(index).iload(length).if_icmpge(done);
        body.run();
        code.iinc(index, 1).goto_(top).labelBinding(done);
    }

    private void loop(List<Node.Apply> work) {
        inBody.clear();
        forEach(() -> work.forEach(this::element));
    }

    private void element(Node.Apply a) {
        if (isTotal(a)) {
            int local = numberOf(lanes, a);
            code.aload(local).iload(index);
            if (!single) {
                code.aload(local).iload(index).daload();
            }
            value(operands(a).getFirst());
            if (!single) {
                code.dadd();
            }
            code.dastore();
            return;
        }
        boolean floating = MethodEmitter.isFloating(a);
        if (Plan.isFill(a)) {
            value(Plan.repeated(a));
        } else {
            ElementEmitter.emit(m, a, operands(a), this::value);
        }
        int local = m.newLocal(2);
        m.storeLocal(floating, local);
        inBody.put(a, local);
        Integer tile = tiles.get(a);
        if (tile != null) {
            code.aload(tile).iload(index);
            m.loadLocal(floating, local);
            if (floating) {
                code.dastore();
            } else {
                code.lastore();
            }
        }
        if (isStored(a) && !copiesOut(a)) {
            for (Layout.Place p : layout.destinations(a)) {
                code.aload(m.array(p.buffer(), a.aval().dtype()));
                indexAt(p.offset());
                m.loadLocal(floating, local);
                m.storeElement(a.aval().dtype());
            }
        }
    }

    /// Pushes one element of an operand.
    private void value(Node node) {
        if (MethodEmitter.isScalar(node)) {
            m.scalar(node);
            return;
        }
        Integer local = inBody.get(node);
        if (local != null) {
            m.loadLocal(MethodEmitter.isFloating(node), local);
            return;
        }
        Integer tile = tiles.get(node);
        if (tile != null) {
            code.aload(tile).iload(index);
            if (MethodEmitter.isFloating(node)) {
                code.daload();
            } else {
                code.laload();
            }
            return;
        }
        Layout.Place place = layout.place(node);
        code.aload(m.array(place.buffer(), node.aval().dtype()));
        indexAt(place.offset());
        m.loadElement(node.aval().dtype());
    }

    private void copyOut(Node.Apply a) {
        if (copiesOut(a)) {
            for (Layout.Place p : layout.destinations(a)) {
                int to = m.array(p.buffer(), DType.FLOAT64);
                m.arraycopy(numberOf(tiles, a), code::iconst_0, to, () -> at(p.offset()), () -> code.iload(length));
            }
        } else if (isCall(a)) {
            for (Layout.Place p : layout.destinations(a)) {
                int to = m.array(p.buffer(), a.aval().dtype());
                forEach(() -> {
                    code.aload(to);
                    indexAt(p.offset());
                    code.aload(numberOf(tiles, a)).iload(index).daload();
                    m.storeElement(a.aval().dtype());
                });
            }
        }
    }

    private void finishSink(Node.Apply sink) {
        if (block < 0) {
            BlockedLoop.finish(m, sink, numberOf(streams, sink));
        } else if (plan.streamed(sink).splits()) {
            int part = part(sink);
            code.aload(numberOf(streams, sink)).aload(part);
            code.invokeinterface(BlockedLoop.streamType(plan, sink), "finish", MethodTypeDesc.ofDescriptor("([D)V"));
        }
    }

    private void finish(Node.Apply total) {
        if (block >= 0) {
            return;
        }
        code.aload(numberOf(lanes, total)).iconst_0().loadConstant(Math.min(n, Memory.TILE));
        code.invokestatic(
                MethodEmitter.descriptor(Sums.class),
                "fold",
                MethodTypeDesc.of(
                        ConstantDescs.CD_double,
                        ConstantDescs.CD_double.arrayType(),
                        ConstantDescs.CD_int,
                        ConstantDescs.CD_int));
        m.normalize(total.aval().dtype());
        m.defineScalar(total);
    }
}
