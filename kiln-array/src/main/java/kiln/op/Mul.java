package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Multiplication.
public record Mul() implements Binary {
    @Override
    public double eval(double a, double b) {
        return a * b;
    }

    @Override
    public void evalAll(double[] x, double[] y, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i], y[i]);
        }
    }

    @Override
    public long eval(long a, long b) {
        return a * b;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return i == 0 ? t.times(b) : t.times(a);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).mul();
    }
}
