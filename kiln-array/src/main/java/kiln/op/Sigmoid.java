package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Logistic function, `y = 1 / (1 + e^−x)`.
public record Sigmoid() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.SIGMOID;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return y.times(Np.sigmoid(x.unaryMinus()));
    }
}
