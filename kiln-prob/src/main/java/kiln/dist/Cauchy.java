package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Cauchy distribution with median `loc` and half width at half maximum `scale`.
///
/// ```
/// log p(x) = −log π − log scale − log(1 + z²),  z = (x − loc) / scale
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** none: mean = NaN, variance = NaN
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Numerics: distribution function and quantile keep their relative accuracy in the lower tail.
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 16.
///
/// @param loc   median; any finite value; unit of the data
/// @param scale half width at half maximum; > 0; unit of the data; broadcasts with `loc`
public record Cauchy(NDArray loc, NDArray scale) implements LocationScale, Symmetric {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public Cauchy {
        loc = Check.in(real, "loc", loc, Cauchy.class);
        scale = Check.in(positive, "scale", scale, Cauchy.class);
        Check.broadcasts(Cauchy.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Cauchy(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public NDArray mean() {
        return full(batchShape(), Double.NaN);
    }

    @Override
    public NDArray variance() {
        return full(batchShape(), Double.NaN);
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return key.cauchy(shape);
    }

    @Override
    public Cauchy standard() {
        return new Cauchy(0, 1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.log1pSquare(value.minus(loc), scale).plus(log(scale).plus(Constants.LOG_PI)).unaryMinus();
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
        // Beyond 1 from the median the small tail is computed directly, so that nothing cancels.
        NDArray far = arctan(reciprocal(where(abs(z).gt(1), z, 1.0))).div(-Math.PI);
        NDArray near = arctan(z).div(Math.PI).plus(0.5);
        return where(abs(z).gt(1), far.plus(where(z.gt(0), 1.0, 0.0)), near);
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
        NDArray tail = Density.smaller(q);
        NDArray z = reciprocal(tan(tail.times(Math.PI)));
        return where(q.lt(0.5), z.unaryMinus(), z);
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(Constants.LOG_PI + 2 * Constants.LOG_2), batchShape());
    }
}
