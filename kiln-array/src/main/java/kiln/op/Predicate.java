package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// A question about one value, answered by a truth value; it has no derivative.
public sealed interface Predicate extends Unary permits IsFinite, IsNaN, LogicalNot {
    /// {@return whether it holds for a value; integers come converted, which keeps zero apart from the others}
    boolean holds(double x);

    @Override
    default DType dtype(List<DType> in) {
        return DType.BOOL;
    }

    @Override
    default double eval(double x) {
        return holds(x) ? 1 : 0;
    }

    @Override
    default long evalLong(long[] x) {
        return holds((double) x[0]) ? 1 : 0;
    }

    @Override
    default @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }
}
