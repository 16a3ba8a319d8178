package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// A distribution without values that contributes a given number to the log density: what `factor` adds to a model.
///
/// ```
/// log p(()) = logFactor
/// ```
///
/// - **support** the empty vector
/// - **shapes** batch = shape of `logFactor`, event = `[0]`
///
/// @param logFactor log density; any number, −∞ forbids the execution
public record Unit(NDArray logFactor) implements Distribution {
    /// The same contribution everywhere.
    public Unit(Number logFactor) {
        this(NDArray.as(logFactor));
    }

    @Override
    public Constraint support() {
        return independent(real, 1);
    }

    @Override
    public Shape batchShape() {
        return logFactor.shape();
    }

    @Override
    public Shape eventShape() {
        return Shape.of(0);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return full(sampleShape.then(batchShape()).then(eventShape()), 0);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return broadcastTo(logFactor, Shape.broadcast(value.shape().dropLast(1), batchShape()));
    }
}
