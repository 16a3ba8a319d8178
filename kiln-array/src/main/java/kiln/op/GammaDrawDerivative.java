package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.GammaInc;
import org.jspecify.annotations.Nullable;

/// The derivative `h(a, y)` of the logarithm `y` of a gamma draw by its shape `a` at a fixed probability; the operands are `a`, `y`.
///
/// ```
/// ∂h/∂y = ψ(a) − y − h (a − e^y)
/// ```
///
/// @param order 1, or 2 for `∂h/∂a`
public record GammaDrawDerivative(int order) implements Binary {
    @Override
    public double eval(double a, double y) {
        return order == 1 ? GammaInc.implicitGradientLog(a, y) : GammaInc.implicitGradientLogDa(a, y);
    }

    /// @throws UnsupportedOperationException for the third derivative of a draw
    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray h, NDArray t) {
        if (order > 1) {
            throw new UnsupportedOperationException("gamma: third derivatives of a draw by its concentration are not available.");
        }
        NDArray a = x.get(0);
        NDArray y = x.get(1);
        return i == 0
                ? t.times(Bind.apply(new GammaDrawDerivative(2), a, y))
                : t.times(Np.digamma(a).minus(y).minus(h.times(a.minus(Np.exp(y)))));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(GammaInc.class, order == 1 ? "implicitGradientLog" : "implicitGradientLogDa");
    }
}
