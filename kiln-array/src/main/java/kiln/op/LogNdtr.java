package kiln.op;

import kiln.array.NDArray;
/// Logarithm of the standard normal distribution function, accurate in the lower tail.
public record LogNdtr() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG_NDTR;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Bind.apply(new LogNdtrDerivative(), x);
    }
}
