package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Whether a value is NaN.
public record IsNaN() implements Unary {
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
        return 0;
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(0).compare(Compare.Kind.NE);
    }

    private static boolean of(double x) {
        return Double.isNaN(x);
    }
}
