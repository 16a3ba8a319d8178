package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Shift of the bits of integers, filling with zeros on the left shift and with the sign on the right shift.
///
/// @param left whether towards the higher bits
public record Shift(boolean left) implements Binary {
    @Override
    public double eval(double a, double b) {
        throw new UnsupportedOperationException("shifts are not defined on floating numbers");
    }

    @Override
    public long eval(long a, long b) {
        return left ? Integers.shiftLeft(a, b) : Integers.shiftRight(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, left ? "shiftLeft" : "shiftRight");
    }
}
