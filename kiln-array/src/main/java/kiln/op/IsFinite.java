package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Whether a value is neither infinite nor NaN.
public record IsFinite() implements Unary {
    @Override
    public DType dtype(List<DType> in) {
        return DType.BOOL;
    }

    @Override
    public double eval(double x) {
        return of(x) ? 1 : 0;
    }

    @Override
    public long evalLong(long[] x) {
        return 1;
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Math.class, "abs").constant(Double.MAX_VALUE).compare(Compare.Kind.LE);
    }

    private static boolean of(double x) {
        return Math.abs(x) <= Double.MAX_VALUE;
    }
}
