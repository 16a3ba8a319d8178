package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.GammaInc;
import org.jspecify.annotations.Nullable;

/// Derivative of the lower incomplete gamma function by its shape, `∂ⁿP(a, x)/∂aⁿ`.
///
/// @param order `n`, 1 or 2
public record IncompleteGammaShape(int order) implements Binary {
    @Override
    public double eval(double a, double x) {
        return order == 1 ? GammaInc.gammaincDa(a, x) : GammaInc.gammaincDaDa(a, x);
    }

    /// @throws UnsupportedOperationException for the third derivative by the shape
    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        if (order > 1) {
            throw new UnsupportedOperationException("gammainc: third derivatives that involve the shape twice are not available.");
        }
        NDArray a = x.get(0);
        if (i == 0) {
            return t.times(Bind.apply(new IncompleteGammaShape(2), a, x.get(1)));
        }
        NDArray density = IncompleteGamma.density(a, x.get(1));
        return t.times(Np.xlogy(density, x.get(1)).minus(density.times(Np.digamma(a))));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).call(GammaInc.class, order == 1 ? "gammaincDa" : "gammaincDaDa");
    }
}
