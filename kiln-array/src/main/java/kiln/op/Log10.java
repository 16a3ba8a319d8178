package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Logarithms;

/// Logarithm to base 10, exact for powers of ten.
public record Log10() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG10;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(x.times(Logarithms.LN_10));
    }
}
