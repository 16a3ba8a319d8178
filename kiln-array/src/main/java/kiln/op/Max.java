package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// The larger of two values; NaN if one of them is. At a tie each operand gets half of the derivative.
public record Max() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Math.max(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Math.max(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return i == 0 ? t.times(share(a.gt(b), a.eq(b))) : t.times(share(b.gt(a), a.eq(b)));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Math.class, "max");
    }

    static NDArray share(NDArray wins, NDArray ties) {
        return Np.where(wins, Np.asNDArray(1.0), Np.where(ties, Np.asNDArray(0.5), Np.asNDArray(0.0)));
    }
}
