package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Normal (Gaussian) distribution with mean `loc` and standard deviation `scale`.
///
/// ```
/// log p(x) = −½ ((x − loc) / scale)² − log scale − ½ log 2π
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = loc, variance = scale²
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 13.
///
/// @param loc   mean; any finite value; unit of the data
/// @param scale standard deviation; > 0; unit of the data; broadcasts with `loc`
public record Normal(NDArray loc, NDArray scale) implements LocationScale, Symmetric {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if `loc` and `scale` do not broadcast
    public Normal {
        loc = Check.in(real, "loc", loc, Normal.class);
        scale = Check.in(positive, "scale", scale, Normal.class);
        Check.broadcasts(Normal.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix: `new Normal(0, 1)`, `new Normal(mu, 1)`.
    public Normal(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(scale), batchShape());
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return key.normal(shape);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.normal(sampleShape.then(batchShape()), loc, scale);
    }

    @Override
    public Normal standard() {
        return new Normal(0, 1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray z = standardized(value);
        return square(z).times(-0.5).minus(log(scale).plus(Constants.HALF_LOG_2PI));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return ndtr(standardizedBound(value));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return logNdtr(standardizedBound(value));
    }

    @Override
    public NDArray logSf(NDArray value) {
        Check.value(this, value);
        return logNdtr(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return loc.plus(scale.times(ndtri(q)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return ndtr(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return loc.minus(scale.times(ndtri(q)));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(0.5 + Constants.HALF_LOG_2PI), batchShape());
    }
}
