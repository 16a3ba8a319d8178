package kiln.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.IntStream;

/// How the caller's arrays come to generated code.
enum Entry {
    /// In the memory, each in the place of its number: as many as there are, of any type.
    MEMORY(0),

    /// Three arrays of doubles as arguments. To store them in the memory, where the garbage collector wants to know of it, and to ask there for
    /// their type again took a twentieth of an evaluation of the eight schools.
    ARGUMENTS(3);

    private static final ClassDesc DOUBLES = ConstantDescs.CD_double.arrayType();

    private final int passed;

    Entry(int passed) {
        this.passed = passed;
    }

    /// {@return how many of the caller's arrays are arguments: those of the numbers below}
    int passed() {
        return passed;
    }

    /// {@return the type of [Code#run], and of a method that does a part of it}
    MethodTypeDesc type() {
        return MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object.arrayType())
                .insertParameterTypes(1, IntStream.range(0, passed).mapToObj(_ -> DOUBLES).toArray(ClassDesc[]::new));
    }

    /// Pushes the memory and the arguments of [Code#run].
    void load(CodeBuilder code) {
        for (int i = 0; i <= passed; i++) {
            code.aload(1 + i);
        }
    }

    /// Puts the arguments of [Code#run] into the memory, where code of other threads finds them.
    void share(CodeBuilder code) {
        for (int i = 0; i < passed; i++) {
            code.aload(1).loadConstant(i).aload(2 + i).aastore();
        }
    }
}
