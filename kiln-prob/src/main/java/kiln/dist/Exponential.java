package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Exponential distribution of waiting times with `rate` events per unit of time.
///
/// ```
/// log p(x) = log rate − rate x,  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = shape of `rate`, event = `[]`
/// - **moments** mean = 1 / rate, variance = 1 / rate²
/// - **gradient of a draw** pathwise, in `rate`
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 19.
///
/// @param rate inverse of the mean; > 0; inverse unit of the data
public record Exponential(NDArray rate) implements Surviving {
    /// @throws DomainException if a known `rate` is not > 0
    public Exponential {
        rate = Check.in(positive, "rate", rate, Exponential.class);
    }

    /// The same parameter everywhere.
    public Exponential(Number rate) {
        this(NDArray.as(rate));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return reciprocal(rate);
    }

    @Override
    public NDArray variance() {
        return reciprocal(square(rate));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.exponential(sampleShape.then(batchShape())).div(rate);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(nonnegative, value, x -> log(rate).minus(rate.times(x)));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 0, Double.NEGATIVE_INFINITY, x -> rate.times(x).unaryMinus());
    }

    @Override
    public NDArray icdf(NDArray q) {
        return log1p(q.unaryMinus()).unaryMinus().div(rate);
    }

    @Override
    public NDArray isf(NDArray q) {
        return log(q).unaryMinus().div(rate);
    }

    @Override
    public NDArray entropy() {
        return subtract(1, log(rate));
    }
}
