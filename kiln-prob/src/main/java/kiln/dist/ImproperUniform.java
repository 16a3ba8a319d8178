package kiln.dist;

import static kiln.array.Np.*;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.func.Pytree;

/// The flat prior on a set: log density 0 inside, −∞ outside. It is no probability distribution and has no draws.
///
/// ```
/// log p(x) = 0
/// ```
///
/// - **support** as given
/// - **shapes** as given
/// - **moments** none
///
/// @param support    the set; read as a set of whole events if the event has more axes than its values
/// @param batchShape shape of the batch
/// @param eventShape shape of one value; at least as many axes as a value of `support`
public record ImproperUniform(Constraint support, Shape batchShape, Shape eventShape) implements Distribution {
    /// The support is extended to the event.
    ///
    /// @throws ShapeException if the event has fewer axes than a value of the support
    public ImproperUniform {
        if (!Pytree.isRebuilding()) {
            if (eventShape.rank() < support.eventDim()) {
                throw new ShapeException(new Diagnosis("ImproperUniform", "the event has fewer axes than a value of the support")
                        .expected("an event of at least " + support.eventDim() + " axes: values are " + support.description())
                        .got("event " + eventShape)
                        .at(UserCode.line())
                        .fix("give the shape of one value as eventShape: Shape.of(n), for matrices Shape.of(n, n)."));
            }
            support = Constraints.independent(support, eventShape.rank() - support.eventDim());
        }
    }

    /// The flat prior of one scalar: `new ImproperUniform(positive)`.
    public ImproperUniform(Constraint support) {
        this(support, Shape.SCALAR, Shape.SCALAR);
    }

    /// @throws UnsupportedOperationException always: there is no such distribution to draw from
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        throw new UnsupportedOperationException(new Diagnosis("ImproperUniform", "a flat prior has no draws")
                .got("support: values that are " + support.description())
                .at(UserCode.line())
                .fix("give the site a value with substitute or condition, start MCMC from initial values, or use a proper prior.")
                .message());
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support, value, x -> {
            Shape given = x.shape().slice(0, Math.max(0, x.rank() - eventShape.rank()));
            return full(Shape.broadcast(given, batchShape), 0);
        });
    }

    @Override
    public Distribution expand(Shape batchShape) {
        return new ImproperUniform(support, batchShape, eventShape);
    }
}
