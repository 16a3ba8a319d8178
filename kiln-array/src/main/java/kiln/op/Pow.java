package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Power `a^b`.
public record Pow() implements Binary {
    @Override
    public double eval(double a, double b) {
        return kiln.math.Elementary.pow(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Integers.pow(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return i == 0 ? t.times(b).times(Np.where(b.eq(0), Np.asNDArray(0), Np.pow(a, b.minus(1)))) : t.times(Np.where(a.gt(0), Np.log(Np.where(a.gt(0), a, Np.asNDArray(1))), Np.asNDArray(0))).times(y);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "pow");
    }
}
