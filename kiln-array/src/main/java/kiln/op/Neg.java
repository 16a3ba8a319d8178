package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Negation, `y = −x`.
public record Neg() implements Unary {
    @Override
    public double eval(double x) {
        return -x;
    }

    @Override
    public void evalAll(double[] x, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i]);
        }
    }

    @Override
    public long evalLong(long[] x) {
        return -x[0];
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return Np.asNDArray(-1);
    }

    @Override
    public NDArray timesPartial(int i, java.util.List<NDArray> x, NDArray y, NDArray t) {
        return t.unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).neg();
    }
}
