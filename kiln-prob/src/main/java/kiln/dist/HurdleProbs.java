package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Hurdle distribution: 0 with a given probability, else a value that is not 0.
///
/// ```
/// P(0) = g,  p(x) = (1 − g) p_base(x) / (1 − P_base(0)),  g = gate
/// ```
///
/// - **support** that of the base, or numbers ≥ 0 for a continuous base
/// - **shapes** batch = broadcast(batch of the base, gate), event = `[]`
/// - **moments** mean = r m, variance = r (v + m²) − mean² with r = (1 − g) / (1 − P_base(0)). Here m
///   and v are those of the base, and P_base(0) = 0 if it is continuous
/// - **gradient of a draw** of a continuous base that of the base where it is not 0; none in `gate`, and none of counts
///
/// A continuous base leaves a mixed density: a mass at 0 and a density elsewhere. NumPyro gives −∞ at 0 there.
///
/// Source: Mullahy, *Specification and testing of some modified count data models* (1986).
///
/// @param baseDist a univariate distribution of counts or of positive numbers
/// @param gate     probability of 0; in [0, 1]; broadcasts with the batch
public record HurdleProbs(Distribution baseDist, NDArray gate) implements Hurdle {
    /// @throws DomainException if a known parameter lies outside its domain, or the base has values below 0
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public HurdleProbs {
        gate = Check.in(unitInterval, "gate", gate, HurdleProbs.class);
        Hurdle.check(HurdleProbs.class, baseDist, "gate", gate);
    }

    /// The same gate for all.
    public HurdleProbs(Distribution baseDist, Number gate) {
        this(baseDist, NDArray.as(gate));
    }
}
