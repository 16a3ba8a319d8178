package kiln.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import kiln.graph.Node;
import kiln.math.Sums;

/// Turns a plan into a hidden class: one static method per block of scalar code, kernel call or loop, called in order.
///
/// Methods stay far below the 8,000 bytes of bytecode above which HotSpot never compiles a method.
final class CodeGenerator {
    private static final int SCALARS_PER_METHOD = 250;
    private static final ClassDesc SELF = ClassDesc.of("kiln.compile.Generated");
    private static final int PRIVATE = ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE;

    /// Type of a method that works on one block of a loop.
    private static final MethodTypeDesc BLOCK =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object.arrayType(), ConstantDescs.CD_int);

    private final Layout layout;
    private final List<Stage> stages = new ArrayList<>();

    /// One method.
    ///
    /// @param work  the operations on scalars or in loops that it reads the operands of
    /// @param made  those whose results it has
    /// @param calls how it is called
    /// @param code  how it is written
    private record Stage(List<Node.Apply> work, List<Node.Apply> made, Calls calls, Consumer<MethodEmitter> code) {
        Stage(List<Node.Apply> work, Consumer<MethodEmitter> code) {
            this(work, work, Calls.ONCE, code);
        }

        boolean isBlock() {
            return calls.blocks() > 1;
        }
    }

    /// How often a method is called, each time with another block of a loop.
    ///
    /// @param blocks 1: once, and not by block
    /// @param shared whether several threads may do it
    private record Calls(int blocks, boolean shared) {
        static final Calls ONCE = new Calls(1, false);
    }

    private CodeGenerator(Layout layout) {
        this.layout = layout;
    }

    /// {@return the bytes of the class that carries out a plan}
    static byte[] generate(Layout layout, List<Slot> outputs) {
        var generator = new CodeGenerator(layout);
        for (Plan.Level level : layout.plan().levels()) {
            generator.scalars(level.scalars);
            level.kernels.forEach(k -> generator.stages.add(new Stage(List.of(), m -> KernelEmitter.emit(m, k))));
            level.loops.forEach((n, loops) -> loops.forEach(loop -> generator.loop(work(layout, loop), n)));
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

    private boolean hasBlocks() {
        return stages.stream().anyMatch(Stage::isBlock);
    }

    private byte[] classFile() {
        Entry entry = layout.entry();
        return ClassFile.of().build(SELF, c -> {
            c.withFlags(AccessFlag.FINAL, AccessFlag.SYNTHETIC);
            c.withInterfaceSymbols(MethodEmitter.descriptor(Code.class));
            c.withMethodBody(
                    ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, b -> b.aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_());
            if (layout.plan().hasLanes() && !hasBlocks()) {
                shared(c);
                return;
            }
            for (int i = 0; i < stages.size(); i++) {
                Stage stage = stages.get(i);
                c.withMethodBody("stage" + i, stage.isBlock() ? BLOCK : entry.type(), PRIVATE, b -> body(b, stage, 0));
            }
            c.withMethodBody("run", entry.type(), ClassFile.ACC_PUBLIC, this::calls);
            if (hasBlocks()) {
                c.withMethodBody("block", MethodTypeDesc.ofDescriptor("(II[Ljava/lang/Object;)V"), ClassFile.ACC_PUBLIC, this::blocks);
            }
        });
    }

    /// @param room local variables that the method leaves free, behind what it is called with
    private void body(CodeBuilder b, Stage stage, int room) {
        stage.code().accept(new MethodEmitter(b, layout, stage.isBlock() ? 0 : layout.entry().passed(), room));
        b.return_();
    }

    /// Writes the methods that differ in numbers alone once, and those that call them.
    private void shared(ClassBuilder c) {
        Entry entry = layout.entry();
        byte[] single = ClassFile.of().build(SELF, own -> {
            for (int i = 0; i < stages.size(); i++) {
                Stage stage = stages.get(i);
                own.withMethodBody("stage" + i, entry.type(), PRIVATE, b -> body(b, stage, SharedMethods.ROOM));
            }
        });
        List<CodeModel> methods = ClassFile.of().parse(single).methods().stream().map(m -> m.code().orElseThrow()).toList();
        List<SharedMethods.Use> uses = SharedMethods.of(methods);
        for (int i = 0; i < methods.size(); i++) {
            SharedMethods.Use use = uses.get(i);
            if (use.method() == i) {
                CodeModel method = methods.get(i);
                c.withMethodBody("stage" + i, type(use), PRIVATE, b -> write(b, method, use.positions()));
            }
        }
        c.withMethodBody("run", entry.type(), ClassFile.ACC_PUBLIC, b -> {
            for (SharedMethods.Use use : uses) {
                entry.load(b);
                use.arguments().forEach(b::loadConstant);
                b.invokestatic(SELF, "stage" + use.method(), type(use));
            }
            b.return_();
        });
    }

    private MethodTypeDesc type(SharedMethods.Use use) {
        MethodTypeDesc type = layout.entry().type();
        return type.insertParameterTypes(type.parameterCount(), Collections.nCopies(use.arguments().size(), ConstantDescs.CD_int).toArray(ClassDesc[]::new));
    }

    /// Writes a method with arguments in place of numbers.
    private void write(CodeBuilder b, CodeModel method, List<List<Integer>> positions) {
        int first = 1 + layout.entry().passed();
        int at = 0;
        for (CodeElement e : method) {
            int now = at++;
            int argument = IntStream.range(0, positions.size()).filter(k -> positions.get(k).contains(now)).findFirst().orElse(-1);
            if (argument < 0) {
                b.with(e);
            } else {
                b.iload(first + argument);
            }
        }
    }

    private void calls(CodeBuilder b) {
        Entry entry = layout.entry();
        if (hasBlocks()) {
            entry.share(b);
        }
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).isBlock()) {
                inBlocks(b, i, stages.get(i).calls());
            } else {
                entry.load(b);
                b.invokestatic(SELF, "stage" + i, entry.type());
            }
        }
        b.return_();
    }

    /// Has the blocks of a loop done, by the team or one after the other.
    private void inBlocks(CodeBuilder b, int stage, Calls calls) {
        ClassDesc team = MethodEmitter.descriptor(Team.class);
        var type = MethodTypeDesc.of(
                ConstantDescs.CD_void, MethodEmitter.descriptor(Code.class), ConstantDescs.CD_int, ConstantDescs.CD_Object.arrayType(), ConstantDescs.CD_int);
        if (calls.shared()) {
            b.aload(1).loadConstant(layout.memory().team()).aaload().checkcast(team);
        }
        b.aload(0).loadConstant(stage).aload(1).loadConstant(calls.blocks());
        if (calls.shared()) {
            b.invokevirtual(team, "run", type);
        } else {
            b.invokestatic(team, "inOrder", type);
        }
    }

    /// The method that the team calls: it finds the one of the loop.
    private void blocks(CodeBuilder b) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).isBlock()) {
                Label other = b.newLabel();
                b.iload(1).loadConstant(i).if_icmpne(other);
                b.aload(3).iload(2).invokestatic(SELF, "stage" + i, BLOCK).return_();
                b.labelBinding(other);
            }
        }
        b.return_();
    }

    private void scalars(List<Node.Apply> nodes) {
        for (int from = 0; from < nodes.size(); from += SCALARS_PER_METHOD) {
            List<Node.Apply> block = Schedule.of(nodes.subList(from, Math.min(nodes.size(), from + SCALARS_PER_METHOD)));
            stages.add(new Stage(block, m -> block.forEach(a -> {
                // Before the element's code, which may branch: a local variable set in one branch is not set in the other.
                Plan.operands(a).forEach(m::prepareScalar);
                ElementEmitter.emit(m, a, Plan.operands(a), m::scalar);
                m.defineScalar(a);
            })));
        }
    }

    /// {@return the operations of a loop that need code: not those that repeat one element for others in it}
    static List<Node.Apply> work(Layout layout, Plan.Loop loop) {
        return loop.nodes.stream().filter(a -> !Plan.isFill(a) || layout.inMemory(a) || !layout.targets(a).isEmpty()).toList();
    }

    private void loop(List<Node.Apply> work, int n) {
        int blocks = Sums.blocks(n);
        if (work.isEmpty()) {
            return;
        }
        boolean isDirect = DirectLoop.fits(layout, work);
        if (blocks == 1) {
            stages.add(new Stage(work, m -> {
                if (isDirect) {
                    DirectLoop.emit(m, work, n);
                } else {
                    LoopEmitter.emit(m, work, n);
                }
            }));
            return;
        }
        if (BlockedLoop.begins(layout.plan(), work)) {
            stages.add(new Stage(List.of(), m -> BlockedLoop.begin(m, work)));
        }
        var calls = new Calls(blocks, BlockedLoop.isShared(layout.plan(), work));
        stages.add(new Stage(work, List.of(), calls, m -> {
            if (isDirect) {
                DirectLoop.block(m, work, n);
            } else {
                LoopEmitter.block(m, work, n);
            }
        }));
        List<Node.Apply> results = BlockedLoop.results(layout.plan(), work);
        if (!results.isEmpty()) {
            stages.add(new Stage(List.of(), results, Calls.ONCE, m -> BlockedLoop.finish(m, results, blocks)));
        }
    }

    /// Finds the scalars that one method computes and another one reads.
    private void passScalars() {
        var madeIn = new IdentityHashMap<Node, Integer>();
        for (int i = 0; i < stages.size(); i++) {
            for (Node.Apply a : stages.get(i).made) {
                // What a sink makes lies in memory, even one number alone, and is read from there.
                if (layout.plan().role(a) != Plan.Role.SINK) {
                    madeIn.put(a, i);
                }
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

    /// Arguments, constants and parts of arrays that are results as they are.
    private void passThrough(List<Slot> outputs) {
        for (int k = 0; k < outputs.size(); k++) {
            Node root = Plan.root(layout.plan().graph().outputs().get(k));
            Slot slot = outputs.get(k);
            if (root instanceof Node.Parameter || root instanceof Node.Constant || layout.plan().role(root) == Plan.Role.VIEW) {
                var to = new Layout.Place(slot.buffer(), slot.offset());
                stages.add(new Stage(List.of(), m -> KernelEmitter.copy(m, root, layout.place(root), to)));
            }
        }
    }
}
