package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Hyperbolic sine.
public record Sinh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.SINH;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.cosh(x);
    }
}
