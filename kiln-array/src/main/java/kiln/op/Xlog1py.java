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
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return i == 0 ? t.times(Np.log1p(b)) : t.times(a).div(b.plus(1));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Elementary.class, "xlog1py");
    }
}
