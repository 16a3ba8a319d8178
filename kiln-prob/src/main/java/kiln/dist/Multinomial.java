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

/// Multinomial distribution of the counts of k categories in `totalCount` independent draws.
///
/// ```
/// log p(x) = log n! − Σᵢ log xᵢ! + Σᵢ xᵢ log pᵢ,  n = totalCount, p = probs
/// ```
///
/// - **support** vectors of k counts with sum totalCount
/// - **shapes** batch = broadcast(totalCount, probs without its last axis), event = `[k]`
/// - **moments** meanᵢ = n pᵢ, varianceᵢ = n pᵢ (1 − pᵢ)
/// - **gradient of a draw** none
///
/// @param totalCount    number of draws n; integer ≥ 0
/// @param probs         probabilities, `[…, k]`; ≥ 0, sum 1 along the last axis
/// @param totalCountMax how many trials a draw makes, of which those beyond `totalCount` are not counted: needed where `totalCount` is
///                      traced; 0 is the largest known count
public record Multinomial(NDArray totalCount, NDArray probs, int totalCountMax) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public Multinomial {
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, Multinomial.class);
        probs = Check.in(simplex, "probs", probs, Multinomial.class);
        if (!Pytree.isRebuilding()) {
            MultinomialCounts.refuseMore(totalCount, totalCountMax, Multinomial.class);
            Check.broadcasts(Multinomial.class, "totalCount and probs", totalCount.shape(), probs.shape().dropLast(1));
        }
    }

    @Override
    public Constraint support() {
        return multinomial(totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), probs.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return probs.shape().last(1);
    }

    @Override
    public NDArray mean() {
        return broadcastTo(MultinomialCounts.column(totalCount).times(probs), batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return mean().times(subtract(1, probs));
    }

    @Override
    public NDArray entropy() {
        return MultinomialCounts.entropy(totalCount, Density.safeLog(probs), totalCountMax, batchShape());
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return MultinomialCounts.sample(key, probs, totalCount, totalCountMax, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        NDArray logP = Density.safeLog(probs);
        if (Saddle.isNeeded(totalCount)) {
            // The derivative by one probability is that of the formula, which does not know of their sum.
            NDArray sum = totalCount.times(probs.sum(-1).minus(1));
            return Density.within(support(), value, x -> Saddle.multinomial(totalCount, x, probs, logP).plus(sum));
        }
        return Density.within(support(), value, x -> MultinomialCounts.logOrders(totalCount, x).plus(Density.count(x, logP).sum(-1)));
    }

    /// {@return the multinomial distribution with probabilities proportional to `e^logits`}
    ///
    /// @param totalCount    number of draws; integer ≥ 0
    /// @param logits        any finite values, `[…, k]`
    public static MultinomialLogits logits(Number totalCount, NDArray logits) {
        return new MultinomialLogits(totalCount, logits);
    }

    /// Draws make as many trials as the largest known count.
    public Multinomial(Number totalCount, NDArray probs) {
        this(NDArray.as(totalCount), probs, 0);
    }

    /// {@return a copy whose draws make a given number of trials}
    public Multinomial totalCountMax(int most) {
        return new Multinomial(totalCount, probs, most);
    }
}
