package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// `y = log(1 + e^x)`, without overflow.
public record Softplus() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.SOFTPLUS;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.sigmoid(x);
    }
}
