package kiln.op;

import kiln.array.NDArray;
import kiln.math.Logarithms;

/// Power of two, `2^x`.
public record Exp2() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.EXP2;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return y.times(Logarithms.LN_2);
    }
}
