package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Power `a^b`.
///
/// The derivatives are limits where there are some: by `a` it is 0 for `b = 0` whatever `a` is, by `b` it is 0 for `a ≤ 0` (of a negative
/// base only whole exponents have a real power). Values that a choice discards are finite, so that no NaN comes out of higher derivatives.
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
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        if (i == 0) {
            NDArray constant = b.eq(0);
            NDArray power = Np.pow(Np.where(constant, Np.asNDArray(1), a), Np.where(constant, Np.asNDArray(1), b.minus(1)));
            return t.times(b).times(Np.where(constant, Np.asNDArray(0), power));
        }
        NDArray positive = a.gt(0);
        NDArray log = Np.log(Np.where(positive, a, Np.asNDArray(1)));
        return t.times(Np.where(positive, log, Np.asNDArray(0))).times(y);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "pow");
    }
}
