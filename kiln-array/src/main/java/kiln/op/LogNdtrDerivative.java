package kiln.op;

import kiln.array.NDArray;

/// Derivative of [LogNdtr], `φ(x) / Φ(x)`: an operation of its own, because the quotient of the two is 0/0 in the lower tail.
public record LogNdtrDerivative() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG_NDTR_DERIVATIVE;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return y.times(x.plus(y)).unaryMinus();
    }
}
