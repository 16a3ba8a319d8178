package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Cosine.
public record Cos() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.COS;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.sin(x).unaryMinus();
    }
}
