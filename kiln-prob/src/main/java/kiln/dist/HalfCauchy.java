package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Half-Cauchy distribution: the absolute value of a Cauchy variable around 0, a weak prior for scales.
///
/// ```
/// log p(x) = log(2/π) − log scale − log(1 + (x / scale)²),  x > 0
/// ```
///
/// - **support** positive numbers
/// - **shapes** batch = shape of `scale`, event = `[]`
/// - **moments** mean = ∞, variance = ∞
/// - **gradient of a draw** pathwise, in `scale`
///
/// Source: Gelman, *Prior distributions for variance parameters in hierarchical models* (2006).
///
/// @param scale median; > 0; unit of the data
public record HalfCauchy(NDArray scale) implements Distribution {
    /// @throws DomainException if a known `scale` is not > 0
    public HalfCauchy {
        scale = Check.in(positive, "scale", scale, HalfCauchy.class);
    }

    /// The same parameter everywhere.
    public HalfCauchy(Number scale) {
        this(NDArray.as(scale));
    }

    @Override
    public Constraint support() {
        return positive;
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return full(batchShape(), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray variance() {
        return full(batchShape(), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return scale.times(abs(key.cauchy(sampleShape.then(batchShape()))));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.onHalfLine(nonnegative, value, x -> Density.log1pSquare(x, scale)
                .plus(log(scale).plus(Constants.LOG_PI - Constants.LOG_2))
                .unaryMinus());
    }

    @Override
    public NDArray cdf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 0, 1, x -> arctan(x.div(scale)).times(2 / Math.PI));
    }

    @Override
    public NDArray sf(NDArray value) {
        return Density.withLimits(Density.fromZero(value), 1, 0, v -> Density.split(v.div(scale), 1,
                x -> subtract(1, arctan(x).times(2 / Math.PI)), x -> arctan(reciprocal(x)).times(2 / Math.PI)));
    }

    @Override
    public NDArray icdf(NDArray q) {
        // Above the median the distance of q to 1 is exact, so the upper tail is computed from it.
        return scale.times(Density.split(q, 0.5, p -> tan(p.times(Math.PI / 2)), p -> reciprocal(tan(subtract(1, p).times(Math.PI / 2)))));
    }

    @Override
    public NDArray isf(NDArray q) {
        return scale.times(Density.split(q, 0.5, p -> reciprocal(tan(p.times(Math.PI / 2))), p -> tan(subtract(1, p).times(Math.PI / 2))));
    }

    @Override
    public NDArray entropy() {
        return log(scale).plus(Constants.LOG_PI + Constants.LOG_2);
    }
}
