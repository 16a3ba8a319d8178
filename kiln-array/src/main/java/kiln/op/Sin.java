package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Sine.
public record Sin() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.SIN;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.cos(x);
    }
}
