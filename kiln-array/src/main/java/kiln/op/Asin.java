package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Arc sine, in [−π/2, π/2]; NaN outside [−1, 1].
public record Asin() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ASIN;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.sqrt(Np.square(x).unaryMinus().plus(1)));
    }
}
