package kiln.op;

import kiln.array.NDArray;

/// Scaled complementary error function, `e^(x²) erfc(x)`.
public record Erfcx() implements Function1 {
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;

    @Override
    public MathFunction function() {
        return MathFunction.ERFCX;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return x.times(y).times(2).minus(TWO_OVER_SQRT_PI);
    }
}
