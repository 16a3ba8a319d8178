package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Zero-inflated Poisson distribution.
///
/// ```
/// ZeroInflatedProbs(Poisson(rate), gate)
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(gate, rate), event = `[]`
/// - **moments** those of [ZeroInflatedProbs]
/// - **gradient of a draw** none
///
/// @param gate probability of an additional 0; in [0, 1]; broadcasts with the batch
/// @param rate expected number; > 0
public record ZeroInflatedPoisson(NDArray gate, NDArray rate) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public ZeroInflatedPoisson {
        gate = Check.in(unitInterval, "gate", gate, ZeroInflatedPoisson.class);
        rate = Check.in(positive, "rate", rate, ZeroInflatedPoisson.class);
        Check.broadcasts(ZeroInflatedPoisson.class, "gate and rate", gate.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public ZeroInflatedPoisson(Number gate, Number rate) {
        this(NDArray.as(gate), NDArray.as(rate));
    }

    @Override
    public Distribution equivalent() {
        return new ZeroInflatedProbs(new Poisson(rate), gate);
    }
}
