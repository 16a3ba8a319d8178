package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.math.Elementary;

/// Gumbel distribution of the largest of many values (type I extreme value), with mode `loc`.
///
/// ```
/// log p(x) = −z − e^−z − log scale,  z = (x − loc) / scale
/// ```
///
/// - **support** the real line
/// - **shapes** batch = broadcast(loc, scale), event = `[]`
/// - **moments** mean = loc + γ scale, variance = scale² π² / 6
/// - **gradient of a draw** pathwise, in `loc` and `scale`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 22.
///
/// @param loc   mode; any finite value; unit of the data
/// @param scale scale; > 0; unit of the data; broadcasts with `loc`
public record Gumbel(NDArray loc, NDArray scale) implements LocationScale {
    /// @throws DomainException if a known `scale` is not > 0 or a known `loc` is not finite
    /// @throws ShapeException if the parameters do not broadcast
    public Gumbel {
        loc = Check.in(real, "loc", loc, Gumbel.class);
        scale = Check.in(positive, "scale", scale, Gumbel.class);
        Check.broadcasts(Gumbel.class, "loc and scale", loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public Gumbel(Number loc, Number scale) {
        this(NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public NDArray mean() {
        return loc.plus(scale.times(Constants.EULER));
    }

    @Override
    public NDArray variance() {
        return broadcastTo(square(scale).times(Math.PI * Math.PI / 6), batchShape());
    }

    @Override
    public NDArray standardDraw(PRNGKey key, Shape shape) {
        return key.gumbel(shape);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        // Where the exponential is all there is, z would be −∞ beside ∞ at the end.
        NDArray lost = standardized(value).unaryMinus().gt(Elementary.HUGE);
        return Density.isAllFalse(lost) ? density(value) : where(lost, Double.NEGATIVE_INFINITY, density(where(lost, loc, value)));
    }

    private NDArray density(NDArray value) {
        NDArray z = standardized(value);
        NDArray both = z.plus(Density.growing(z.unaryMinus(), Np::exp));
        return (Cancellation.matters() ? aroundMode(z, both) : both).plus(log(scale)).unaryMinus();
    }

    /// `z + e^−z`, next to the mode as `1 + z²/2 − z³/6 + …`: of its slope there the slopes of both terms leave nothing.
    private static NDArray aroundMode(NDArray z, NDArray both) {
        NDArray isNear = abs(z).lt(0.5);
        NDArray near = where(isNear, z, 0.0);
        NDArray sum = near.div(-16);
        for (int k = 15; k >= 3; k--) {
            sum = sum.plus(1).times(near).div(-k);
        }
        return where(isNear, sum.plus(1).times(square(near)).times(0.5).plus(1), both);
    }

    @Override
    public NDArray cdf(NDArray value) {
        return exp(logCdf(value));
    }

    @Override
    public NDArray logCdf(NDArray value) {
        Check.value(this, value);
        return Density.growing(standardizedBound(value).unaryMinus(), Np::exp).unaryMinus();
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return loc.minus(scale.times(log(log(q).unaryMinus())));
    }

    @Override
    public NDArray sf(NDArray value) {
        return expm1(logCdf(value)).unaryMinus();
    }

    @Override
    public NDArray isf(NDArray q) {
        Check.probability(this, q);
        return loc.minus(scale.times(log(log1p(q.unaryMinus()).unaryMinus())));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(log(scale).plus(1 + Constants.EULER), batchShape());
    }
}
