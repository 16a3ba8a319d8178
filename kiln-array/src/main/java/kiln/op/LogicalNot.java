package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Logical negation: whether a value is zero.
public record LogicalNot() implements Unary {
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
        return x[0] == 0 ? 1 : 0;
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).constant(0).compare(Compare.Kind.EQ);
    }

    private static boolean of(double x) {
        return x == 0;
    }
}
