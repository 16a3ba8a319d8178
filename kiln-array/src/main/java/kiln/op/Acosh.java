package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Inverse of the hyperbolic cosine, ≥ 0; NaN below 1.
public record Acosh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ACOSH;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.sqrt(x.minus(1).times(x.plus(1))));
    }
}
