package kiln.op;

import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Square, `y = x²`.
public record Square() implements Unary {
    @Override
    public double eval(double x) {
        return x * x;
    }

    @Override
    public void evalAll(double[] x, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i]);
        }
    }

    @Override
    public long evalLong(long[] x) {
        return x[0] * x[0];
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return x.times(2);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(0).mul();
    }
}
