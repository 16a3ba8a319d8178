package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import kiln.array.DType;
import kiln.graph.Node;
import kiln.math.Sums;
import kiln.op.Stream;

/// Writes what a loop that is cut into blocks does before the blocks and after them, in the thread that evaluates.
///
/// ```
/// begin:   operands of streams are put in place
/// blocks:  by any thread, in any order: tiles as in every loop; sums and sinks leave a part of the result for each block
/// finish:  parts are joined in the order of the blocks, see [Sums]
/// ```
final class BlockedLoop {
    private BlockedLoop() {}

    /// Pushes a number.
    interface Push {
        void onto(CodeBuilder code);
    }

    /// The elements of a block.
    ///
    /// @param first pushes the index of the first one
    /// @param end   pushes the index behind the last one
    record Bounds(Push first, Push end) {}

    /// {@return the elements of the block whose number is in a local variable}
    static Bounds bounds(MethodEmitter m, int block, int n) {
        int length = Sums.blockLength(n);
        int end = m.newLocal(1);
        CodeBuilder code = m.code();
        code.iload(block).loadConstant(length).imul().loadConstant(length).iadd().loadConstant(n);
        code.invokestatic(ClassDesc.of("java.lang.Math"), "min", MethodTypeDesc.ofDescriptor("(II)I")).istore(end);
        return new Bounds(to -> to.iload(block).loadConstant(length).imul(), to -> to.iload(end));
    }

    /// {@return whether several threads may share the blocks: all sinks can be split}
    static boolean isShared(Plan plan, List<Node.Apply> nodes) {
        return nodes.stream().allMatch(a -> !isStream(plan, a) || plan.streamed(a).splits());
    }

    /// {@return whether something is to be done before the blocks}
    static boolean begins(Plan plan, List<Node.Apply> nodes) {
        return nodes.stream().anyMatch(a -> isStream(plan, a));
    }

    private static boolean isStream(Plan plan, Node.Apply a) {
        return plan.role(a) == Plan.Role.SOURCE || plan.role(a) == Plan.Role.SINK;
    }

    static void begin(MethodEmitter m, List<Node.Apply> nodes) {
        Plan plan = m.layout().plan();
        for (Node.Apply a : nodes) {
            if (isStream(plan, a)) {
                hand(m, a);
                if (!plan.streamed(a).splits()) {
                    start(m, a, load(m, a));
                }
            }
        }
    }

    /// {@return the sums and sinks of a loop, whose results are there after the blocks}
    static List<Node.Apply> results(Plan plan, List<Node.Apply> nodes) {
        return nodes.stream().filter(a -> plan.role(a) == Plan.Role.TOTAL || plan.role(a) == Plan.Role.SINK).toList();
    }

    static void finish(MethodEmitter m, List<Node.Apply> nodes, int blocks) {
        Layout layout = m.layout();
        CodeBuilder code = m.code();
        for (Node.Apply a : results(layout.plan(), nodes)) {
            if (layout.plan().role(a) == Plan.Role.TOTAL) {
                m.object(layout.parts(a, blocks), ConstantDescs.CD_double.arrayType().arrayType());
                sums(code, "fold", "([[D)D");
                m.normalize(a.aval().dtype());
                m.defineScalar(a);
            } else if (layout.plan().streamed(a).splits()) {
                m.object(layout.parts(a, blocks), ConstantDescs.CD_double.arrayType().arrayType());
                code.aload(m.array(layout.place(a).buffer(), DType.FLOAT64));
                sums(code, "join", "([[D[D)V");
                KernelEmitter.copyResult(m, a);
            } else {
                finish(m, a, load(m, a));
            }
        }
    }

    private static void sums(CodeBuilder code, String method, String type) {
        code.invokestatic(MethodEmitter.descriptor(Sums.class), method, MethodTypeDesc.ofDescriptor(type));
    }

    // ---- streams, in loops of one block as well

    /// {@return a local variable with a stream}
    static int load(MethodEmitter m, Node.Apply a) {
        int local = m.newLocal(1);
        m.object(m.layout().stream(a), streamType(m.layout().plan(), a));
        m.code().astore(local);
        return local;
    }

    /// Puts the operands that a stream needs whole in their list.
    static void hand(MethodEmitter m, Node.Apply a) {
        List<Node> in = Plan.operands(a);
        for (int i = 0; i < in.size(); i++) {
            if (i != m.layout().plan().streamed(a).operand() && !(in.get(i) instanceof Node.Constant)) {
                KernelEmitter.put(m, m.layout().arguments(a), i, KernelEmitter.startOf(m, in.get(i)));
            }
        }
    }

    /// Has a stream in a local variable begin.
    static void start(MethodEmitter m, Node.Apply a, int local) {
        m.code().aload(local);
        m.object(m.layout().arguments(a), ConstantDescs.CD_Object.arrayType());
        m.code().invokeinterface(streamType(m.layout().plan(), a), "start", Entry.MEMORY.type());
    }

    /// Has a sink in a local variable store its result.
    static void finish(MethodEmitter m, Node.Apply sink, int local) {
        m.code().aload(local).aload(m.array(m.layout().place(sink).buffer(), DType.FLOAT64));
        m.code().invokeinterface(streamType(m.layout().plan(), sink), "finish", MethodTypeDesc.ofDescriptor("([D)V"));
        KernelEmitter.copyResult(m, sink);
    }

    static ClassDesc streamType(Plan plan, Node a) {
        return MethodEmitter.descriptor(plan.role(a) == Plan.Role.SOURCE ? Stream.Source.class : Stream.Sink.class);
    }
}
