package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Standard normal quantile, the inverse of `Φ` on (0, 1).
public record Ndtri() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.NDTRI;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(y).times(0.5)).times(Math.sqrt(2 * Math.PI));
    }
}
