package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Integers;
import org.jspecify.annotations.Nullable;

/// Remainder with the sign of the divisor, as Python and NumPy have it.
public record Rem() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Integers.floorMod(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Integers.floorMod(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return i == 0 ? t : t.times(Np.floor(a.div(b))).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Integers.class, "floorMod");
    }
}
