package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Elementary;
import org.jspecify.annotations.Nullable;

/// `log(e^a + e^b)` without overflow.
public record LogAddExp() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Elementary.logAddExp(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        // Two equal infinities have equal parts.
        NDArray apart = Np.where(a.eq(b), Np.asNDArray(0), a.minus(b));
        return t.times(Np.sigmoid(i == 0 ? apart : apart.unaryMinus()));
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Elementary.class, "logAddExp");
    }
}
