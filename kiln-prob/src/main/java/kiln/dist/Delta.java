package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Point mass: every draw is `v`.
///
/// ```
/// log p(x) = logDensity for x = v, else −∞
/// ```
///
/// - **support** the real numbers, of which all but `v` have no mass
/// - **shapes** batch = broadcast(shape of `v` without its last `eventDim` axes, logDensity), event = last `eventDim` axes of `v`
/// - **moments** mean = v, variance = 0
/// - **gradient of a draw** 1
///
/// @param v          the value
/// @param logDensity log density at the value; broadcasts with the batch; any number
/// @param eventDim   how many axes at the end of `v` make one event
public record Delta(NDArray v, NDArray logDensity, int eventDim) implements Distribution {
    /// @throws ShapeException if `v` has fewer than `eventDim` axes or `logDensity` does not broadcast with the batch
    public Delta {
        if (!Pytree.isRebuilding()) {
            if (eventDim < 0 || eventDim > v.rank()) {
                throw new ShapeException(new Diagnosis("Delta", "v has fewer axes than an event")
                        .expected("0 ≤ eventDim ≤ " + v.rank())
                        .got("eventDim = " + eventDim + ", v of shape " + v.shape())
                        .at(UserCode.line()));
            }
            logDensity = Check.in(real, "logDensity", logDensity, Delta.class);
            Check.broadcasts(Delta.class, "v and logDensity", v.shape().dropLast(eventDim), logDensity.shape());
        }
    }

    /// A point mass of scalars with the given log density.
    public Delta(Number v, Number logDensity) {
        this(NDArray.as(v), NDArray.as(logDensity), 0);
    }

    /// A point mass of scalars.
    public Delta(Number v) {
        this(v, 0.0);
    }

    @Override
    public Constraint support() {
        return eventDim == 0 ? real : independent(real, eventDim);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(v.shape().dropLast(eventDim), logDensity.shape());
    }

    @Override
    public Shape eventShape() {
        return v.shape().last(eventDim);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(v, batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return full(batchShape().then(eventShape()), 0);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return broadcastTo(v, sampleShape.then(batchShape()).then(eventShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray same = value.eq(v);
        if (eventDim > 0) {
            same = all(same, java.util.stream.IntStream.rangeClosed(1, eventDim).map(i -> -i).toArray());
        }
        return where(same, logDensity, Density.outside(value, eventDim));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return eventDim == 0 ? where(value.ge(mean()), 1.0, where(value.lt(mean()), 0.0, Double.NaN)) : Distribution.super.cdf(value);
    }

    @Override
    public NDArray icdf(NDArray q) {
        Check.probability(this, q);
        if (eventDim > 0) {
            return Distribution.super.icdf(q);
        }
        return where(logicalAnd(q.ge(0), q.le(1)), mean().times(1.0), Double.NaN);
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(logDensity.unaryMinus(), batchShape());
    }
}
