package kiln.op;

import java.util.List;
import kiln.array.DType;

/// An elementwise operation with three floating operands of one element type.
public sealed interface Ternary extends Elementwise permits IncompleteBeta, IncompleteBetaShape, WaldDraw, Fma {
    /// {@return the value at `(a, b, x)`}
    double eval(double a, double b, double x);

    @Override
    default int arity() {
        return 3;
    }

    @Override
    default DType dtype(List<DType> in) {
        return in.getFirst();
    }

    @Override
    default double evalDouble(double[] x) {
        return eval(x[0], x[1], x[2]);
    }
}
