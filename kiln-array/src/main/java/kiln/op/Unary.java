package kiln.op;

import java.util.List;
import kiln.array.DType;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// An elementwise operation with one operand.
public sealed interface Unary extends Elementwise
        permits Function1, Neg, Abs, Sign, Square, Sqrt, Round, Predicate, Identity {
    /// {@return the value at `x`}
    double eval(double x);

    /// Stores the values for all elements of an array; some repeat the loop, as those of [Binary#evalAll].
    default void evalAll(double[] x, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = eval(x[i]);
        }
    }

    /// {@return `dy/dx`, written with operations; null where it is zero everywhere}
    @Nullable NDArray derivative(NDArray x, NDArray y);

    @Override
    default int arity() {
        return 1;
    }

    @Override
    default DType dtype(List<DType> in) {
        return in.getFirst();
    }

    @Override
    default double evalDouble(double[] x) {
        return eval(x[0]);
    }

    @Override
    default @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray d = derivative(x.getFirst(), y);
        return d == null ? null : t.times(d);
    }
}
