package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Elementary;
import org.jspecify.annotations.Nullable;

/// `a log b`, which is 0 where `a = 0` whatever `b` is.
public record Xlogy() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Elementary.xlogy(a, b);
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        // Where both are 0 the value is 0 whichever way it is approached along `a = 0`, and so are the derivatives.
        NDArray hidden = Np.logicalAnd(a.eq(0), b.eq(0));
        NDArray seen = Np.where(hidden, Np.asNDArray(1), b);
        return i == 0 ? t.times(Np.log(seen)) : t.times(a).div(seen);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Elementary.class, "xlogy");
    }
}
