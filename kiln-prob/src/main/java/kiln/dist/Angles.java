package kiln.dist;

import static kiln.array.Np.*;

import java.util.List;
import kiln.array.Aval;
import kiln.array.Bessel;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.CustomOp;

/// Angles in radians: their standard range, and draws around 0.
final class Angles {
    /// Below this concentration the exact parameter of the envelope cancels; the value is that of TensorFlow Probability.
    private static final double CUTOFF = 1.2e-4;

    private Angles() {}

    /// {@return the same angle in [−π, π)}
    static NDArray wrapped(NDArray angle) {
        NDArray turned = angle.plus(Math.PI);
        return turned.minus(floor(turned.div(2 * Math.PI)).times(2 * Math.PI)).minus(Math.PI);
    }

    /// {@return the mean cosine of von Mises angles around 0, `I₁(κ) / I₀(κ)`}
    static NDArray resultant(NDArray concentration) {
        return Bessel.i1e(concentration).div(Bessel.i0e(concentration));
    }

    /// {@return `1 − I₁(κ) / I₀(κ)`, for large κ by its series in 1/κ}
    ///
    /// Source: NIST Digital Library of Mathematical Functions, 10.40.1.
    static NDArray spread(NDArray concentration) {
        return Density.split(concentration, 1000, few -> subtract(1, resultant(few)), many -> {
            NDArray i = reciprocal(many);
            NDArray sum = i.times(1073.0 / 1024).plus(13.0 / 32);
            for (double c : new double[] {25.0 / 128, 1.0 / 8, 1.0 / 8, 1.0 / 2}) {
                sum = sum.times(i).plus(c);
            }
            return sum.times(i);
        });
    }

    /// {@return von Mises angles around 0, by rejection from a wrapped Cauchy distribution}
    ///
    /// The steps are those of NumPyro; NumPyro gives up after 100 rounds, which no draw reaches.
    ///
    /// Source: Best and Fisher, *Efficient simulation of the von Mises distribution* (1979).
    static NDArray vonMises(PRNGKey key, NDArray concentration, Shape shape) {
        return concentration.isKnown() && key.keyData().isKnown()
                ? drawn(key, concentration, shape)
                : new VonMisesDraws(key, shape).apply(key.keyData(), concentration.stopGradient());
    }

    /// The draws as an operation: how often one is rejected depends on its values.
    private record VonMisesDraws(PRNGKey like, Shape shape) implements CustomOp {
        @Override
        public String name() {
            return "draws of VonMises";
        }

        @Override
        public Aval type(List<Aval> in) {
            return new Aval(DType.FLOAT64, shape);
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            return drawn(like.withKeyData(in.get(0)), in.get(1), shape);
        }
    }

    private static NDArray drawn(PRNGKey key, NDArray concentration, Shape shape) {
        NDArray k = broadcastTo(concentration, shape);
        NDArray r = sqrt(square(k).times(4).plus(1)).plus(1);
        NDArray rho = r.minus(sqrt(r.times(2))).div(k.times(2));
        NDArray s = where(k.gt(CUTOFF), square(rho).plus(1).div(rho.times(2)), reciprocal(k));
        NDArray done = zeros().lt(0);
        NDArray w = zeros();
        NDArray u = zeros();
        PRNGKey next = key;
        do {
            PRNGKey[] keys = next.split(3);
            u = keys[0].uniform(shape, -1, 1);
            NDArray z = cos(u.times(Math.PI));
            w = where(done, w, s.times(z).plus(1).div(s.plus(z)));
            NDArray y = k.times(s.minus(w));
            NDArray v = keys[1].uniform(shape, 0, 1);
            NDArray quick = y.times(subtract(2, y)).ge(v);
            done = logicalOr(done, logicalOr(quick, log(y.div(v)).plus(1).ge(y)));
            next = keys[2];
        } while (!all(done).isTrue());
        return sign(u).times(arccos(w));
    }
}
