package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.op.Scan;

/// A scan whose body works on scalars only, as one generated loop: carries stay in local variables from step to step.
///
/// Operands and results are the first objects of the memory, in order.
final class ScalarLoop {
    /// The most operations, operands and results of a body: the method stays below what HotSpot compiles.
    private static final int MOST = 120;

    private final Scan scan;
    private final Layout layout;
    private final MethodEmitter m;
    private final CodeBuilder code;

    private ScalarLoop(Scan scan, Layout layout, MethodEmitter m) {
        this.scan = scan;
        this.layout = layout;
        this.m = m;
        this.code = m.code();
    }

    /// {@return the program of a scan, if its body works on scalars}
    static Optional<Program> of(Scan scan) {
        int n = scan.body().parameters().size();
        Graph body = Simplifier.simplify(scan.body());
        Plan plan = Plan.of(body);
        boolean scalar = body.parameters().stream().allMatch(p -> Plan.size(p) == 1)
                && body.outputs().stream().allMatch(y -> Plan.size(y) == 1)
                && body.nodes().size() + body.parameters().size() + body.outputs().size() <= MOST
                && body.nodes().stream().allMatch(x -> Plan.size(x) == 1 && isScalarCode(plan, x));
        if (!scalar) {
            return Optional.empty();
        }
        List<Slot> in = new ArrayList<>();
        List<Slot> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            in.add(new Slot(i, 0));
        }
        for (int k = 0; k < body.outputs().size(); k++) {
            out.add(new Slot(n + k, 0));
        }
        var layout = new Layout(plan, in, out);
        byte[] bytes = CodeGenerator.single(layout, m -> new ScalarLoop(scan, layout, m).emit());
        return Optional.of(new Program(layout.memory(), CodeCache.define(bytes)));
    }

    private static boolean isScalarCode(Plan plan, Node node) {
        return switch (node) {
            case Node.Apply _ -> plan.role(node) == Plan.Role.SCALAR || plan.role(node) == Plan.Role.NONE;
            case Node.Result _ -> false;
            case Node.Parameter _, Node.Constant _ -> true;
        };
    }

    private void emit() {
        Graph body = layout.plan().graph();
        List<Node.Parameter> parameters = body.parameters();
        List<Node> outputs = body.outputs();
        int carries = scan.carries();
        int reads = scan.reads();
        int n = parameters.size();
        for (int i = 0; i < n; i++) {
            if (i >= carries && i < carries + reads) {
                m.array(i, parameters.get(i).aval().dtype());
            } else {
                m.prepareScalar(parameters.get(i));
            }
        }
        for (int k = 0; k < outputs.size(); k++) {
            m.array(n + k, outputs.get(k).aval().dtype());
        }
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
            DType dtype = parameters.get(i).aval().dtype();
            code.aload(m.array(i, dtype)).iload(t);
            m.loadElement(dtype);
            m.setScalar(parameters.get(i));
        }
        for (Node node : body.nodes()) {
            if (node instanceof Node.Apply a && layout.plan().role(a) == Plan.Role.SCALAR) {
                ElementEmitter.emit(m, a, Plan.operands(a), m::scalar);
                m.setScalar(a);
            }
        }
        for (int k = carries; k < outputs.size(); k++) {
            store(n + k, outputs.get(k), () -> code.iload(t));
        }
        // All new carries are pushed before the first is replaced: one may be another's old value.
        for (int k = 0; k < carries; k++) {
            m.scalar(Plan.root(outputs.get(k)));
        }
        for (int k = carries - 1; k >= 0; k--) {
            m.setScalar(parameters.get(k));
        }
        code.iinc(t, scan.reverse() ? -1 : 1).goto_(top).labelBinding(done);
        for (int k = 0; k < carries; k++) {
            store(n + k, parameters.get(k), code::iconst_0);
        }
    }

    private void store(int buffer, Node value, Runnable index) {
        Aval type = value.aval();
        code.aload(m.array(buffer, type.dtype()));
        index.run();
        m.scalar(Plan.root(value));
        m.storeElement(type.dtype());
    }
}
