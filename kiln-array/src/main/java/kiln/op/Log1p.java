package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// `y = log(1 + x)`, accurate near zero.
public record Log1p() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG1P;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(x.plus(1));
    }
}
