package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Subtraction.
public record Sub() implements Binary {
    @Override
    public double eval(double a, double b) {
        return a - b;
    }

    @Override
    public void evalAll(double[] x, double[] y, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i], y[i]);
        }
    }

    @Override
    public long eval(long a, long b) {
        return a - b;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return i == 0 ? t : t.unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).sub();
    }
}
