package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Logical conjunction of truth values, bitwise of integers.
public record And() implements Binary {
    @Override
    public double eval(double a, double b) {
        return a != 0 && b != 0 ? 1 : 0;
    }

    @Override
    public long eval(long a, long b) {
        return a & b;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "and");
    }
}
