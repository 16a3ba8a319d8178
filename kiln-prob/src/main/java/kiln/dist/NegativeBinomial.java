package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Negative binomial distribution of the number of successes before `totalCount` failures.
///
/// ```
/// log p(k) = log C(k + n − 1, k) + n log(1 − probs) + k log probs,  n = totalCount
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(totalCount, probs), event = `[]`
/// - **moments** mean = n probs / (1 − probs), variance = n probs / (1 − probs)²
/// - **gradient of a draw** none
///
/// For log odds use [#logits], for mean and dispersion [NegativeBinomial2].
///
/// @param totalCount number of failures; > 0, not necessarily an integer
/// @param probs      probability of a success; in [0, 1]; 1 leaves no count any mass
public record NegativeBinomial(NDArray totalCount, NDArray probs) implements GammaMixedPoisson {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public NegativeBinomial {
        totalCount = Check.in(positive, "totalCount", totalCount, NegativeBinomial.class);
        probs = Check.in(interval(0, 1), "probs", probs, NegativeBinomial.class);
        Check.broadcasts(NegativeBinomial.class, "totalCount and probs", totalCount.shape(), probs.shape());
    }

    /// Scalars and arrays in any mix.
    public NegativeBinomial(Number totalCount, Number probs) {
        this(NDArray.as(totalCount), NDArray.as(probs));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), probs.shape());
    }

    @Override
    public NDArray size() {
        return totalCount;
    }

    @Override
    public NDArray success() {
        return probs;
    }

    @Override
    public NDArray failure() {
        return subtract(1, probs);
    }

    @Override
    public NDArray logSuccess() {
        return Density.safeLog(probs);
    }

    @Override
    public NDArray logFailure() {
        return log1p(probs.unaryMinus());
    }

    @Override
    public NDArray odds() {
        return probs.div(subtract(1, probs));
    }

    /// {@return the negative binomial distribution with log odds of a success}
    ///
    /// @param totalCount number of failures; > 0
    /// @param logits     any finite value; broadcasts with `totalCount`
    public static NegativeBinomialLogits logits(Number totalCount, Number logits) {
        return new NegativeBinomialLogits(totalCount, logits);
    }
}
