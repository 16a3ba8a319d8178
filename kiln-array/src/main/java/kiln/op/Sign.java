package kiln.op;

import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Sign: −1, 0 or 1; NaN stays NaN.
public record Sign() implements Unary {
    @Override
    public double eval(double x) {
        return Math.signum(x);
    }

    @Override
    public long evalLong(long[] x) {
        return Long.signum(x[0]);
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Sign.class, "of");
    }

    /// {@return the sign of `x`: the form that compiled code calls}
    public static double of(double x) {
        return Math.signum(x);
    }

    /// {@return the sign of `x`: the form that compiled code calls}
    public static long of(long x) {
        return Long.signum(x);
    }
}
