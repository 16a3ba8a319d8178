package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// `a · b + c` with a single rounding; the compiler writes products of small matrices with it.
public record Fma() implements Ternary {
    @Override
    public double eval(double a, double b, double c) {
        return Math.fma(a, b, c);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return i == 2 ? t : t.times(x.get(1 - i));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).load(2).call3(Math.class, "fma");
    }
}
