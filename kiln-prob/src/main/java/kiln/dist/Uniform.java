package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Uniform distribution between `low` and `high`.
///
/// ```
/// log p(x) = −log(high − low),  low ≤ x ≤ high
/// ```
///
/// - **support** [low, high]
/// - **shapes** batch = broadcast(low, high), event = `[]`
/// - **moments** mean = (low + high) / 2, variance = (high − low)² / 12
/// - **gradient of a draw** pathwise, in `low` and `high`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 2 (1995), ch. 26.
///
/// @param low  lower end; any finite value; unit of the data
/// @param high upper end; > `low`; unit of the data; broadcasts with `low`
public record Uniform(NDArray low, NDArray high) implements Distribution {
    /// @throws DomainException if a known end is not finite or a known `high` is not > `low`
    /// @throws ShapeException if the parameters do not broadcast
    public Uniform {
        low = Check.in(real, "low", low, Uniform.class);
        high = Check.in(greaterThan(low), "high", high, Uniform.class);
        Check.broadcasts(Uniform.class, "low and high", low.shape(), high.shape());
    }

    /// Scalars and arrays in any mix.
    public Uniform(Number low, Number high) {
        this(NDArray.as(low), NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return interval(low, high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(low.shape(), high.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return low.plus(high).times(0.5);
    }

    @Override
    public NDArray variance() {
        return square(high.minus(low)).div(12);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray u = key.uniform(sampleShape.then(batchShape()), 0, 1);
        return maximum(u.times(high.minus(low)).plus(low), low);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray flat = log(high.minus(low)).unaryMinus();
        return Density.within(support(), value, x -> broadcastTo(flat, Shape.broadcast(x.shape(), flat.shape())));
    }

    @Override
    public NDArray cdf(NDArray value) {
        return Density.withLimits(value, 0, 1, x -> Density.between(x, low, high).minus(low).div(high.minus(low)));
    }

    @Override
    public NDArray icdf(NDArray q) {
        return low.plus(q.times(high.minus(low)));
    }

    @Override
    public NDArray entropy() {
        return log(high.minus(low));
    }
}
