package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// Bernoulli distribution: 1 with probability `probs`, else 0.
///
/// ```
/// log p(1) = log probs        log p(0) = log(1 − probs)
/// ```
///
/// - **support** {0, 1}
/// - **shapes** batch = shape of `probs`, event = `[]`
/// - **moments** mean = probs, variance = probs (1 − probs)
/// - **gradient of a draw** none
///
/// Numerics: exact at probabilities 0 and 1, where NumPyro clamps them. For log odds use [#logits], which is accurate for
/// probabilities close to 1 as well.
///
/// @param probs probability of 1; in [0, 1]
public record Bernoulli(NDArray probs) implements Distribution {
    /// @throws DomainException if a known probability is not in [0, 1]
    public Bernoulli {
        probs = Check.in(unitInterval, "probs", probs, Bernoulli.class);
    }

    /// The same probability everywhere: `new Bernoulli(0.3)`.
    public Bernoulli(Number probs) {
        this(NDArray.as(probs));
    }

    /// {@return the Bernoulli distribution with log odds `log(p / (1 − p))`}
    ///
    /// @param logits any finite value
    public static BernoulliLogits logits(Number logits) {
        return new BernoulliLogits(NDArray.as(logits));
    }

    @Override
    public Constraint support() {
        return boolean_;
    }

    @Override
    public Shape batchShape() {
        return probs.shape();
    }

    @Override
    public NDArray mean() {
        return probs;
    }

    @Override
    public NDArray variance() {
        return probs.times(subtract(1, probs));
    }

    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        return key.bernoulli(probs, sampleShape.then(batchShape())).astype(DType.INT64);
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> where(x.ne(0), Density.safeLog(probs), Density.safeLog1m(probs)));
    }

    @Override
    public NDArray entropy() {
        NDArray q = subtract(1, probs);
        return xlogy(probs, probs).plus(xlog1py(q, probs.unaryMinus())).unaryMinus();
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
