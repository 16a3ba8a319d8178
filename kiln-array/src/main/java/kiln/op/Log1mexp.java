package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// `log(1 − e^x)` for `x ≤ 0`, without cancellation at either end.
public record Log1mexp() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG1MEXP;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.expm1(x.unaryMinus())).unaryMinus();
    }
}
