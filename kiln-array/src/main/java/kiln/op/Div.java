package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Division; of integers: rounded towards −∞, and by zero gives −2, or −1 for `a = 0` (no exception), as in JAX.
public record Div() implements Binary {
    @Override
    public double eval(double a, double b) {
        return a / b;
    }

    @Override
    public void evalAll(double[] x, double[] y, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i], y[i]);
        }
    }

    @Override
    public long eval(long a, long b) {
        return Integers.floorDiv(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray b = x.get(1);
        return i == 0 ? t.div(b) : t.times(y).div(b).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).div();
    }
}
