package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Categorical distribution over 0, 1, …, k − 1 with the probabilities along the last axis of `probs`.
///
/// ```
/// log p(i) = log probsᵢ
/// ```
///
/// - **support** 0, 1, …, k − 1
/// - **shapes** batch = shape of `probs` without its last axis, event = `[]`
/// - **moments** those of the number of the category, by sums over all
/// - **gradient of a draw** none
///
/// Numerics: a probability 0 gives −∞. For unnormalised log probabilities use [#logits].
///
/// @param probs probabilities, `batch + [k]`; ≥ 0, sum 1 along the last axis
public record Categorical(NDArray probs) implements Distribution {
    /// @throws DomainException if known probabilities are negative or do not sum to 1
    /// @throws ShapeException if `probs` is a scalar
    public Categorical {
        probs = Check.in(simplex, "probs", probs, Categorical.class);
    }

    /// {@return the categorical distribution with probabilities proportional to `e^logits`}
    ///
    /// @param logits any finite values, `batch + [k]`
    public static CategoricalLogits logits(NDArray logits) {
        return new CategoricalLogits(logits);
    }

    @Override
    public Constraint support() {
        return integerInterval(0, probs.size(-1) - 1);
    }

    @Override
    public Shape batchShape() {
        return probs.shape().dropLast(1);
    }

    /// Counts how many cumulative probabilities lie below a uniform number, as NumPyro does.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        NDArray total = cumsum(probs, -1);
        NDArray steps = total.get(Index.DOTS, Index.slice(null, -1)).div(total.get(Index.DOTS, Index.slice(-1, null)));
        NDArray u = key.uniform(sampleShape.then(batchShape()).then(Shape.of(1)), 0, 1);
        return sum(steps.lt(u), -1);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, i -> Density.pick(Density.safeLog(probs), i));
    }

    @Override
    public NDArray entropy() {
        return xlogy(probs, probs).sum(-1).unaryMinus();
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.integers(0, probs.size(-1) - 1, batchShape(), expand);
    }
}
