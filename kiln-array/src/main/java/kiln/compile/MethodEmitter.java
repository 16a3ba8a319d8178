package kiln.compile;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import kiln.array.Dense;
import kiln.array.DType;
import kiln.graph.Node;

/// The words in which one generated method is written: arrays from memory, scalars in local variables, typed elements.
///
/// A floating value is a JVM `double` whatever its element type (rounded to `float` where the type says so), an integer or
/// truth value is a `long`.
final class MethodEmitter {
    private static final int BUFFERS = 0;

    private final CodeBuilder code;
    private final Layout layout;
    private final Map<Integer, Integer> arrays = new HashMap<>();
    private final Map<Node, Integer> scalars = new IdentityHashMap<>();
    private final int passed;
    private int nextLocal;

    /// @param passed how many of the caller's arrays are arguments of the method, behind the memory
    /// @param room   local variables that are left free behind those
    MethodEmitter(CodeBuilder code, Layout layout, int passed, int room) {
        this.code = code;
        this.layout = layout;
        this.passed = passed;
        nextLocal = BUFFERS + 1 + passed + room;
    }

    CodeBuilder code() {
        return code;
    }

    Layout layout() {
        return layout;
    }

    int newLocal(int slots) {
        int local = nextLocal;
        nextLocal += slots;
        return local;
    }

    static boolean isFloating(Node node) {
        return node.aval().dtype().isFloating();
    }

    // ---- arrays

    private static ClassDesc arrayType(DType dtype) {
        return ClassDesc.ofDescriptor(
                switch (dtype) {
                    case FLOAT64 -> "[D";
                    case FLOAT32 -> "[F";
                    case INT64 -> "[J";
                    case INT32 -> "[I";
                    case BOOL -> "[Z";
                });
    }

    /// Pushes an object of the memory, cast to a type.
    void object(int buffer, ClassDesc type) {
        if (buffer < passed) {
            code.aload(BUFFERS + 1 + buffer);
            return;
        }
        code.aload(BUFFERS).loadConstant(buffer).aaload().checkcast(type);
    }

    /// Loads an array of the memory into a local variable, once per method, before any loop.
    int array(int buffer, DType dtype) {
        if (buffer < passed) {
            return BUFFERS + 1 + buffer;
        }
        return arrays.computeIfAbsent(buffer, b -> {
            object(b, arrayType(dtype));
            int local = newLocal(1);
            code.astore(local);
            return local;
        });
    }

    /// Replaces array and index on the stack by the element.
    void loadElement(DType dtype) {
        switch (dtype) {
            case FLOAT64 -> code.daload();
            case FLOAT32 -> code.faload().f2d();
            case INT64 -> code.laload();
            case INT32 -> code.iaload().i2l();
            case BOOL -> code.baload().i2l();
        }
    }

    /// Stores the value on the stack, above array and index.
    void storeElement(DType dtype) {
        switch (dtype) {
            case FLOAT64 -> code.dastore();
            case FLOAT32 -> code.d2f().fastore();
            case INT64 -> code.lastore();
            case INT32 -> code.l2i().iastore();
            case BOOL -> code.l2i().bastore();
        }
    }

    /// Rounds or wraps the value on the stack to the element type of its result.
    void normalize(DType dtype) {
        switch (dtype) {
            case FLOAT32 -> code.d2f().f2d();
            case INT32 -> code.l2i().i2l();
            default -> {}
        }
    }

    void loadLocal(boolean floating, int local) {
        if (floating) {
            code.dload(local);
        } else {
            code.lload(local);
        }
    }

    void storeLocal(boolean floating, int local) {
        if (floating) {
            code.dstore(local);
        } else {
            code.lstore(local);
        }
    }

    // ---- scalars

    /// {@return whether a node is a scalar that code can hold in a local variable or write as a number}
    static boolean isScalar(Node node) {
        return Plan.size(node) == 1;
    }

    /// Makes sure that a scalar is in a local variable or a literal, so that [#scalar] works inside a loop.
    void prepareScalar(Node node) {
        if (isLiteral(node) || scalars.containsKey(node)) {
            return;
        }
        fetch(node);
        int local = newLocal(2);
        storeLocal(isFloating(node), local);
        scalars.put(node, local);
    }

    /// Pushes a scalar.
    void scalar(Node node) {
        if (node instanceof Node.Constant c && isLiteral(node)) {
            literal(c.value());
            return;
        }
        prepareScalar(node);
        loadLocal(isFloating(node), Objects.requireNonNull(scalars.get(node)));
    }

    /// {@return whether a scalar is written into the code as a number}
    ///
    /// Numbers of few digits come from the model's text. Others may come from data, which must not make new code: they are read from
    /// memory.
    private static boolean isLiteral(Node node) {
        return node instanceof Node.Constant c
                && (!isFloating(node) || (Double.doubleToRawLongBits(c.value().doubleAt(0)) & 0xFFFFFFFFFFFL) == 0);
    }

    private void literal(Dense value) {
        if (value.dtype().isFloating()) {
            code.loadConstant(value.doubleAt(0));
        } else {
            code.loadConstant(value.longAt(0));
        }
    }

    private void fetch(Node node) {
        DType dtype = node.aval().dtype();
        Integer spill = layout.spill(node);
        if (spill != null) {
            code.aload(array(layout.memory().scalars(), DType.FLOAT64)).loadConstant((int) spill).daload();
            if (!dtype.isFloating()) {
                code.invokestatic(
                        ClassDesc.of("java.lang.Double"), "doubleToRawLongBits", MethodTypeDesc.of(CD_long, CD_double));
            }
            return;
        }
        if (isFloating(node) && layout.plan().source(node) instanceof Node.Constant) {
            // Numbers from all known arrays lie in one, whose type and length are checked once.
            code.aload(array(layout.memory().numbers(), DType.FLOAT64)).loadConstant(layout.number(node)).daload();
            return;
        }
        Layout.Place place = layout.place(node);
        code.aload(array(place.buffer(), dtype)).loadConstant(place.offset());
        loadElement(dtype);
    }

    /// Takes the value on the stack as that of a scalar node, to be used in this method and, if need be, in others.
    void defineScalar(Node node) {
        int local = newLocal(2);
        storeLocal(isFloating(node), local);
        scalars.put(node, local);
        Integer spill = layout.spill(node);
        if (spill != null) {
            code.aload(array(layout.memory().scalars(), DType.FLOAT64)).loadConstant((int) spill);
            loadLocal(isFloating(node), local);
            if (!isFloating(node)) {
                code.invokestatic(
                        ClassDesc.of("java.lang.Double"), "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
            }
            code.dastore();
        }
        for (Layout.Place target : layout.targets(node)) {
            code.aload(array(target.buffer(), node.aval().dtype())).loadConstant(target.offset());
            loadLocal(isFloating(node), local);
            storeElement(node.aval().dtype());
        }
    }

    /// Takes the value on the stack as that of a scalar node in this method, in the same local variable every time.
    void setScalar(Node node) {
        Integer known = scalars.get(node);
        int local = known == null ? newLocal(2) : known;
        storeLocal(isFloating(node), local);
        scalars.put(node, local);
    }

    /// Takes a local variable, whatever it holds from time to time, as the value of a scalar node.
    void bind(Node node, int local) {
        scalars.put(node, local);
    }

    /// Copies `n` elements between arrays of one type held in local variables.
    void arraycopy(int from, Runnable fromIndex, int to, Runnable toIndex, Runnable length) {
        code.aload(from);
        fromIndex.run();
        code.aload(to);
        toIndex.run();
        length.run();
        code.invokestatic(
                ClassDesc.of("java.lang.System"),
                "arraycopy",
                MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;ILjava/lang/Object;II)V"));
    }

    static ClassDesc descriptor(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }
}
