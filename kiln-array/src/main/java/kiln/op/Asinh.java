package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Inverse of the hyperbolic sine.
public record Asinh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ASINH;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.sqrt(Np.square(x).plus(1)));
    }
}
