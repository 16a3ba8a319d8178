package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Bernoulli distribution given by its log odds, the likelihood of logistic regression.
///
/// ```
/// log p(x) = x · logits − log(1 + e^logits)
/// ```
///
/// - **support** {0, 1}
/// - **shapes** batch = shape of `logits`, event = `[]`
/// - **moments** mean = σ(logits), variance = σ(logits) σ(−logits)
/// - **gradient of a draw** none
///
/// Numerics: no overflow for any finite log odds.
///
/// @param logits `log(p / (1 − p))`; any finite value
public record BernoulliLogits(NDArray logits) implements Distribution {
    /// @throws DomainException if known log odds are not finite
    public BernoulliLogits {
        logits = Check.in(real, "logits", logits, BernoulliLogits.class);
    }

    /// The same log odds everywhere.
    public BernoulliLogits(Number logits) {
        this(NDArray.as(logits));
    }

    /// {@return the probability of 1}
    public NDArray probs() {
        return sigmoid(logits);
    }

    @Override
    public Constraint support() {
        return boolean_;
    }

    @Override
    public Shape batchShape() {
        return logits.shape();
    }

    @Override
    public NDArray mean() {
        return probs();
    }

    @Override
    public NDArray variance() {
        return probs().times(sigmoid(logits.unaryMinus()));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.bernoulli(probs(), sampleShape.then(batchShape())).astype(DType.INT64);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> Cancellation.matters()
                ? softplus(logits.times(subtract(1, x.times(2)))).unaryMinus()
                : x.times(logits).minus(softplus(logits)));
    }

    @Override
    public NDArray entropy() {
        NDArray size = abs(logits);
        return softplus(size.unaryMinus()).plus(size.times(sigmoid(size.unaryMinus())));
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.integers(0, 1, batchShape(), expand);
    }
}
