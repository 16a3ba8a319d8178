package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Arc cosine, in [0, π]; NaN outside [−1, 1].
public record Acos() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ACOS;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.sqrt(Np.square(x).unaryMinus().plus(1))).unaryMinus();
    }
}
