package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.ShapeException;

/// Observations of which some are only known to lie below the value.
///
/// ```
/// log p(x) = log F(x) for censored, else log p_base(x)
/// ```
///
/// - **support** that of the base
/// - **shapes** batch = broadcast(batch of the base, censored)
/// - **gradient of a draw** as the base; draws are not censored
///
/// Numerics: the logarithm of the probability is computed directly where the base can, so that it is finite far in the tail; NumPyro
/// stops at −36.
///
/// Source: Klein and Moeschberger, *Survival Analysis* (2003), ch. 3.
///
/// @param baseDist a univariate distribution with a distribution function
/// @param censored whether the value is a bound; broadcasts with the batch
public record LeftCensoredDistribution(Distribution baseDist, NDArray censored) implements Censored {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public LeftCensoredDistribution {
        censored = Check.in(boolean_, "censored", censored, LeftCensoredDistribution.class);
        Check.wraps(LeftCensoredDistribution.class, baseDist, "censored", censored.shape());
    }

    @Override
    public NDArray logBeyond(NDArray value) {
        return baseDist.logCdf(value);
    }
}
