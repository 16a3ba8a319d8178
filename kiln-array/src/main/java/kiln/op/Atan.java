package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Arc tangent, in (−π/2, π/2).
public record Atan() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ATAN;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(Np.square(x).plus(1));
    }
}
