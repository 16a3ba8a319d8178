package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Soft Laplace (hyperbolic secant) distribution: smooth and log-concave with the tails of a Laplace distribution.
///
/// ```
/// log p(x) = log(2/π) − log scale − log(e^z + e^−z),  z = (x − loc) / scale
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = loc, variance = (π scale / 2)²
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 23.
///
/// @param loc   location; any finite value; unit of the data
/// @param scale scale; > 0; unit of the data
public record SoftLaplace(NDArray loc, NDArray scale) implements LocationScale, Symmetric {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public SoftLaplace {
        loc = Check.in(real, "loc", loc, SoftLaplace.class);
        scale = Check.in(positive, "scale", scale, SoftLaplace.class);
        Check.broadcasts(SoftLaplace.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public SoftLaplace(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape(), scale.shape());
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape());
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(scale.times(Math.PI / 2)), batchShape());
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return quantile(key.uniform(shape, Double.MIN_NORMAL, 1 - Math.ulp(1.0)));
    }

    @Override
    public SoftLaplace standard() {
        return new SoftLaplace(0, 1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray z = standardized(value);
        if (Cancellation.matters()) {
            return Density.logCosh(z).plus(log(scale)).plus(Constants.LOG_PI).unaryMinus();
        }
        NDArray size = abs(z);
        return size.plus(log1p(exp(size.times(-2)))).plus(log(scale)).plus(Constants.LOG_PI - Constants.LOG_2).unaryMinus();
    }

    @Override
    public NDArray cdf(NDArray value) {
        return below(standardizedBound(value));
    }

    @Override
    public NDArray sf(NDArray value) {
        return below(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray logCdf(NDArray value) {
        return logBelow(standardizedBound(value));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return logBelow(standardizedBound(value).unaryMinus());
    }

    @Override
    public NDArray icdf(NDArray q) {
        return loc.plus(scale.times(quantile(q)));
    }

    @Override
    public NDArray isf(NDArray q) {
        return loc.minus(scale.times(quantile(q)));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(Constants.LOG_PI + Constants.LOG_2), batchShape());
    }

    private static NDArray below(NDArray z) {
        NDArray tail = arctan(exp(Density.size(z).unaryMinus())).times(2 / Math.PI);
        return where(z.lt(0), tail, subtract(1, tail));
    }

    /// From −30 on downwards `arctan(e^z) = e^z` in double precision.
    private static NDArray logBelow(NDArray z) {
        NDArray far = minimum(z, -30.0).plus(Constants.LOG_2 - Constants.LOG_PI);
        NDArray near = Density.from(z, NDArray.as(-30.0));
        return where(z.lt(-30), far, Density.logOf(below(near), below(near.unaryMinus())));
    }

    private static NDArray quantile(NDArray q) {
        NDArray z = log(tan(Density.smaller(q).times(Math.PI / 2)));
        return where(q.lt(0.5), z, z.unaryMinus());
    }
}
