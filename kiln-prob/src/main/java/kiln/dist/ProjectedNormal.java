package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

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
/// Numerics: the integral by its recursion in n, scaled for negative t, and from t = −25 on downwards by its asymptotic series. NumPyro
/// has the density for n = 2 and 3 only.
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

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray x = key.normal(sampleShape.then(concentration.shape())).plus(concentration);
        return x.div(expandDims(sqrt(square(x).sum(-1)), -1));
    }

    @Override
    public NDArray logProb(NDArray value) {
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
        NDArray near = log(b).plus(square(right).times(0.5));
        return where(t.lt(FAR), farIntegral(minimum(t, FAR), n), near);
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
}
