package kiln.dist;

import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// A distribution on the real line that is a standard one stretched and moved: `x = loc + scale · z`.
///
/// Draws are differentiable in both parameters, whatever the standard distribution is.
public sealed interface LocationScale extends Distribution permits Normal, Cauchy, Laplace, Logistic, Gumbel, SoftLaplace {
    /// {@return where the standard distribution's zero lies}
    NDArray loc();

    /// {@return by what it is stretched; > 0}
    NDArray scale();

    /// {@return draws of the standard distribution}
    NDArray standardDraw(PRNGKey key, Shape shape);

    /// {@return `z = (value − loc) / scale`}
    default NDArray standardized(NDArray value) {
        return value.minus(loc()).div(scale());
    }

    /// {@return the same for probabilities: at ±∞ a number that no parameter moves}
    default NDArray standardizedBound(NDArray value) {
        return Density.withLimits(value, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, this::standardized);
    }

    @Override
    default Constraint support() {
        return Constraints.real;
    }

    @Override
    default Shape batchShape() {
        return Shape.broadcast(loc().shape(), scale().shape());
    }

    @Override
    default boolean hasRsample() {
        return true;
    }

    @Override
    default NDArray sample(PRNGKey key, Shape sampleShape) {
        return loc().plus(scale().times(standardDraw(key, sampleShape.then(batchShape()))));
    }
}
