package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Multinomial distribution given by unnormalised log probabilities.
///
/// ```
/// log p(x) = log n! − Σᵢ log xᵢ! + Σᵢ xᵢ log pᵢ,  pᵢ = e^logitsᵢ / Σⱼ e^logitsⱼ, n = totalCount
/// ```
///
/// - **support** vectors of k counts with sum totalCount
/// - **shapes** batch = broadcast(totalCount, logits without its last axis), event = `[k]`
/// - **moments** meanᵢ = n pᵢ, varianceᵢ = n pᵢ (1 − pᵢ)
/// - **gradient of a draw** none
///
/// @param totalCount    number of draws n; integer ≥ 0
/// @param logits        log probabilities up to a constant, `[…, k]`; any finite values
/// @param totalCountMax how many trials a draw makes, of which those beyond `totalCount` are not counted: needed where `totalCount` is
///                      traced; 0 is the largest known count
public record MultinomialLogits(NDArray totalCount, NDArray logits, int totalCountMax) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public MultinomialLogits {
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, MultinomialLogits.class);
        logits = Check.in(realVector, "logits", logits, MultinomialLogits.class);
        if (!Pytree.isRebuilding()) {
            MultinomialCounts.refuseMore(totalCount, totalCountMax, MultinomialLogits.class);
            Check.broadcasts(MultinomialLogits.class, "totalCount and logits", totalCount.shape(), logits.shape().dropLast(1));
        }
    }

    @Override
    public Constraint support() {
        return multinomial(totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), logits.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return logits.shape().last(1);
    }

    @Override
    public NDArray mean() {
        return broadcastTo(MultinomialCounts.column(totalCount).times(probs()), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return mean().times(subtract(1, probs()));
    }

    @Override
    public NDArray entropy() {
        return MultinomialCounts.entropy(totalCount, logSoftmax(logits, -1), totalCountMax, batchShape());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return MultinomialCounts.sample(key, probs(), totalCount, totalCountMax, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray logP = logits.minus(expandDims(logsumexp(logits, -1), -1));
            if (Saddle.isNeeded(totalCount)) {
                return Saddle.multinomial(totalCount, x, probs(), logP);
            }
            return MultinomialCounts.logOrders(totalCount, x).plus(x.times(logP).sum(-1));
        });
    }

    /// Draws make as many trials as the largest known count.
    public MultinomialLogits(Number totalCount, NDArray logits) {
        this(NDArray.as(totalCount), logits, 0);
    }

    /// {@return a copy whose draws make a given number of trials}
    public MultinomialLogits totalCountMax(int most) {
        return new MultinomialLogits(totalCount, logits, most);
    }

    /// {@return the probabilities, normalised}
    public NDArray probs() {
        return softmax(logits, -1);
    }
}
