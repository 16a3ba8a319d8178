package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Hurdle distribution: 0 with a given probability, else a value that is not 0; given by the log odds of 0.
///
/// ```
/// P(0) = g,  p(x) = (1 − g) p_base(x) / (1 − P_base(0)),  g = σ(gateLogits)
/// ```
///
/// - **support** that of the base, or numbers ≥ 0 for a continuous base
/// - **shapes** batch = broadcast(batch of the base, gate), event = `[]`
/// - **moments** mean = r m, variance = r (v + m²) − mean² with r = (1 − g) / (1 − P_base(0)). Here m
///   and v are those of the base, and P_base(0) = 0 if it is continuous
/// - **gradient of a draw** of a continuous base that of the base where it is not 0; none in `gateLogits`, and none of counts
///
/// A continuous base leaves a mixed density: a mass at 0 and a density elsewhere. NumPyro gives −∞ at 0 there.
///
/// Source: Mullahy, *Specification and testing of some modified count data models* (1986).
///
/// @param baseDist   a univariate distribution of counts or of positive numbers
/// @param gateLogits log odds of 0; any finite value; broadcasts with the batch
public record HurdleLogits(Distribution baseDist, NDArray gateLogits) implements Hurdle {
    /// @throws DomainException if a known parameter lies outside its domain, or the base has values below 0
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public HurdleLogits {
        gateLogits = Check.in(real, "gateLogits", gateLogits, HurdleLogits.class);
        Hurdle.check(HurdleLogits.class, baseDist, "gateLogits", gateLogits);
    }

    /// The same gate for all.
    public HurdleLogits(Distribution baseDist, Number gateLogits) {
        this(baseDist, NDArray.as(gateLogits));
    }
}
