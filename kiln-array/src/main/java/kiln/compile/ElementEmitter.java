package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import kiln.array.DType;
import kiln.graph.Node;
import kiln.op.Compare;
import kiln.op.Elementwise;
import kiln.op.Emitter;
import kiln.op.MathFunction;

/// Translates the words of an elementwise operation into JVM instructions for one element.
final class ElementEmitter implements Emitter {
    private final CodeBuilder code;
    private final List<Node> operands;
    private final Consumer<Node> load;
    private final boolean floating;

    private ElementEmitter(CodeBuilder code, List<Node> operands, Consumer<Node> load) {
        this.code = code;
        this.operands = operands;
        this.load = load;
        boolean any = false;
        for (Node operand : operands) {
            any |= MethodEmitter.isFloating(operand);
        }
        this.floating = any;
    }

    /// Leaves the value of an elementwise node on the stack.
    ///
    /// @param operands its operands
    /// @param load     pushes one element of an operand
    static void emit(MethodEmitter m, Node.Apply node, List<Node> operands, Consumer<Node> load) {
        ((Elementwise) node.op()).emit(new ElementEmitter(m.code(), operands, load));
        if (node.aval().dtype() == DType.BOOL && operands.stream().allMatch(n -> n.aval().dtype() == DType.BOOL)) {
            // Arithmetic on truth values leaves any number; a truth value is 0 or 1.
            m.code().lconst_0().lcmp().iconst_1().iand().i2l();
        } else {
            m.normalize(node.aval().dtype());
        }
    }

    private ClassDesc kind() {
        return floating ? ConstantDescs.CD_double : ConstantDescs.CD_long;
    }

    @Override
    public Emitter load(int i) {
        Node operand = operands.get(i);
        load.accept(operand);
        if (floating && !MethodEmitter.isFloating(operand)) {
            code.l2d();
        }
        return this;
    }

    @Override
    public Emitter constant(double value) {
        if (floating) {
            code.loadConstant(value);
        } else {
            code.loadConstant((long) value);
        }
        return this;
    }

    @Override
    public Emitter add() {
        return pick(code::dadd, code::ladd);
    }

    @Override
    public Emitter sub() {
        return pick(code::dsub, code::lsub);
    }

    @Override
    public Emitter mul() {
        return pick(code::dmul, code::lmul);
    }

    @Override
    public Emitter div() {
        return floating ? pick(code::ddiv, code::ddiv) : call(kiln.math.Integers.class, "floorDiv");
    }

    @Override
    public Emitter neg() {
        return pick(code::dneg, code::lneg);
    }

    private Emitter pick(Runnable forDouble, Runnable forLong) {
        if (floating) {
            forDouble.run();
        } else {
            forLong.run();
        }
        return this;
    }

    @Override
    public Emitter call(MathFunction function) {
        code.invokestatic(
                MethodEmitter.descriptor(function.owner()),
                function.method(),
                MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double));
        return this;
    }

    @Override
    public Emitter call(Class<?> owner, String method) {
        code.invokestatic(MethodEmitter.descriptor(owner), method, MethodTypeDesc.of(kind(), kind(), kind()));
        return this;
    }

    @Override
    public Emitter call3(Class<?> owner, String method) {
        code.invokestatic(MethodEmitter.descriptor(owner), method, MethodTypeDesc.of(kind(), kind(), kind(), kind()));
        return this;
    }

    @Override
    public Emitter call1(Class<?> owner, String method) {
        code.invokestatic(MethodEmitter.descriptor(owner), method, MethodTypeDesc.of(kind(), kind()));
        return this;
    }

    @Override
    public Emitter compare(Compare.Kind kind) {
        // NaN has to make every comparison false but "not equal": the flavour of dcmp decides what NaN counts as.
        boolean less = kind == Compare.Kind.LT || kind == Compare.Kind.LE;
        if (!floating) {
            code.lcmp();
        } else if (less) {
            code.dcmpg();
        } else {
            code.dcmpl();
        }
        Label yes = code.newLabel();
        Label done = code.newLabel();
        switch (kind) {
            case LT -> code.iflt(yes);
            case LE -> code.ifle(yes);
            case GT -> code.ifgt(yes);
            case GE -> code.ifge(yes);
            case EQ -> code.ifeq(yes);
            case NE -> code.ifne(yes);
        }
        code.lconst_0().goto_(done).labelBinding(yes).lconst_1().labelBinding(done);
        return this;
    }

    @Override
    public Emitter select(int condition, int a, int b) {
        Label other = code.newLabel();
        Label done = code.newLabel();
        Node c = operands.get(condition);
        load.accept(c);
        if (MethodEmitter.isFloating(c)) {
            code.dconst_0().dcmpl();
        } else {
            code.l2i();
        }
        code.ifeq(other);
        load(a);
        code.goto_(done).labelBinding(other);
        load(b);
        code.labelBinding(done);
        return this;
    }

    @Override
    public Emitter convert(DType from, DType to) {
        if (to.isFloating()) {
            if (!from.isFloating()) {
                if (to == DType.FLOAT32) {
                    // Through double it would be rounded twice.
                    code.l2f().f2d();
                } else {
                    code.l2d();
                }
            }
        } else if (to == DType.BOOL) {
            constant(0);
            compare(Compare.Kind.NE);
        } else if (from.isFloating()) {
            // Saturating for either width, as a Java cast is.
            if (to == DType.INT32) {
                code.d2i().i2l();
            } else {
                code.d2l();
            }
        }
        return this;
    }
}
