package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Binomial distribution given by the log odds of a success, the likelihood of logistic regression on grouped data.
///
/// ```
/// log p(k) = log C(n, k) + k · logits − n log(1 + e^logits),  n = totalCount
/// ```
///
/// - **support** 0, 1, …, totalCount
/// - **shapes** batch = broadcast(totalCount, logits), event = `[]`
/// - **moments** mean = n σ(logits), variance = n σ(logits) σ(−logits)
/// - **gradient of a draw** none
///
/// @param totalCount number of trials; integer ≥ 0
/// @param logits     log odds of a success; any finite value; broadcasts with `totalCount`
public record BinomialLogits(NDArray totalCount, NDArray logits) implements Distribution {
    /// @throws DomainException if known log odds are not finite or a known count is not an integer ≥ 0
    /// @throws ShapeException if the parameters do not broadcast
    public BinomialLogits {
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, BinomialLogits.class);
        logits = Check.in(real, "logits", logits, BinomialLogits.class);
        Check.broadcasts(BinomialLogits.class, "totalCount and logits", totalCount.shape(), logits.shape());
    }

    /// Scalars and arrays in any mix.
    public BinomialLogits(Number totalCount, Number logits) {
        this(NDArray.as(totalCount), NDArray.as(logits));
    }

    /// {@return the probability of a success}
    public NDArray probs() {
        return sigmoid(logits);
    }

    @Override
    public Constraint support() {
        return integerInterval(0, totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), logits.shape());
    }

    @Override
    public NDArray mean() {
        return totalCount.times(probs());
    }

    @Override
    public NDArray variance() {
        return mean().times(sigmoid(logits.unaryMinus()));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.binomial(totalCount, probs(), sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        if (Saddle.isNeeded(totalCount)) {
            NDArray opposite = logits.unaryMinus();
            var shares = new Saddle.Shares(probs(), sigmoid(opposite), softplus(opposite).unaryMinus(), softplus(logits).unaryMinus());
            return Density.within(support(), value, k -> Saddle.binomial(totalCount, k, shares));
        }
        if (Cancellation.matters()) {
            return Density.within(support(), value, k -> Density.logChoose(totalCount, k)
                    .minus(k.times(softplus(logits.unaryMinus())))
                    .minus(totalCount.minus(k).times(softplus(logits))));
        }
        return Density.within(support(), value, k -> Density.logChoose(totalCount, k)
                .plus(k.times(logits))
                .minus(totalCount.times(softplus(logits))));
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.upTo(totalCount, batchShape(), expand, BinomialLogits.class);
    }
}
