package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Hurdle gamma distribution: 0 with probability `gate`, else a gamma variable.
///
/// ```
/// HurdleProbs(Gamma(concentration, rate), gate)
/// ```
///
/// - **support** numbers ≥ 0
/// - **shapes** batch = broadcast(gate, concentration, rate), event = `[]`
/// - **moments** those of [HurdleProbs]
/// - **gradient of a draw** that of [Gamma] where it is not 0; none in `gate`
///
/// @param gate          probability of 0; in [0, 1]; broadcasts with the batch
/// @param concentration shape; > 0
/// @param rate          rate; > 0; inverse unit of the data
public record HurdleGamma(NDArray gate, NDArray concentration, NDArray rate) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public HurdleGamma {
        gate = Check.in(unitInterval, "gate", gate, HurdleGamma.class);
        concentration = Check.in(positive, "concentration", concentration, HurdleGamma.class);
        rate = Check.in(positive, "rate", rate, HurdleGamma.class);
        Check.broadcasts(HurdleGamma.class, "gate, concentration and rate", gate.shape(), concentration.shape(), rate.shape());
    }

    /// Scalars and arrays in any mix.
    public HurdleGamma(Number gate, Number concentration, Number rate) {
        this(NDArray.as(gate), NDArray.as(concentration), NDArray.as(rate));
    }

    @Override
    public Distribution equivalent() {
        return new HurdleProbs(new Gamma(concentration, rate), gate);
    }
}
