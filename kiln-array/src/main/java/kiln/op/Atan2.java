package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Elementary;
import org.jspecify.annotations.Nullable;

/// Angle of the point `(b, a)` in radians, in [−π, π]; the first operand is the ordinate.
public record Atan2() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Elementary.atan2(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray length = Np.square(x.get(0)).plus(Np.square(x.get(1)));
        return i == 0 ? t.times(x.get(1)).div(length) : t.times(x.get(0)).div(length).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Elementary.class, "atan2");
    }
}
