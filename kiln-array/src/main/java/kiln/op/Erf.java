package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
/// Error function, `y = 2/√π ∫₀ˣ e^−t² dt`.
public record Erf() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.ERF;
    }

    @Override
    public boolean hides() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.exp(Np.square(x).unaryMinus()).times(2 / Math.sqrt(Math.PI));
    }
}
