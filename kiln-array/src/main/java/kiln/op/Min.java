package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// The smaller of two values; NaN if one of them is. At a tie each operand gets half of the derivative.
public record Min() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Math.min(a, b);
    }

    @Override
    public long eval(long a, long b) {
        return Math.min(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray b = x.get(1);
        return Max.share(i == 0 ? a.lt(b) : b.lt(a), a.eq(b), t);
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Math.class, "min");
    }
}
