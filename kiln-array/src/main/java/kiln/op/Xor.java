package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Exclusive disjunction of truth values, bitwise of integers.
public record Xor() implements Binary {
    @Override
    public double eval(double a, double b) {
        throw new UnsupportedOperationException("xor is not defined on floating numbers");
    }

    @Override
    public long eval(long a, long b) {
        return Integers.xor(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "xor");
    }
}
