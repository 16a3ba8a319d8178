package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import kiln.array.Aval;
import kiln.graph.Node;
import kiln.op.Kernel;
import kiln.op.Structured;

/// Writes calls of library kernels, and the copies that bring arrays to where they are wanted.
final class KernelEmitter {
    private KernelEmitter() {}

    /// Calls the kernel of a node, or joins an array.
    static void emit(MethodEmitter m, Node node) {
        Layout layout = m.layout();
        if (layout.plan().role(node) == Plan.Role.JOINED) {
            join(m, node);
            return;
        }
        List<Node> operands = Plan.operands(node);
        List<Aval> types = Node.types(node.operands());
        int arguments = layout.memory().arguments(operands.size());
        for (int i = 0; i < operands.size(); i++) {
            put(m, arguments, i, startOf(m, operands.get(i)));
        }
        switch (node) {
            case Node.Apply a -> {
                int kernel = KnownFactors.kernel(a).map(layout.memory()::kernel).orElseGet(() -> layout.memory().kernel((Structured) a.op(), types));
                call(m, kernel, arguments, layout.place(a).buffer());
                copyResult(m, a);
            }
            case Node.Result r -> {
                List<Node.Result> results = r.call().results();
                int out = layout.memory().arguments(results.size());
                for (Node.Result result : results) {
                    int buffer = layout.plan().isUsed(result)
                            ? layout.place(result).buffer()
                            : layout.memory().array(result.aval().dtype(), Plan.size(result));
                    put(m, out, result.index(), buffer);
                }
                call(m, layout.memory().kernel(r.call().op(), types), arguments, out);
                results.stream().filter(layout.plan()::isUsed).forEach(result -> copyResult(m, result));
            }
            case Node.Parameter _, Node.Constant _ -> throw new IllegalStateException("no operation: " + node);
        }
    }

    /// {@return the number of an array that starts with the value: a kernel does not read from the middle of one}
    static int startOf(MethodEmitter m, Node in) {
        CodeBuilder code = m.code();
        Layout.Place place = m.layout().place(in);
        if (place.offset() == 0) {
            return place.buffer();
        }
        int size = Plan.size(in);
        int buffer = m.layout().memory().array(in.aval().dtype(), size);
        m.arraycopy(
                m.array(place.buffer(), in.aval().dtype()),
                () -> code.loadConstant(place.offset()),
                m.array(buffer, in.aval().dtype()),
                code::iconst_0,
                () -> code.loadConstant(size));
        return buffer;
    }

    static void put(MethodEmitter m, int list, int position, int buffer) {
        m.object(list, ConstantDescs.CD_Object.arrayType());
        m.code().loadConstant(position);
        m.object(buffer, ConstantDescs.CD_Object);
        m.code().aastore();
    }

    private static void call(MethodEmitter m, int kernel, int arguments, int result) {
        m.object(kernel, MethodEmitter.descriptor(Kernel.class));
        m.object(arguments, ConstantDescs.CD_Object.arrayType());
        m.object(result, ConstantDescs.CD_Object);
        m.code().invokeinterface(
                MethodEmitter.descriptor(Kernel.class),
                "run",
                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object.arrayType(), ConstantDescs.CD_Object));
    }

    static void copyResult(MethodEmitter m, Node node) {
        for (Layout.Place target : m.layout().targets(node)) {
            copy(m, node, m.layout().place(node), target);
        }
    }

    static void copy(MethodEmitter m, Node node, Layout.Place from, Layout.Place to) {
        CodeBuilder code = m.code();
        m.arraycopy(
                m.array(from.buffer(), node.aval().dtype()),
                () -> code.loadConstant(from.offset()),
                m.array(to.buffer(), node.aval().dtype()),
                () -> code.loadConstant(to.offset()),
                () -> code.loadConstant(Plan.size(node)));
    }

    /// Copies those parts of a joined array to their places that no code computes there.
    private static void join(MethodEmitter m, Node joined) {
        Layout layout = m.layout();
        int offset = 0;
        for (Node part : Plan.operands(joined)) {
            if (layout.plan().isCopied(part)) {
                for (Layout.Place to : layout.destinations(joined)) {
                    copy(m, part, layout.place(part), new Layout.Place(to.buffer(), to.offset() + offset));
                }
            }
            offset += Plan.size(part);
        }
    }
}
