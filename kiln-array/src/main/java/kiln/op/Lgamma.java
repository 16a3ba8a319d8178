package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Logarithm of the absolute value of the gamma function.
public record Lgamma() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LGAMMA;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.digamma(x);
    }
}
