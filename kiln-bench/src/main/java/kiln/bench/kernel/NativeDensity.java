package kiln.bench.kernel;

import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import kiln.infer.LogDensity;

/// A C function as a density: the pattern from which [NativeCode] makes one hidden class per function, and never used itself.
final class NativeDensity implements LogDensity {
    private static final MethodHandle FUNCTION = function();

    private final int dimension;
    private final double constant;
    private final long n;
    private final MemorySegment data;
    private final MemorySegment scratch;

    NativeDensity(NativeArguments arguments) {
        dimension = arguments.dimension();
        constant = arguments.constant();
        n = arguments.n();
        data = arguments.data();
        scratch = arguments.scratch();
    }

    private static MethodHandle function() {
        try {
            return MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class);
        } catch (IllegalAccessException e) {
            throw new LinkageError("a hidden class cannot read its data", e);
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        try {
            return constant
                    + (double) FUNCTION.invokeExact(
                            MemorySegment.ofArray(position), MemorySegment.ofArray(gradient), n, data, scratch);
        } catch (Throwable e) {
            throw new LinkageError("a call of C code failed", e);
        }
    }
}
