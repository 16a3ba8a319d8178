package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Geometric distribution of the number of failures before the first success, given by the log odds of success.
///
/// ```
/// log p(k) = logits − (k + 1) log(1 + e^logits)
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = shape of `logits`, event = `[]`
/// - **moments** mean = e^−logits, variance = e^−logits (1 + e^−logits)
/// - **gradient of a draw** none
///
/// @param logits log odds of success; any finite value
public record GeometricLogits(NDArray logits) implements Surviving {
    /// @throws DomainException if known log odds are not finite
    public GeometricLogits {
        logits = Check.in(real, "logits", logits, GeometricLogits.class);
    }

    /// The same log odds everywhere.
    public GeometricLogits(Number logits) {
        this(NDArray.as(logits));
    }

    @Override
    public Constraint support() {
        return nonnegativeInteger;
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
    }

    @Override
    public NDArray mean() {
        return exp(logits.unaryMinus());
    }

    @Override
    public NDArray variance() {
        return mean().times(mean().plus(1));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray u = key.uniform(sampleShape.then(batchShape()), 0, 1);
        return floor(log1p(u.unaryMinus()).div(softplus(logits)).unaryMinus()).astype(DType.INT64);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, k ->
                k.times(softplus(logits)).plus(softplus(logits.unaryMinus())).unaryMinus());
    }

    @Override
    public NDArray logSf(NDArray value) {
        return Density.withLimits(value, -0.0, Double.NEGATIVE_INFINITY,
                k -> floor(maximum(k, -1.0)).plus(1).times(softplus(logits)).unaryMinus());
    }

    @Override
    public NDArray entropy() {
        return softplus(logits.unaryMinus()).plus(mean().times(softplus(logits)));
    }
}
