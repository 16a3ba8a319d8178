package kiln.op;

import kiln.array.NDArray;

/// Exponential, `y = e^x`.
public record Exp() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.EXP;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return y;
    }
}
