package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Half-normal distribution: the absolute value of a normal variable around 0.
///
/// ```
/// log p(x) = −½ (x / scale)² − log scale + ½ log(2/π),  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = shape of `scale`, event = `[]`
/// - **moments** mean = scale √(2/π), variance = scale² (1 − 2/π)
/// - **gradient of a draw** pathwise, in `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 13.
///
/// @param scale standard deviation of the normal variable; > 0; unit of the data
public record HalfNormal(NDArray scale) implements Distribution {
    /// @throws DomainException if a known `scale` is not > 0
    public HalfNormal {
        scale = Check.in(positive, "scale", scale, HalfNormal.class);
    }

    /// The same parameter everywhere.
    public HalfNormal(Number scale) {
        this(NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return scale.times(Math.sqrt(2 / Math.PI));
    }

    @Override
    public NDArray variance() {
        return square(scale).times(1 - 2 / Math.PI);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return scale.times(abs(key.normal(sampleShape.then(batchShape()))));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(nonnegative, value, x ->
                square(x.div(scale)).times(-0.5).minus(log(scale).minus(Constants.HALF_LOG_2_OVER_PI)));
    }

    @Override
    public NDArray cdf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 0, 1, x -> erf(x.div(scale).times(Math.sqrt(0.5))));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 0, Double.NEGATIVE_INFINITY, v -> Density.split(v.div(scale), 0.5,
                x -> log1p(erf(x.times(Math.sqrt(0.5))).unaryMinus()), x -> logNdtr(x.unaryMinus()).plus(Constants.LOG_2)));
    }

    @Override
    public NDArray icdf(NDArray q) {
        return scale.times(erfinv(q)).times(Math.sqrt(2.0));
    }

    @Override
    public NDArray sf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 1, 0, x -> erfc(x.div(scale).times(Math.sqrt(0.5))));
    }

    @Override
    public NDArray isf(NDArray q) {
        return scale.times(ndtri(q.times(0.5))).unaryMinus();
    }

    @Override
    public NDArray entropy() {
        return log(scale).plus(0.5 - Constants.HALF_LOG_2_OVER_PI);
    }
}
