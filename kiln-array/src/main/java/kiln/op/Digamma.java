package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Digamma function, the derivative of `log Γ`.
public record Digamma() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.DIGAMMA;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.polygamma(1, x);
    }
}
