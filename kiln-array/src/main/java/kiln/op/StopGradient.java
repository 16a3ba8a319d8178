package kiln.op;

import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// The value itself, through which no derivative passes.
public record StopGradient() implements Unary {
    @Override
    public double eval(double x) {
        return x;
    }

    @Override
    public long evalLong(long[] x) {
        return x[0];
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0);
    }
}
