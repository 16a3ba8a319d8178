package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Absolute value; the derivative at 0 is 0.
public record Abs() implements Unary {
    @Override
    public double eval(double x) {
        return Math.abs(x);
    }

    @Override
    public long evalLong(long[] x) {
        return Math.abs(x[0]);
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return Np.sign(x);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Math.class, "abs");
    }
}
