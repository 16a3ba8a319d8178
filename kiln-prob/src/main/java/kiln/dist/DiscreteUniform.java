package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Uniform distribution over the integers from `low` to `high`, both included.
///
/// ```
/// log p(k) = −log(high − low + 1)
/// ```
///
/// - **support** low, low + 1, …, high
/// - **shapes** batch = broadcast(low, high), event = `[]`
/// - **moments** mean = (low + high) / 2, variance = ((high − low + 1)² − 1) / 12
/// - **gradient of a draw** none
///
/// The quantile is the integer one, where NumPyro interpolates.
///
/// @param low  smallest value; integer
/// @param high largest value; integer ≥ `low`; broadcasts with it
public record DiscreteUniform(NDArray low, NDArray high) implements Distribution {
    /// @throws DomainException if a known end is no integer or a known `high` is < `low`
    /// @throws ShapeException if the parameters do not broadcast
    public DiscreteUniform {
        low = Check.in(integer, "low", low, DiscreteUniform.class);
        high = Check.in(integerAtLeast(low), "high", high, DiscreteUniform.class);
        Check.broadcasts(DiscreteUniform.class, "low and high", low.shape(), high.shape());
    }

    /// Scalars and arrays in any mix: `new DiscreteUniform(1, 6)`.
    public DiscreteUniform(Number low, Number high) {
        this(NDArray.as(low), NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return integerInterval(low, high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(low.shape(), high.shape());
    }

    private NDArray count() {
        return high.minus(low).plus(1).times(1.0);
    }

    @Override
    public NDArray mean() {
        return low.plus(high).times(0.5);
    }

    @Override
    public NDArray variance() {
        return square(count()).minus(1).div(12);
    }

    /// One range for all draws uses the unbiased integer generator; a batch of ranges scales uniform numbers, whose bias is below
    /// (high − low) · 2⁻⁵².
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape shape = sampleShape.then(batchShape());
        if (low.size() == 1 && high.size() == 1) {
            return key.randint(shape, low.longValue(), high.longValue() + 1);
        }
        NDArray steps = floor(key.uniform(shape, 0, 1).times(count()));
        return minimum(low.plus(steps), high).astype(DType.INT64);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray flat = log(count()).unaryMinus();
        return Density.within(support(), value, k -> broadcastTo(flat, Shape.broadcast(k.shape(), flat.shape())));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return clip(floor(value).minus(low).plus(1).div(count()), 0.0, 1.0);
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        return Density.ofProbability(q, u -> maximum(ceil(u.times(count())).minus(1), 0.0).plus(low));
    }

    @Override
    public NDArray entropy() {
        return log(count());
    }

    @Override
    public boolean hasEnumerateSupport() {
        return low.size() == 1 && high.size() == 1;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.range(low, high, batchShape(), expand, DiscreteUniform.class);
    }
}
