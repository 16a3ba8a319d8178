package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;

/// Binomial distribution of the number of successes in `totalCount` independent trials.
///
/// ```
/// log p(k) = log C(n, k) + k log p + (n − k) log(1 − p),  n = totalCount, p = probs
/// ```
///
/// - **support** 0, 1, …, totalCount
/// - **shapes** batch = broadcast(totalCount, probs), event = `[]`
/// - **moments** mean = n p, variance = n p (1 − p)
/// - **gradient of a draw** none
///
/// Numerics: exact at probabilities 0 and 1, where NumPyro clamps them. For log odds use [#logits].
///
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions* (2005), ch. 3.
///
/// @param totalCount number of trials; integer ≥ 0
/// @param probs      probability of a success; in [0, 1]; broadcasts with `totalCount`
public record Binomial(NDArray totalCount, NDArray probs) implements Distribution {
    /// @throws DomainException if a known probability is not in [0, 1] or a known count is not an integer ≥ 0
    /// @throws ShapeException if the parameters do not broadcast
    public Binomial {
        totalCount = Check.in(nonnegativeInteger, "totalCount", totalCount, Binomial.class);
        probs = Check.in(unitInterval, "probs", probs, Binomial.class);
        Check.broadcasts(Binomial.class, "totalCount and probs", totalCount.shape(), probs.shape());
    }

    /// Scalars and arrays in any mix: `new Binomial(10, 0.3)`.
    public Binomial(Number totalCount, Number probs) {
        this(NDArray.as(totalCount), NDArray.as(probs));
    }

    /// {@return the binomial distribution with log odds of a success}
    ///
    /// @param totalCount number of trials; integer ≥ 0
    /// @param logits     any finite value; broadcasts with `totalCount`
    public static BinomialLogits logits(Number totalCount, Number logits) {
        return new BinomialLogits(NDArray.as(totalCount), NDArray.as(logits));
    }

    @Override
    public Constraint support() {
        return integerInterval(0, totalCount);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), probs.shape());
    }

    @Override
    public NDArray mean() {
        return totalCount.times(probs);
    }

    @Override
    public NDArray variance() {
        return mean().times(subtract(1, probs));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.binomial(totalCount, probs, sampleShape.then(batchShape()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        if (Saddle.isNeeded(totalCount)) {
            var shares = new Saddle.Shares(probs, subtract(1, probs), Density.safeLog(probs), Density.safeLog1m(probs));
            return Density.within(support(), value, k -> Saddle.binomial(totalCount, k, shares));
        }
        return Density.within(support(), value, k -> Density.logChoose(totalCount, k)
                .plus(Density.count(k, Density.safeLog(probs)))
                .plus(Density.count(totalCount.minus(k), Density.safeLog1m(probs))));
    }

    @Override
    public NDArray cdf(NDArray value) {
        Check.value(this, value);
        return where(value.lt(0), 0.0, where(value.ge(totalCount), 1.0, betaincc(next(value), rest(value), probs)));
    }

    @Override
    public NDArray sf(NDArray value) {
        Check.value(this, value);
        return where(value.lt(0), 1.0, where(value.ge(totalCount), 0.0, betainc(next(value), rest(value), probs)));
    }

    /// `k + 1` for `0 ≤ k < totalCount`: the shapes of the incomplete beta function are this and [#rest].
    private NDArray next(NDArray value) {
        return clip(floor(value), 0.0, maximum(totalCount.minus(1), 0.0)).plus(1);
    }

    /// `totalCount − k`, at least 1
    private NDArray rest(NDArray value) {
        return maximum(totalCount.minus(next(value)).plus(1), 1.0);
    }

    @Override
    public boolean hasEnumerateSupport() {
        return true;
    }

    @Override
    public NDArray enumerateSupport(boolean expand) {
        return Enumeration.upTo(totalCount, batchShape(), expand, Binomial.class);
    }
}
