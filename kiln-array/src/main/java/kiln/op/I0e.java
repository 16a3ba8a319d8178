package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Modified Bessel function of order 0, scaled: `e^−|x| I₀(x)`.
public record I0e() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.I0E;
    }

    /// At 0 the function has a corner; the rule gives the mean of the two slopes, 0.
    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        return Bind.apply(new I1e(), x).minus(Np.sign(x).times(y));
    }
}
