package kiln.op;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.math.InverseGaussian;
import org.jspecify.annotations.Nullable;

/// Inverse Gaussian draw with scale 1; the operands are its mean `m`, a standard normal number and a uniform one.
///
/// The draw jumps from one root to another, so that its derivative along fixed random numbers is not that of the distribution. The
/// derivative is the implicit one at a fixed probability, and there is none by the random numbers:
///
/// ```
/// dx/dm = −(∂F/∂m) / (∂F/∂x) = √(2π) x^(3/2) erfcx((x + m) / (m √(2x))) / m²
/// ```
public record WaldDraw() implements Ternary {
    private static final double SQRT_2PI = 2.5066282746310002;

    @Override
    public double eval(double mean, double normal, double uniform) {
        return InverseGaussian.draw(mean, normal, uniform);
    }

    @Override
    public @Nullable NDArray timesPartial(int i, List<NDArray> x, NDArray y, NDArray t) {
        if (i > 0) {
            return null;
        }
        NDArray m = x.getFirst();
        NDArray s = y.plus(m).div(m.times(Np.sqrt(y.times(2))));
        return t.times(Np.erfcx(s)).times(y.times(Np.sqrt(y))).times(SQRT_2PI).div(Np.square(m));
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).load(1).load(2).call3(InverseGaussian.class, "draw");
    }
}
