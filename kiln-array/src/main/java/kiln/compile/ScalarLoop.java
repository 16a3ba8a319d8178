package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.DType;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.op.Scan;
import kiln.op.Slice;

/// A scan whose body works on scalars and small arrays, as one generated loop: carries stay in local variables from step to step.
///
/// Operands and results are the first objects of the memory, in order.
final class ScalarLoop {
    /// The most elements of an array that a body works on element by element.
    private static final int SMALL = 64;

    /// What a method may take, and what one operation, and one element that is read, carried or written, takes at most.
    private static final int BYTES = 7000;
    private static final int BYTES_OF_NODE = 18;
    private static final int BYTES_OF_ELEMENT = 20;

    private final Scan scan;
    private final Layout layout;
    private final MethodEmitter m;
    private final CodeBuilder code;
    private final Graph body;
    private final int n;
    private final List<Node> order;

    private ScalarLoop(Scan scan, Layout layout, MethodEmitter m, boolean hasLanes) {
        this.scan = scan;
        this.layout = layout;
        this.m = m;
        this.code = m.code();
        this.body = layout.plan().graph();
        this.n = body.parameters().size();
        this.order = hasLanes ? byDepth(body.nodes()) : body.nodes();
    }

    /// The nodes such that what can be done at the same time stands together, the lanes in turn: C2 does not move code past a branch, and
    /// functions have some.
    private static List<Node> byDepth(List<Node> nodes) {
        Map<Node, Integer> depth = new IdentityHashMap<>();
        for (Node node : nodes) {
            int before = 0;
            for (Node in : Plan.operands(node)) {
                before = Math.max(before, depth.getOrDefault(in, 0));
            }
            depth.put(node, before + 1);
        }
        return nodes.stream().sorted(Comparator.comparing(depth::get)).toList();
    }

    /// {@return the body of a scan as code is generated from it, its results element by element, if it works on scalars and small arrays}
    static Optional<Graph> body(Scan scan, Options options) {
        List<Node> results = scan.body().outputs();
        int elements = Stream.concat(scan.body().parameters().subList(0, scan.carries() + scan.reads()).stream(), results.stream())
                .mapToInt(Plan::size)
                .sum();
        if (elements * BYTES_OF_ELEMENT > BYTES) {
            return Optional.empty();
        }
        Graph body = SmallArrays.elements(options.rewrite() ? Simplifier.simplify(scan.body(), options) : scan.body(), SMALL);
        if (options.regroup()) {
            body = Chains.shorten(body, state(body, scan.carries()));
        }
        Plan plan = Plan.of(body);
        List<Node> nodes = body.nodes();
        if (elements * BYTES_OF_ELEMENT + nodes.size() * BYTES_OF_NODE > BYTES || !nodes.stream().allMatch(x -> isScalarCode(plan, x))) {
            return Optional.empty();
        }
        return Optional.of(body);
    }

    /// {@return the program of a scan, if its body works on scalars and small arrays}
    static Optional<Program> of(Scan scan, Options options) {
        return body(scan, options).map(body -> program(scan, body, options));
    }

    private static Program program(Scan scan, Graph body, Options options) {
        int n = scan.body().parameters().size();
        List<Node> results = scan.body().outputs();
        List<Slot> in = Program.arrays(0, n);
        List<Slot> out = new ArrayList<>();
        for (int k = 0; k < results.size(); k++) {
            for (int i = 0; i < Plan.size(results.get(k)); i++) {
                out.add(new Slot(n + k, i));
            }
        }
        var layout = new Layout(Plan.of(body), in, out, Entry.MEMORY, options);
        byte[] bytes = CodeGenerator.single(layout, m -> new ScalarLoop(scan, layout, m, !options.rewrite()).emit());
        return new Program(layout, bytes);
    }

    /// {@return the nodes that read the carries, and for each the output that becomes its next value}
    private static Map<Node, Node> state(Graph body, int carries) {
        Map<Node, Node> out = new IdentityHashMap<>();
        int[] first = new int[carries];
        for (int k = 1; k < carries; k++) {
            first[k] = first[k - 1] + Plan.size(body.parameters().get(k - 1));
        }
        for (Node.Parameter p : body.parameters().subList(0, carries)) {
            out.put(p, body.outputs().get(first[p.index()]));
        }
        for (Node node : body.nodes()) {
            if (node instanceof Node.Apply a && a.op() instanceof Slice && Plan.size(a) == 1 && a.inputs().getFirst() instanceof Node.Parameter p && p.index() < carries) {
                out.put(a, body.outputs().get(first[p.index()] + Plan.viewOffset(a)));
            }
        }
        return out;
    }

    private static boolean isScalarCode(Plan plan, Node node) {
        return switch (node) {
            case Node.Apply _ -> switch (plan.role(node)) {
                case SCALAR, NONE, VIEW -> true;
                case LOOP, TOTAL, KERNEL, JOINED, SOURCE, SINK -> false;
            };
            case Node.Result _ -> false;
            case Node.Parameter _, Node.Constant _ -> true;
        };
    }

    /// An element of a carry: the local variable it stays in, and the node that stands for its value at the end of a step.
    private record Carried(Node.Parameter carry, int element, int local, Node next) {}

    private void emit() {
        List<Node.Parameter> parameters = body.parameters();
        int carries = scan.carries();
        int reads = scan.reads();
        Map<Integer, List<Node.Apply>> views = new TreeMap<>();
        for (Node node : body.nodes()) {
            Node base = layout.plan().source(node);
            if (base instanceof Node.Parameter p && node instanceof Node.Apply a && Plan.size(a) == 1 && base != node) {
                views.computeIfAbsent(p.index(), _ -> new ArrayList<>()).add(a);
            }
        }
        for (int i = 0; i < n; i++) {
            m.array(i, parameters.get(i).aval().dtype());
        }
        for (int k = 0; k < scan.body().outputs().size(); k++) {
            m.array(n + k, scan.body().outputs().get(k).aval().dtype());
        }
        hoist(views);
        List<Carried> carried = carried(views);
        int t = m.newLocal(1);
        Label top = code.newLabel();
        Label done = code.newLabel();
        code.loadConstant(scan.reverse() ? scan.length() - 1 : 0).istore(t).labelBinding(top);
        code.iload(t);
        if (scan.reverse()) {
            code.iflt(done);
        } else {
            code.loadConstant(scan.length()).if_icmpge(done);
        }
        for (int i = carries; i < carries + reads; i++) {
            Node.Parameter p = parameters.get(i);
            if (Plan.size(p) == 1) {
                read(p, p, 0, t);
            }
            for (Node.Apply view : views.getOrDefault(i, List.of())) {
                read(p, view, layout.place(view).offset(), t);
            }
        }
        for (Node node : order) {
            if (node instanceof Node.Apply a && layout.plan().role(a) == Plan.Role.SCALAR) {
                ElementEmitter.emit(m, a, Plan.operands(a), m::scalar);
                m.setScalar(a);
            }
        }
        int at = carried.size();
        for (int k = carries; k < scan.body().outputs().size(); k++) {
            Node output = scan.body().outputs().get(k);
            int size = Plan.size(output);
            for (int i = 0; i < size; i++) {
                int element = i;
                store(n + k, output.aval().dtype(), () -> stepIndex(t, size, element), Plan.root(body.outputs().get(at + i)));
            }
            at += size;
        }
        // All new carries are pushed before the first is replaced: one may be another's old value.
        carried.forEach(c -> m.scalar(c.next()));
        carried.reversed().forEach(c -> m.storeLocal(MethodEmitter.isFloating(c.carry()), c.local()));
        code.iinc(t, scan.reverse() ? -1 : 1).goto_(top).labelBinding(done);
        for (Carried c : carried) {
            DType dtype = c.carry().aval().dtype();
            code.aload(m.array(n + c.carry().index(), dtype)).loadConstant(c.element());
            m.loadLocal(dtype.isFloating(), c.local());
            m.storeElement(dtype);
        }
    }

    /// Loads before the loop what is the same in all steps.
    private void hoist(Map<Integer, List<Node.Apply>> views) {
        for (int i = scan.carries() + scan.reads(); i < n; i++) {
            Node.Parameter p = body.parameters().get(i);
            if (Plan.size(p) == 1) {
                m.prepareScalar(p);
            }
            views.getOrDefault(i, List.of()).forEach(m::prepareScalar);
        }
        for (Node node : body.nodes()) {
            Node base = layout.plan().source(node);
            if (base instanceof Node.Constant && Plan.size(node) == 1) {
                m.prepareScalar(node);
            }
        }
    }

    private List<Carried> carried(Map<Integer, List<Node.Apply>> views) {
        List<Carried> out = new ArrayList<>();
        for (Node.Parameter p : body.parameters().subList(0, scan.carries())) {
            int[] locals = new int[Plan.size(p)];
            for (int i = 0; i < locals.length; i++) {
                locals[i] = m.newLocal(2);
                code.aload(m.array(p.index(), p.aval().dtype())).loadConstant(i);
                m.loadElement(p.aval().dtype());
                m.storeLocal(MethodEmitter.isFloating(p), locals[i]);
                out.add(new Carried(p, i, locals[i], Plan.root(body.outputs().get(out.size()))));
            }
            if (locals.length == 1) {
                m.bind(p, locals[0]);
            }
            views.getOrDefault(p.index(), List.of()).forEach(v -> m.bind(v, locals[layout.place(v).offset()]));
        }
        return out;
    }

    private void read(Node.Parameter array, Node as, int element, int t) {
        DType dtype = array.aval().dtype();
        code.aload(m.array(array.index(), dtype));
        stepIndex(t, Plan.size(array), element);
        m.loadElement(dtype);
        m.setScalar(as);
    }

    /// Pushes the position of an element in the slice of the current step.
    private void stepIndex(int t, int size, int element) {
        code.iload(t);
        if (size != 1) {
            code.loadConstant(size).imul().loadConstant(element).iadd();
        }
    }

    private void store(int buffer, DType dtype, Runnable index, Node value) {
        code.aload(m.array(buffer, dtype));
        index.run();
        m.scalar(value);
        m.storeElement(dtype);
    }
}
