package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Hyperbolic tangent.
public record Tanh() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.TANH;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.asNDArray(1).minus(Np.square(y));
    }
}
