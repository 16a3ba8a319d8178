package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.Beta;
import org.jspecify.annotations.Nullable;

/// Derivative of the incomplete beta function by its shapes, `∂I_x(a, b)/∂aⁿ∂bᵐ`; the operands are `a`, `b`, `x`.
///
/// @param n how often by `a`
/// @param m how often by `b`; `n + m` is 1 or 2
public record IncompleteBetaShape(int n, int m) implements Ternary {
    @Override
    public double eval(double a, double b, double x) {
        return switch (method()) {
            case "betaincDa" -> Beta.betaincDa(a, b, x);
            case "betaincDb" -> Beta.betaincDb(a, b, x);
            case "betaincDaDa" -> Beta.betaincDaDa(a, b, x);
            case "betaincDaDb" -> Beta.betaincDaDb(a, b, x);
            default -> Beta.betaincDbDb(a, b, x);
        };
    }

    private String method() {
        return "betainc" + "Da".repeat(n) + "Db".repeat(m);
    }

    /// @throws UnsupportedOperationException for a third derivative by the shapes
    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        if (n + m > 1) {
            throw new UnsupportedOperationException("betainc: third derivatives that involve the shapes twice are not available.");
        }
        if (i < 2) {
            return t.times(Bind.apply(new IncompleteBetaShape(n + 1 - i, m + i), x));
        }
        NDArray density = IncompleteBeta.density(x.get(0), x.get(1), x.get(2));
        NDArray logarithm = n == 1 ? Np.xlogy(density, x.get(2)) : Np.xlog1py(density, x.get(2).unaryMinus());
        NDArray mean = Np.digamma(x.get(m)).minus(Np.digamma(x.get(0).plus(x.get(1))));
        return t.times(logarithm.minus(density.times(mean)));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).load(2).call3(Beta.class, method());
    }
}
