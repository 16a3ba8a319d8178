package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.math.Zeta;
import org.jspecify.annotations.Nullable;

/// Hurwitz zeta function `ζ(s, q) = Σ_{k ≥ 0} (q + k)^−s` for `s > 1`, `q > 0`.
public record HurwitzZeta() implements Binary {
    @Override
    public double eval(double s, double q) {
        return Zeta.hurwitz(s, q);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray s = x.get(0);
        NDArray q = x.get(1);
        return i == 0
                ? t.times(Bind.apply(new HurwitzZetaOrder(1), s, q))
                : t.times(s.times(Bind.apply(this, s.plus(1), q))).unaryMinus();
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Zeta.class, "hurwitz");
    }
}
