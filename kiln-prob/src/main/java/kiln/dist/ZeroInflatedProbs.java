package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.func.Pytree;

/// Zero-inflated distribution: counts that are 0 with an additional probability.
///
/// ```
/// P(0) = g + (1 − g) P_base(0),  P(k) = (1 − g) P_base(k),  g = gate
/// ```
///
/// - **support** that of the base
/// - **shapes** batch = broadcast(batch of the base, gate), event = `[]`
/// - **moments** mean = (1 − g) m, variance = (1 − g) (v + g m²). Here m and v are those of the base
/// - **gradient of a draw** none
///
/// Source: Lambert, *Zero-inflated Poisson regression* (1992).
///
/// @param baseDist a univariate distribution of counts
/// @param gate     probability of an additional 0; in [0, 1]; broadcasts with the batch
public record ZeroInflatedProbs(Distribution baseDist, NDArray gate) implements ZeroInflated {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public ZeroInflatedProbs {
        gate = Check.in(unitInterval, "gate", gate, ZeroInflatedProbs.class);
        Check.wraps(ZeroInflatedProbs.class, baseDist, "gate", gate.shape());
        if (!Pytree.isRebuilding() && !baseDist.isDiscrete()) {
            throw new IllegalArgumentException(new Diagnosis("ZeroInflatedProbs", "the base must be a distribution of counts")
                    .got(baseDist.getClass().getSimpleName())
                    .at(UserCode.line())
                    .fix("use a hurdle distribution, which takes continuous bases too.")
                    .message());
        }
    }

    /// The same gate for all.
    public ZeroInflatedProbs(Distribution baseDist, Number gate) {
        this(baseDist, NDArray.as(gate));
    }
}
