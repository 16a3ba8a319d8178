package kiln.compile;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import kiln.array.Aval;
import kiln.graph.Node;
import kiln.op.Kernel;
import kiln.op.Structured;

/// Turns a plan into a hidden class: one static method per block of scalar code, kernel call or loop, called in order.
///
/// Methods stay far below the 8,000 bytes of bytecode above which HotSpot never compiles a method.
final class CodeGenerator {
    private static final int SCALARS_PER_METHOD = 250;
    private static final ClassDesc SELF = ClassDesc.of("kiln.compile.Generated");

    private final Layout layout;
    private final List<Stage> stages = new ArrayList<>();

    /// One method: the operations on scalars or in loops that it carries out, and how it is written.
    private record Stage(List<Node.Apply> work, Consumer<MethodEmitter> code) {}

    private CodeGenerator(Layout layout) {
        this.layout = layout;
    }

    /// {@return the bytes of the class that carries out a plan}
    static byte[] generate(Layout layout, List<Slot> outputs) {
        var generator = new CodeGenerator(layout);
        for (Plan.Level level : layout.plan().levels()) {
            generator.scalars(level.scalars);
            level.kernels.forEach(k -> generator.stages.add(new Stage(List.of(), m -> kernel(m, k))));
            level.loops.forEach((n, loops) -> loops.forEach(loop -> generator.loop(loop.nodes, n)));
        }
        generator.passThrough(outputs);
        generator.passScalars();
        return generator.classFile();
    }

    /// {@return the bytes of a class that consists of one method}
    static byte[] single(Layout layout, Consumer<MethodEmitter> method) {
        var generator = new CodeGenerator(layout);
        generator.stages.add(new Stage(List.of(), method));
        return generator.classFile();
    }

    /// {@return an instance of a generated class}
    static Code define(byte[] bytes) {
        try {
            var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            return (Code) lookup.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Kiln generated a class that the JVM refuses", e);
        }
    }

    private byte[] classFile() {
        return ClassFile.of().build(SELF, c -> {
            c.withFlags(AccessFlag.FINAL, AccessFlag.SYNTHETIC);
            c.withInterfaceSymbols(MethodEmitter.descriptor(Code.class));
            c.withMethodBody(
                    ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, b -> b.aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_());
            for (int i = 0; i < stages.size(); i++) {
                Consumer<MethodEmitter> stage = stages.get(i).code();
                c.withMethodBody("stage" + i, MethodEmitter.RUN, ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE, b -> {
                    stage.accept(new MethodEmitter(b, layout));
                    b.return_();
                });
            }
            c.withMethodBody("run", MethodEmitter.RUN, ClassFile.ACC_PUBLIC, this::calls);
        });
    }

    private void calls(CodeBuilder b) {
        for (int i = 0; i < stages.size(); i++) {
            b.aload(1).invokestatic(SELF, "stage" + i, MethodEmitter.RUN);
        }
        b.return_();
    }

    private void scalars(List<Node.Apply> nodes) {
        for (int from = 0; from < nodes.size(); from += SCALARS_PER_METHOD) {
            List<Node.Apply> block = nodes.subList(from, Math.min(nodes.size(), from + SCALARS_PER_METHOD));
            stages.add(new Stage(block, m -> block.forEach(a -> {
                // Before the element's code, which may branch: a local variable set in one branch is not set in the other.
                Plan.operands(a).forEach(m::prepareScalar);
                ElementEmitter.emit(m, a, Plan.operands(a), m::scalar);
                m.defineScalar(a);
            })));
        }
    }

    private void loop(List<Node.Apply> nodes, int n) {
        List<Node.Apply> work =
                nodes.stream().filter(a -> !Plan.isFill(a) || layout.inMemory(a) || !layout.targets(a).isEmpty()).toList();
        if (!work.isEmpty()) {
            stages.add(new Stage(work, m -> LoopEmitter.emit(m, work, n)));
        }
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

    /// Finds the scalars that one method computes and another one reads.
    private void passScalars() {
        var madeIn = new IdentityHashMap<Node, Integer>();
        for (int i = 0; i < stages.size(); i++) {
            for (Node.Apply a : stages.get(i).work) {
                madeIn.put(a, i);
            }
        }
        for (int i = 0; i < stages.size(); i++) {
            for (Node.Apply a : stages.get(i).work) {
                for (Node in : Plan.operands(a)) {
                    Node read = Plan.repeated(in);
                    if (madeIn.getOrDefault(read, i) != i && MethodEmitter.isScalar(read)) {
                        layout.pass(read);
                    }
                }
            }
        }
    }

    private static void kernel(MethodEmitter m, Node node) {
        Layout layout = m.layout();
        if (layout.plan().role(node) == Plan.Role.JOINED) {
            join(m, node);
            return;
        }
        List<Node> operands = Plan.operands(node);
        List<Aval> types = Node.operands(node).stream().map(Node::aval).toList();
        int arguments = layout.memory().arguments(operands.size());
        for (int i = 0; i < operands.size(); i++) {
            put(m, arguments, i, startOf(m, operands.get(i)));
        }
        switch (node) {
            case Node.Apply a -> {
                call(m, layout.memory().kernel((Structured) a.op(), types), arguments, layout.place(a).buffer());
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
    private static int startOf(MethodEmitter m, Node in) {
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

    private static void put(MethodEmitter m, int list, int position, int buffer) {
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

    private static void copyResult(MethodEmitter m, Node node) {
        for (Layout.Place target : m.layout().targets(node)) {
            copy(m, node, m.layout().place(node), target);
        }
    }

    private static void copy(MethodEmitter m, Node node, Layout.Place from, Layout.Place to) {
        CodeBuilder code = m.code();
        m.arraycopy(
                m.array(from.buffer(), node.aval().dtype()),
                () -> code.loadConstant(from.offset()),
                m.array(to.buffer(), node.aval().dtype()),
                () -> code.loadConstant(to.offset()),
                () -> code.loadConstant(Plan.size(node)));
    }

    /// Arguments, constants and parts of arrays that are results as they are.
    private void passThrough(List<Slot> outputs) {
        for (int k = 0; k < outputs.size(); k++) {
            Node root = Plan.root(layout.plan().graph().outputs().get(k));
            Slot slot = outputs.get(k);
            if (root instanceof Node.Parameter || root instanceof Node.Constant || layout.plan().role(root) == Plan.Role.VIEW) {
                var to = new Layout.Place(slot.buffer(), slot.offset());
                stages.add(new Stage(List.of(), m -> copy(m, root, layout.place(root), to)));
            }
        }
    }
}
