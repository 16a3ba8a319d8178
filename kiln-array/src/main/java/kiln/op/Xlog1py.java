package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Elementary;
import org.jspecify.annotations.Nullable;

/// `a log(1 + b)`, which is 0 where `a = 0` whatever `b` is.
public record Xlog1py() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Elementary.xlog1py(a, b);
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        // Where `a = 0` and `b = −1` the value is 0 whichever way it is approached along `a = 0`, and so are the derivatives.
        NDArray hidden = Np.logicalAnd(a.eq(0), b.eq(-1));
        NDArray seen = Np.where(hidden, Np.asNDArray(0), b);
        return i == 0 ? t.times(Np.log1p(seen)) : t.times(a).div(seen.plus(1));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Elementary.class, "xlog1py");
    }
}
