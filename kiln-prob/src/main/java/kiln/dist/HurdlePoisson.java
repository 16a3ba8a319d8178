package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Hurdle Poisson distribution: 0 with probability `gate`, else a Poisson count above 0.
///
/// ```
/// HurdleProbs(Poisson(rate), gate)
/// ```
///
/// - **support** 0, 1, 2, …
/// - **shapes** batch = broadcast(gate, rate), event = `[]`
/// - **moments** those of [HurdleProbs]
/// - **gradient of a draw** none
///
/// @param gate probability of 0; in [0, 1]; broadcasts with the batch
/// @param rate expected number; > 0
public record HurdlePoisson(NDArray gate, NDArray rate) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public HurdlePoisson {
        gate = Check.in(unitInterval, "gate", gate, HurdlePoisson.class);
        rate = Check.in(positive, "rate", rate, HurdlePoisson.class);
        Check.broadcasts(HurdlePoisson.class, "gate and rate", gate.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public HurdlePoisson(Number gate, Number rate) {
        this(NDArray.as(gate), NDArray.as(rate));
    }

    @Override
    public Distribution equivalent() {
        return new HurdleProbs(new Poisson(rate), gate);
    }
}
