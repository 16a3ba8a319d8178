package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Real cube root, also of negative numbers.
public record Cbrt() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.CBRT;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.square(y).times(3));
    }
}
