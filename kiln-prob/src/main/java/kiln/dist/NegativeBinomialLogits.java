package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;

/// Negative binomial distribution of the number of successes before `totalCount` failures, given by the log odds of a success.
///
/// ```
/// log p(k) = log C(k + n − 1, k) + n log σ(−logits) + k log σ(logits),  n = totalCount
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(totalCount, logits), event = `[]`
/// - **moments** mean = n e^logits, variance = mean (1 + e^logits)
/// - **gradient of a draw** none
///
/// @param totalCount number of failures; > 0, not necessarily an integer
/// @param logits     log odds of a success; any finite value
public record NegativeBinomialLogits(NDArray totalCount, NDArray logits) implements GammaMixedPoisson {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public NegativeBinomialLogits {
        totalCount = Check.in(positive, "totalCount", totalCount, NegativeBinomialLogits.class);
        logits = Check.in(real, "logits", logits, NegativeBinomialLogits.class);
        Check.broadcasts(NegativeBinomialLogits.class, "totalCount and logits", totalCount.shape(), logits.shape());
    }

    /// Scalars and arrays in any mix.
    public NegativeBinomialLogits(Number totalCount, Number logits) {
        this(NDArray.as(totalCount), NDArray.as(logits));
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(totalCount.shape(), logits.shape());
    }

    @Override
    public NDArray size() {
        return totalCount;
    }

    @Override
    public NDArray success() {
        return sigmoid(logits);
    }

    @Override
    public NDArray failure() {
        return sigmoid(logits.unaryMinus());
    }

    @Override
    public NDArray logSuccess() {
        return logSigmoid(logits);
    }

    @Override
    public NDArray logFailure() {
        return logSigmoid(logits.unaryMinus());
    }

    @Override
    public NDArray odds() {
        return exp(logits);
    }
}
