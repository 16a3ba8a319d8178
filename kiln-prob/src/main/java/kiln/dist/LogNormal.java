package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Log-normal distribution: its logarithm is normal with mean `loc` and standard deviation `scale`.
///
/// ```
/// log p(x) = −½ ((log x − loc) / scale)² − log scale − ½ log 2π − log x,  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = e^(loc + scale²/2), variance = (e^(scale²) − 1) e^(2 loc + scale²)
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 14.
///
/// @param loc   mean of the logarithm; any finite value
/// @param scale standard deviation of the logarithm; > 0; broadcasts with `loc`
public record LogNormal(NDArray loc, NDArray scale) implements Distribution {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public LogNormal {
        loc = Check.in(real, "loc", loc, LogNormal.class);
        scale = Check.in(positive, "scale", scale, LogNormal.class);
        Check.broadcasts(LogNormal.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public LogNormal(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape(), scale.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return exp(loc.plus(square(scale).times(0.5)));
    }

    @Override
    public NDArray variance() {
        return expm1(square(scale)).times(exp(loc.times(2).plus(square(scale))));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return exp(loc.plus(scale.times(key.normal(sampleShape.then(batchShape())))));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.onHalfLine(support(), value, x -> {
            NDArray logX = log(x);
            NDArray z = logX.minus(loc).div(scale);
            return square(z).times(-0.5).minus(logX).minus(log(scale).plus(Constants.HALF_LOG_2PI));
        });
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, 1, v -> Density.ofPositive(v, 0, x -> ndtr(log(x).minus(loc).div(scale))));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, Double.NEGATIVE_INFINITY, 0, v -> Density.ofPositive(v, Double.NEGATIVE_INFINITY, x -> logNdtr(log(x).minus(loc).div(scale))));
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 0, Double.NEGATIVE_INFINITY, v -> Density.ofPositive(v, 0, x -> logNdtr(loc.minus(log(x)).div(scale))));
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return exp(loc.plus(scale.times(ndtri(q))));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return Density.withLimits(value, 1, 0, v -> Density.ofPositive(v, 1, x -> ndtr(loc.minus(log(x)).div(scale))));
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return exp(loc.minus(scale.times(ndtri(q))));
    }

    @Override
    public NDArray entropy() {
        return loc.plus(log(scale)).plus(0.5 + Constants.HALF_LOG_2PI);
    }
}
