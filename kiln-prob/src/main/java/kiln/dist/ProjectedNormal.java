package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.math.Elementary;
import kiln.math.Gamma;

/// Projected normal distribution on the sphere: the direction of a normal vector with mean `concentration` and unit covariance.
///
/// ```
/// p(x) = (2π)^(−n/2) e^(−(|m|² − t²)/2) ∫₀^∞ r^(n−1) e^(−(r − t)²/2) dr,  t = mᵀ x, m = concentration
/// ```
///
/// - **support** vectors of length 1
/// - **shapes** batch = shape of `concentration` without its last axis, event = `[n]`
/// - **moments** mean = m / |m|. It is the direction of the expectation; NaN where that is 0
/// - **gradient of a draw** pathwise
///
/// Numerics: the integral by its recursion in n. For negative t, where that cancels, it is scaled for n ≤ 3, and from t = −25 on downwards the
/// asymptotic series is taken; for n ≥ 4 the trapezoidal rule in log r. NumPyro has the density for n = 2 and 3 only. The density depends on the angle to the mean only, so the entropy and the variances, those of the
/// elements around their expectation, are integrals over one angle: by the trapezoidal rule in the logarithm of the tangent of its half, to
/// 1e-13. Of one number they are sums over −1 and 1.
///
/// Source: Hernandez-Stumpfhauser, Breidt and van der Woerd, *The general projected normal distribution of arbitrary dimension* (2017).
///
/// @param concentration mean of the normal vector, `[…, n]`; any finite values
public record ProjectedNormal(NDArray concentration) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    public ProjectedNormal {
        concentration = Check.in(realVector, "concentration", concentration, ProjectedNormal.class);
    }

    @Override
    public Constraint support() {
        return sphere;
    }

    @Override
    public Shape batchShape() {
        return concentration.shape().dropLast(1);
    }

    @Override
    public Shape eventShape() {
        return concentration.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return concentration.div(expandDims(sqrt(square(concentration).sum(-1)), -1));
    }

    /// With the angle θ to the mean and the direction e of it: `b (1 − eᵢ²) + Var(cos θ) eᵢ²`, where `b = E sin² θ / (n − 1)`.
    @Override
    public NDArray variance() {
        int n = eventShape().dim(0);
        if (n == 1) {
            return ndtr(concentration).times(ndtr(concentration.unaryMinus())).times(4);
        }
        NDArray length = length();
        var angle = new Angle(length, n);
        NDArray mass = exp(angle.logMass());
        NDArray less = mass.times(angle.lessCos()).sum(0);
        NDArray along = mass.times(square(angle.lessCos().minus(less))).sum(0);
        NDArray across = mass.times(square(angle.sin())).sum(0).div(n - 1);
        NDArray isNone = length.eq(0);
        NDArray e = concentration.div(expandDims(where(isNone, 1.0, length), -1));
        return expandDims(across, -1).plus(square(e).times(expandDims(along.minus(across), -1)));
    }

    @Override
    public NDArray entropy() {
        int n = eventShape().dim(0);
        if (n == 1) {
            NDArray up = logNdtr(concentration);
            NDArray down = logNdtr(concentration.unaryMinus());
            return exp(up).times(up).plus(exp(down).times(down)).sum(-1).unaryMinus();
        }
        var angle = new Angle(length(), n);
        return exp(angle.logMass()).times(angle.logDensity()).sum(0).unaryMinus();
    }

    /// |m|, with derivative 0 where it is 0.
    private NDArray length() {
        NDArray sum = square(concentration).sum(-1);
        NDArray isNone = sum.eq(0);
        return where(isNone, 0.0, sqrt(where(isNone, 1.0, sum)));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray x = key.normal(sampleShape.then(concentration.shape())).plus(concentration);
        return x.div(expandDims(sqrt(square(x).sum(-1)), -1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray t = x.times(concentration).sum(-1);
            NDArray rest = square(concentration).sum(-1).times(-0.5).minus(eventShape().dim(0) * Constants.HALF_LOG_2PI);
            return logIntegral(t, eventShape().dim(0)).plus(rest);
        });
    }

    private static final int TERMS = 16;
    private static final double FAR = -25;

    /// `log ∫₀^∞ r^(n−1) e^(r t − r²/2) dr`
    private static NDArray logIntegral(NDArray t, int n) {
        return scaledIntegral(t, n).plus(square(maximum(t, 0.0)).times(0.5));
    }

    /// The logarithm of the integral, for positive t less `t²/2`.
    private static NDArray scaledIntegral(NDArray t, int n) {
        NDArray recursive = recursion(n < 4 ? t : maximum(t, 0.0), n);
        return n < 4 ? where(t.lt(FAR), farIntegral(minimum(t, FAR), n), recursive) : where(t.lt(0), negativeIntegral(minimum(t, 0.0), n), recursive);
    }

    private static NDArray recursion(NDArray t, int n) {
        NDArray negative = t.lt(0);
        NDArray left = where(negative, maximum(t, FAR), 0.0);
        NDArray right = where(negative, 0.0, t);
        NDArray s = where(negative, left, right);
        NDArray unit = where(negative, 1.0, exp(square(right).times(-0.5)));
        NDArray first = where(
                negative, erfcx(left.times(-Math.sqrt(0.5))).times(Math.sqrt(Math.PI / 2)), ndtr(right).times(Math.sqrt(2 * Math.PI)));
        NDArray a = first;
        NDArray b = n == 1 ? first : s.times(first).plus(unit);
        for (int k = 2; k < n; k++) {
            NDArray next = s.times(b).plus(a.times(k - 1));
            a = b;
            b = next;
        }
        return log(b);
    }

    /// Equidistant in `y = log(r / m)`, with the mode m: there the integrand falls at least as `e^(n (y + 1))` to the left and
    /// `e^(−n (e^y − y − 1))` to the right, and is as wide as 1/√(2n) at least. It is analytic, and does not grow, for |Im y| < π/4.
    private static NDArray negativeIntegral(NDArray t, int n) {
        double step = Math.min(0.1, 1 / (2.4 * Math.sqrt(n)));
        double left = -1 - 42.0 / n;
        double right = 1.2 + Elementary.log1p(42.0 / n);
        NDArray y = Density.trailing(arange((int) Math.ceil((right - left) / step)).times(step).plus(left), t.rank());
        NDArray known = t.stopGradient();
        NDArray mode = divide(2.0 * n, sqrt(square(known).plus(4.0 * n)).minus(known));
        NDArray power = y.times(n).plus(t.times(mode).times(expm1(y))).minus(square(mode).times(expm1(y.times(2))).times(0.5));
        return log(exp(power).sum(0).times(step)).plus(log(mode).times(n)).plus(mode.times(t.minus(mode.times(0.5))));
    }

    private static NDArray farIntegral(NDArray t, int n) {
        NDArray u = reciprocal(square(t));
        NDArray sum = u.times(0).plus(1);
        for (int k = TERMS; k >= 1; k--) {
            double ratio = (n + 2.0 * k - 2) * (n + 2.0 * k - 1) / (2.0 * k);
            sum = subtract(1, sum.times(u).times(ratio));
        }
        return log(sum).minus(log(t.unaryMinus()).times(n)).plus(lgamma((double) n));
    }

    /// The angle θ to the mean at the nodes of a quadrature, along a first axis before the batch.
    ///
    /// The nodes are equidistant in `log tan(θ/2)`, around where the angles lie. There the integrand falls as `e^(−(n − 1) |y|)` on both sides.
    private static final class Angle {
        private static final int PER_UNIT = 8;

        /// The logarithm of what counts.
        private static final double LEAST = 42;

        private final NDArray tan;
        private final NDArray length;
        private final int n;
        private final double step;

        Angle(NDArray length, int n) {
            this.length = length;
            this.n = n;
            step = 1 / (PER_UNIT * Math.sqrt(1 + n / 16.0));
            double most = Elementary.exp(LEAST / (n - 1));
            double half = 1.2 * Elementary.log(most + Math.sqrt(most * most - 1)) + 0.5;
            int side = (int) Math.ceil(half / step);
            NDArray y = Density.trailing(arange(2 * side + 1).minus(side).times(step), length.rank());
            NDArray known = length.stopGradient();
            NDArray middle = divide(Math.sqrt(n - 1.0), known.plus(sqrt(square(known).plus(n - 1.0))));
            tan = exp(y).times(middle);
        }

        NDArray sin() {
            return tan.times(2).div(square(tan).plus(1));
        }

        /// `1 − cos θ`
        NDArray lessCos() {
            return square(tan).times(2).div(square(tan).plus(1));
        }

        NDArray logDensity() {
            NDArray t = subtract(1, lessCos()).times(length);
            // |m|² − t², without cancellation where t is positive.
            NDArray rest = where(t.gt(0), square(sin().times(length)), square(length).plus(zerosLike(t)));
            return scaledIntegral(t, n).minus(rest.times(0.5)).minus(n * Constants.HALF_LOG_2PI);
        }

        /// The logarithm of the probability of a node: the sphere has the area `2 π^((n−1)/2) / Γ((n−1)/2) sin^(n−2) θ dθ` at an angle.
        NDArray logMass() {
            double area = Elementary.log(2) + (n - 1) / 2.0 * Elementary.log(Math.PI) - Gamma.lgamma((n - 1) / 2.0);
            return logDensity().plus(log(sin()).times(n - 1)).plus(area + Elementary.log(step));
        }
    }
}
