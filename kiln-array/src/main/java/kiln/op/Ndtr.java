package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Standard normal distribution function `Φ(x)`.
public record Ndtr() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.NDTR;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(x).times(-0.5)).times(1 / Math.sqrt(2 * Math.PI));
    }
}
