package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Laplace (double exponential) distribution with median `loc` and mean absolute deviation `scale`.
///
/// ```
/// log p(x) = −|x − loc| / scale − log(2 scale)
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = loc, variance = 2 scale²
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 24.
///
/// @param loc   median; any finite value; unit of the data
/// @param scale mean absolute deviation; > 0; unit of the data; broadcasts with `loc`
public record Laplace(NDArray loc, NDArray scale) implements LocationScale, Symmetric {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public Laplace {
        loc = Check.in(real, "loc", loc, Laplace.class);
        scale = Check.in(positive, "scale", scale, Laplace.class);
        Check.broadcasts(Laplace.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Laplace(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(scale).times(2), batchShape());
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return key.laplace(shape);
    }

    @Override
    public Laplace standard() {
        return new Laplace(0, 1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return abs(standardized(value)).plus(log(scale).plus(Constants.LOG_2)).unaryMinus();
    }

    @Override
    public NDArray cdf(NDArray value) {
        return below(standardizedBound(value));
    }

    @Override
    public NDArray sf(NDArray value) {
        return below(standardizedBound(value).unaryMinus());
    }

    /// {@return the distribution function for location 0 and scale 1, which is symmetric}
    private static NDArray below(NDArray z) {
        NDArray tail = exp(Density.size(z).unaryMinus()).times(0.5);
        return where(z.lt(0), tail, subtract(1, tail));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        return logBelow(standardizedBound(value));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return logBelow(standardizedBound(value).unaryMinus());
    }

    private static NDArray logBelow(NDArray z) {
        NDArray size = Density.size(z);
        NDArray centre = log1p(exp(size.unaryMinus()).times(-0.5));
        return where(z.lt(0), size.plus(Constants.LOG_2).unaryMinus(), centre);
    }

    @Override
    public NDArray icdf(NDArray q) {
        return loc.plus(scale.times(quantile(q)));
    }

    @Override
    public NDArray isf(NDArray q) {
        return loc.minus(scale.times(quantile(q)));
    }

    /// {@return the quantile for location 0 and scale 1}
    private static NDArray quantile(NDArray q) {
        NDArray z = log(Density.smaller(q).times(2));
        return where(q.lt(0.5), z, z.unaryMinus());
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(1 + Constants.LOG_2), batchShape());
    }
}
