package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import org.jspecify.annotations.Nullable;

/// Magnitude of `a` with the sign of `b`, of zeros and NaN too.
public record Copysign() implements Binary {
    @Override
    public double eval(double a, double b) {
        return StrictMath.copySign(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray one = Np.onesLike(t);
        return i == 0 ? t.times(Np.sign(x.get(0)).times(Np.copysign(one, x.get(1)))) : null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(StrictMath.class, "copySign");
    }
}
