package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Hurdle log-normal distribution: 0 with probability `gate`, else a log-normal variable.
///
/// ```
/// HurdleProbs(LogNormal(loc, scale), gate)
/// ```
///
/// - **support** numbers ≥ 0
/// - **shapes** batch = broadcast(gate, loc, scale), event = `[]`
/// - **moments** those of [HurdleProbs]
/// - **gradient of a draw** that of [LogNormal] where it is not 0; none in `gate`
///
/// @param gate  probability of 0; in [0, 1]; broadcasts with the batch
/// @param loc   mean of the logarithm; any finite value
/// @param scale standard deviation of the logarithm; > 0
public record HurdleLogNormal(NDArray gate, NDArray loc, NDArray scale) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public HurdleLogNormal {
        gate = Check.in(unitInterval, "gate", gate, HurdleLogNormal.class);
        loc = Check.in(real, "loc", loc, HurdleLogNormal.class);
        scale = Check.in(positive, "scale", scale, HurdleLogNormal.class);
        Check.broadcasts(HurdleLogNormal.class, "gate, loc and scale", gate.shape(), loc.shape(), scale.shape());
    }

    /// Scalars and arrays in any mix.
    public HurdleLogNormal(Number gate, Number loc, Number scale) {
        this(NDArray.as(gate), NDArray.as(loc), NDArray.as(scale));
    }

    @Override
    public Distribution equivalent() {
        return new HurdleProbs(new LogNormal(loc, scale), gate);
    }
}
