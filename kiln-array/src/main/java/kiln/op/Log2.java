package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Logarithms;

/// Logarithm to base 2, exact for powers of two.
public record Log2() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.LOG2;
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Np.reciprocal(x.times(Logarithms.LN_2));
    }
}
