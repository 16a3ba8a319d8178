package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Inverse of the hyperbolic tangent; NaN outside [−1, 1].
public record Atanh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ATANH;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.square(x).unaryMinus().plus(1));
    }
}
