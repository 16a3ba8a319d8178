package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Categorical distribution over 0, 1, …, k − 1 with unnormalised log probabilities along the last axis of `logits`.
///
/// ```
/// log p(i) = logitsᵢ − log Σⱼ e^logitsⱼ
/// ```
///
/// - **support** 0, 1, …, k − 1
/// - **shapes** batch = shape of `logits` without its last axis, event = `[]`
/// - **moments** those of the number of the category, by sums over all
/// - **gradient of a draw** none
///
/// @param logits log probabilities up to a constant, `batch + [k]`; any finite values
public record CategoricalLogits(NDArray logits) implements Distribution {
    /// @throws DomainException if known logits are not finite
    /// @throws ShapeException if `logits` is a scalar
    public CategoricalLogits {
        logits = Check.in(realVector, "logits", logits, CategoricalLogits.class);
    }

    /// {@return the probabilities, normalised}
    public NDArray probs() {
        return exp(normalized());
    }

    /// Less the largest logit, whose own part of the sum is 1: what is left of a probability next to 1 does not cancel.
    private NDArray normalized() {
        NDArray isTop = expandDims(argmax(logits, -1), -1).eq(arange(logits.size(-1)));
        NDArray top = expandDims(where(isTop, logits, 0.0).sum(-1), -1);
        NDArray less = where(isTop, 0.0, logits.minus(top));
        NDArray others = where(isTop, 0.0, exp(less)).sum(-1);
        return less.minus(expandDims(log1p(others), -1));
    }

    @Override
    public Constraint support() {
        return integerInterval(0, logits.size(-1) - 1);
    }

    @Override
    public Shape batchShape() {
        return logits.shape().dropLast(1);
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.categorical(logits, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, i -> Cancellation.matters()
                ? Density.pick(normalized(), i)
                : Density.pick(logits, i).minus(logsumexp(logits, -1)));
    }

    @Override
    public NDArray entropy() {
        NDArray logP = normalized();
        return exp(logP).times(logP).sum(-1).unaryMinus();
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.integers(0, logits.size(-1) - 1, batchShape(), expand);
    }
}
