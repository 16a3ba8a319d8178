package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Remainder with the sign of the dividend, as C and Java have it; exact.
public record Fmod() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Integers.fmod(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Integers.fmod(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return i == 0 ? t : t.times(Np.trunc(x.get(0).div(x.get(1)))).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "fmod");
    }
}
