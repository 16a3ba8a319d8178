package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Hyperbolic cosine.
public record Cosh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.COSH;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.sinh(x);
    }
}
