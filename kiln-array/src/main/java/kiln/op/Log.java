package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Natural logarithm; NaN below zero, `−∞` at zero.
public record Log() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(x);
    }
}
