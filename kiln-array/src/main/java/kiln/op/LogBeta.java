package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Gamma;
import org.jspecify.annotations.Nullable;

/// `log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b)`, without the cancellation of that formula for large arguments.
public record LogBeta() implements Binary {
    @Override
    public double eval(double a, double b) {
        return Gamma.lbeta(a, b);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        return t.times(Np.digamma(x.get(i)).minus(Np.digamma(x.get(0).plus(x.get(1)))));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(Gamma.class, "lbeta");
    }
}
