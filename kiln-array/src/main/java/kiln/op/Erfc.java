package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Complementary error function, `y = 1 − erf(x)`, accurate in the upper tail.
public record Erfc() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ERFC;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(x).unaryMinus()).times(-2 / Math.sqrt(Math.PI));
    }
}
