package kiln.op;

import kiln.array.NDArray;
import kiln.array.Np;

/// Modified Bessel function of order 1, scaled: `e^−|x| I₁(x)`.
public record I1e() implements Function1 {
    @Override
    public MathFunction function() {
        return MathFunction.I1E;
    }

    /// `I₀ − I₁/x`, scaled, which is 1/2 at 0, less `sign(x) y` for the scaling.
    @Override
    public NDArray derivative(NDArray x, NDArray y) {
        NDArray zero = x.eq(0);
        NDArray divisor = Np.where(zero, Np.onesLike(x), x);
        NDArray quotient = Np.where(zero, Np.full(x.shape(), 0.5, x.dtype()), y.div(divisor));
        return Bind.apply(new I0e(), x).minus(quotient).minus(Np.sign(x).times(y));
    }
}
