package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Relaxed (concrete) Bernoulli distribution given by the probability of 1, see [RelaxedBernoulliLogits].
///
/// ```
/// RelaxedBernoulliLogits(temperature, log(probs / (1 − probs)))
/// ```
///
/// - **support** [0, 1]
/// - **shapes** batch = broadcast(temperature, probs), event = `[]`
/// - **moments** those of [RelaxedBernoulliLogits]
/// - **gradient of a draw** pathwise, in both parameters
///
/// @param temperature the closer to 0, the closer to 0 and 1 are the draws; > 0
/// @param probs       probability of 1; in (0, 1)
public record RelaxedBernoulli(NDArray temperature, NDArray probs) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public RelaxedBernoulli {
        temperature = Check.in(positive, "temperature", temperature, RelaxedBernoulli.class);
        probs = Check.in(openInterval(0, 1), "probs", probs, RelaxedBernoulli.class);
        Check.broadcasts(RelaxedBernoulli.class, "temperature and probs", temperature.shape(), probs.shape());
    }

    /// Scalars and arrays in any mix.
    public RelaxedBernoulli(Number temperature, Number probs) {
        this(NDArray.as(temperature), NDArray.as(probs));
    }

    @Override
    public Distribution equivalent() {
        return new RelaxedBernoulliLogits(temperature, logit(probs));
    }

    /// {@return the distribution with log odds}
    public static RelaxedBernoulliLogits logits(Number temperature, Number logits) {
        return new RelaxedBernoulliLogits(temperature, logits);
    }
}
