package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Length of the vector `(a, b)`, `√(a² + b²)`, without overflow; the derivative at the origin is 0.
public record Hypot() implements Binary {
    @Override
    public double eval(double a, double b) {
        return StrictMath.hypot(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray origin = y.eq(0);
        return t.times(Np.where(origin, Np.asNDArray(0), x.get(i).div(Np.where(origin, Np.asNDArray(1), y))));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(StrictMath.class, "hypot");
    }
}
