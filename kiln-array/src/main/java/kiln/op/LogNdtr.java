package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Logarithm of the standard normal distribution function, accurate in the lower tail.
public record LogNdtr() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG_NDTR;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(x).times(-0.5).minus(y)).times(1 / Math.sqrt(2 * Math.PI));
    }
}
