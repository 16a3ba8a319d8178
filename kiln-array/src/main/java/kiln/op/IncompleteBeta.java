package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Beta;
import org.jspecify.annotations.Nullable;

/// Regularised incomplete beta function `I_x(a, b)`; the operands are `a`, `b`, `x`.
public record IncompleteBeta() implements Ternary {
    @Override
    public double eval(double a, double b, double x) {
        return Beta.betainc(a, b, x);
    }

    /// {@return the density `x^(a−1) (1 − x)^(b−1) / B(a, b)`, which is `∂I/∂x`}
    static NDArray density(NDArray a, NDArray b, NDArray x) {
        return Np.exp(Np.xlogy(a.minus(1), x).plus(Np.xlog1py(b.minus(1), x.unaryMinus())).minus(Np.betaln(a, b)));
    }

    @Override
    public boolean hasPole() {
        return true;
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        NDArray partial = i == 2
                ? density(x.get(0), x.get(1), x.get(2))
                : Bind.apply(new IncompleteBetaShape(1 - i, i), x);
        return t.times(partial);
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).load(2).call3(Beta.class, "betainc");
    }
}
