package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Zeta;
import org.jspecify.annotations.Nullable;

/// Derivative of the Hurwitz zeta function by its exponent, `∂ⁿζ(s, q)/∂sⁿ`.
///
/// @param n 1 or 2
public record HurwitzZetaOrder(int n) implements Binary {
    @Override
    public double eval(double s, double q) {
        return n == 1 ? Zeta.hurwitzDs(s, q) : Zeta.hurwitzDsDs(s, q);
    }

    /// @throws UnsupportedOperationException for a third derivative by the exponent
    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        if (n > 1) {
            throw new UnsupportedOperationException("zeta: third derivatives that involve the exponent twice are not available.");
        }
        NDArray s = x.get(0);
        NDArray q = x.get(1);
        if (i == 0) {
            return t.times(Bind.apply(new HurwitzZetaOrder(2), s, q));
        }
        // ∂/∂s of −s ζ(s + 1, q)
        NDArray next = s.plus(1);
        return t.times(Bind.apply(new HurwitzZeta(), next, q).plus(s.times(Bind.apply(this, next, q)))).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Zeta.class, n == 1 ? "hurwitzDs" : "hurwitzDsDs");
    }
}
