package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.GammaInc;
import org.jspecify.annotations.Nullable;

/// Regularised incomplete gamma function of shape `a` at `x`: the lower `P(a, x)` or the upper `Q = 1 − P`.
///
/// @param upper whether `Q`
public record IncompleteGamma(boolean upper) implements Binary {
    @Override
    public double eval(double a, double x) {
        return upper ? GammaInc.gammaincc(a, x) : GammaInc.gammainc(a, x);
    }

    /// {@return the density `x^(a−1) e^−x / Γ(a)`, which is `∂P/∂x`}
    static NDArray density(NDArray a, NDArray x) {
        return Np.exp(Np.xlogy(a.minus(1), x).minus(x).minus(Np.lgamma(a)));
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray a = x.get(0);
        NDArray partial = i == 0 ? Bind.apply(new IncompleteGammaShape(1), a, x.get(1)) : density(a, x.get(1));
        return t.times(upper ? partial.unaryMinus() : partial);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(GammaInc.class, upper ? "gammaincc" : "gammainc");
    }
}
