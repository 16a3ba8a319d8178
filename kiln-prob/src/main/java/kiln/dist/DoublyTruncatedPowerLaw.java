package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Power law between two ends.
///
/// ```
/// log p(x) = alpha log x − log ∫_{low}^{high} t^alpha dt
/// ```
///
/// - **support** [low, high]
/// - **shapes** batch = broadcast(alpha, low, high), event = `[]`
/// - **moments** E xⁿ = ∫_{low}^{high} t^(alpha + n) dt / ∫_{low}^{high} t^alpha dt. The entropy is found by quadrature of the
///   quantile
/// - **gradient of a draw** pathwise, in all parameters
///
/// Numerics: the integral is written with the even function log(sinh(y/2) / (y/2)) of y = (1 + alpha) log(high / low), which is smooth
/// at alpha = −1; NumPyro is wrong near that point.
///
/// @param alpha exponent of the density; any finite value, > −1 if `low` is 0
/// @param low   lower end; ≥ 0; unit of the data
/// @param high  upper end; > low; unit of the data
public record DoublyTruncatedPowerLaw(NDArray alpha, NDArray low, NDArray high) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public DoublyTruncatedPowerLaw {
        alpha = Check.in(real, "alpha", alpha, DoublyTruncatedPowerLaw.class);
        low = Check.in(nonnegative, "low", low, DoublyTruncatedPowerLaw.class);
        high = Check.in(greaterThan(low), "high", high, DoublyTruncatedPowerLaw.class);
        Check.broadcasts(DoublyTruncatedPowerLaw.class, "alpha, low and high", alpha.shape(), low.shape(), high.shape());
    }

    /// Scalars and arrays in any mix.
    public DoublyTruncatedPowerLaw(Number alpha, Number low, Number high) {
        this(NDArray.as(alpha), NDArray.as(low), NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return interval(low, high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(alpha.shape(), low.shape(), high.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return icdf(key.uniform(sampleShape.then(batchShape()), 0, 1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> Density.powerOf(x, alpha).minus(logNormalizer()));
    }

    @Override
    public NDArray mean() {
        return exp(logIntegral(low, high, exponent().plus(1)).minus(logNormalizer()));
    }

    @Override
    public NDArray variance() {
        return Expectation.variance(this);
    }

    @Override
    public NDArray entropy() {
        return logNormalizer().minus(alpha.times(meanLog()));
    }

    @Override
    public NDArray cdf(NDArray value) {
        return exp(logIntegral(low, Density.between(value, low, high)).minus(logNormalizer()));
    }

    @Override
    public NDArray sf(NDArray value) {
        return exp(logIntegral(Density.between(value, low, high), high).minus(logNormalizer()));
    }

    @Override
    public NDArray icdf(NDArray q) {
        NDArray fromZero = high.times(q.pow(reciprocal(where(low.eq(0), exponent(), 1.0))));
        NDArray start = where(low.eq(0), 1.0, low);
        NDArray length = log1p(high.minus(start).div(start));
        NDArray y = exponent().times(length);
        NDArray small = abs(y).lt(1e-5);
        NDArray safe = where(small, 1.0, y);
        NDArray exact = log1p(q.times(expm1(safe))).div(safe);
        NDArray rest = q.times(subtract(1, q)).times(y).times(0.5).times(subtract(1, q.times(2)).times(y).div(3).plus(1));
        return where(low.eq(0), fromZero, start.times(exp(length.times(where(small, q.plus(rest), exact)))));
    }

    /// {@return `E log x`}
    NDArray meanLog() {
        return Expectation.of(this, x -> log(x));
    }

    /// {@return the logarithm of the integral of `x^alpha`}
    NDArray logNormalizer() {
        return logIntegral(low, high);
    }

    private NDArray exponent() {
        return alpha.plus(1);
    }

    private NDArray logIntegral(NDArray a, NDArray b) {
        return logIntegral(a, b, exponent());
    }

    /// `log ∫ t^(exponent − 1) dt` from `a` to `b`; `a` is 0 or positive.
    private static NDArray logIntegral(NDArray a, NDArray b, NDArray exponent) {
        NDArray atZero = a.eq(0);
        NDArray fromZero = exponent.times(log(b)).minus(log(where(atZero, exponent, 1.0)));
        NDArray start = where(atZero, 1.0, a);
        NDArray stop = where(atZero, 2.0, b);
        NDArray length = log1p(stop.minus(start).div(start));
        NDArray y = exponent.times(length);
        NDArray middle = exponent.times(log(start).plus(log(stop))).times(0.5);
        NDArray even = middle.plus(log(length)).plus(Density.logSinhc(y));
        // Where one end holds nearly all of it, from that end: the derivatives by the other one are small and no differences.
        NDArray steep = abs(y).gt(1);
        NDArray power = where(steep, exponent, 1.0);
        NDArray end = where(power.gt(0), stop, start);
        NDArray part = log1mexp(where(steep, abs(y).unaryMinus(), -1.0));
        NDArray fromEnd = power.times(log(end)).minus(log(abs(power))).plus(part);
        return where(atZero, fromZero, where(steep, fromEnd, even));
    }
}
