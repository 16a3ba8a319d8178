package kiln.op;

import kiln.array.NDArray;

/// `y = e^x − 1`, accurate near zero.
public record Expm1() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.EXPM1;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return y.plus(1);
    }
}
