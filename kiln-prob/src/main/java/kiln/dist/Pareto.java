package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Pareto distribution: a power law from `scale` on.
///
/// ```
/// log p(x) = log alpha + alpha log scale − (alpha + 1) log x,  x > scale
/// ```
///
/// - **support** numbers > scale
/// - **shapes** batch = broadcast(scale, alpha), event = `[]`
/// - **moments** mean = alpha scale / (alpha − 1) for alpha > 1, else ∞; variance = scale² alpha / ((alpha − 1)² (alpha − 2)) for alpha
///   > 2, else ∞
/// - **gradient of a draw** pathwise, in both parameters
///
/// Source: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions* 1 (1994), ch. 20.
///
/// @param scale lower end; > 0; unit of the data
/// @param alpha exponent of the tail; > 0
public record Pareto(NDArray scale, NDArray alpha) implements Surviving {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Pareto {
        scale = Check.in(positive, "scale", scale, Pareto.class);
        alpha = Check.in(positive, "alpha", alpha, Pareto.class);
        Check.broadcasts(Pareto.class, "scale and alpha", scale.shape(), alpha.shape());
    }

    /// Scalars and arrays in any mix.
    public Pareto(Number scale, Number alpha) {
        this(NDArray.as(scale), NDArray.as(alpha));
    }

    @Override
    public Constraint support() {
        return greaterThan(scale);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(scale.shape(), alpha.shape());
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return where(alpha.gt(1), alpha.times(scale).div(maximum(alpha.minus(1), 0.0)), Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray variance() {
        NDArray finite = square(scale.div(alpha.minus(1))).times(alpha).div(maximum(alpha.minus(2), 0.0));
        return where(alpha.gt(2), finite, Double.POSITIVE_INFINITY);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return scale.times(exp(key.exponential(sampleShape.then(batchShape())).div(alpha)));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(greaterThanEq(scale), value, x -> Cancellation.matters()
                ? log(alpha).plus(alpha.times(Density.logRatio(scale, x))).minus(log(x))
                : log(alpha).plus(alpha.times(log(scale))).minus(alpha.plus(1).times(log(x))));
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(value, 0, Double.NEGATIVE_INFINITY, x -> alpha.times(log(scale.div(Density.from(x, scale)))));
    }

    @Override
    public NDArray icdf(NDArray q) {
        return scale.times(exp(log1p(q.unaryMinus()).div(alpha).unaryMinus()));
    }

    @Override
    public NDArray isf(NDArray q) {
        return scale.times(exp(log(q).div(alpha).unaryMinus()));
    }

    @Override
    public NDArray entropy() {
        return log(scale.div(alpha)).plus(reciprocal(alpha)).plus(1.0);
    }
}
