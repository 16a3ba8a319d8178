package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.func.Pytree;

/// Zero-inflated distribution: counts that are 0 with an additional probability, given by its log odds.
///
/// ```
/// P(0) = g + (1 − g) P_base(0),  P(k) = (1 − g) P_base(k),  g = σ(gateLogits)
/// ```
///
/// - **support** that of the base
/// - **shapes** batch = broadcast(batch of the base, gate), event = `[]`
/// - **moments** mean = (1 − g) m, variance = (1 − g) (v + g m²). Here m and v are those of the base
/// - **gradient of a draw** none
///
/// Source: Lambert, *Zero-inflated Poisson regression* (1992).
///
/// @param baseDist   a univariate distribution of counts
/// @param gateLogits log odds of an additional 0; any finite value; broadcasts with the batch
public record ZeroInflatedLogits(Distribution baseDist, NDArray gateLogits) implements ZeroInflated {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public ZeroInflatedLogits {
        gateLogits = Check.in(real, "gateLogits", gateLogits, ZeroInflatedLogits.class);
        Check.wraps(ZeroInflatedLogits.class, baseDist, "gateLogits", gateLogits.shape());
        if (!Pytree.isRebuilding() && !baseDist.isDiscrete()) {
            throw new IllegalArgumentException(new Diagnosis("ZeroInflatedLogits", "the base must be a distribution of counts")
                    .got(baseDist.getClass().getSimpleName())
                    .at(UserCode.line())
                    .fix("use a hurdle distribution, which takes continuous bases too.")
                    .message());
        }
    }

    /// The same gate for all.
    public ZeroInflatedLogits(Distribution baseDist, Number gateLogits) {
        this(baseDist, NDArray.as(gateLogits));
    }
}
