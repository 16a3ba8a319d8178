package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Inverse error function on (−1, 1).
public record Erfinv() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ERFINV;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(y)).times(Math.sqrt(Math.PI) / 2);
    }
}
