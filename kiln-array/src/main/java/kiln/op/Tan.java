package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Tangent.
public record Tan() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.TAN;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.square(y).plus(1);
    }
}
