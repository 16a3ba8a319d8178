package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.func.Pytree;

/// Beta distribution given by its mean and its total weight, the likelihood of beta regression.
///
/// ```
/// Beta(mean · concentration, (1 − mean) · concentration)
/// ```
///
/// - **support** [0, 1]
/// - **shapes** batch = broadcast(mean, concentration), event = `[]`
/// - **moments** mean = mean, variance = mean (1 − mean) / (concentration + 1)
/// - **gradient of a draw** as [Beta]
///
/// Source: Ferrari and Cribari-Neto, *Beta regression for modelling rates and proportions* (2004).
///
/// @param mean          expectation; in (0, 1); repeated to the batch
/// @param concentration total weight; > 0
public record BetaProportion(NDArray mean, NDArray concentration) implements Equivalent {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public BetaProportion {
        mean = Check.in(openInterval(0, 1), "mean", mean, BetaProportion.class);
        concentration = Check.in(positive, "concentration", concentration, BetaProportion.class);
        Check.broadcasts(BetaProportion.class, "mean and concentration", mean.shape(), concentration.shape());
        if (!Pytree.isRebuilding()) {
            mean = broadcastTo(mean, Shape.broadcast(mean.shape(), concentration.shape()));
        }
    }

    /// Scalars and arrays in any mix.
    public BetaProportion(Number mean, Number concentration) {
        this(NDArray.as(mean), NDArray.as(concentration));
    }

    @Override
    public Distribution equivalent() {
        return new Beta(mean.times(concentration), subtract(1, mean).times(concentration));
    }
}
