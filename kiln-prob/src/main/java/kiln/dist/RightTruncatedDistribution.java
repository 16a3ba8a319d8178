package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import org.jspecify.annotations.Nullable;

/// A symmetric distribution cut off above.
///
/// ```
/// log p(x) = log p_base(x) − log F(high)
/// ```
///
/// - **support** numbers ≤ high
/// - **shapes** batch = broadcast(batch of the base, cuts), event = `[]`
/// - **moments** closed for normal and Cauchy bases, else, as the entropy, by quadrature of the quantile; of a StudentT base as that has
///   them, in closed form up to 4 degrees of freedom
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param baseDist the distribution before the cut: Normal, Cauchy, Laplace, Logistic, SoftLaplace or StudentT
/// @param high     upper cut; any finite value; broadcasts with the base
public record RightTruncatedDistribution(Symmetric baseDist, NDArray high) implements Truncated {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public RightTruncatedDistribution {
        high = Check.in(real, "high", high, RightTruncatedDistribution.class);
        Check.wraps(RightTruncatedDistribution.class, baseDist, "high", high.shape());
    }

    /// The same cut for all.
    public RightTruncatedDistribution(Symmetric baseDist, Number high) {
        this(baseDist, NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return lessThanEq(high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(baseDist.batchShape(), high.shape());
    }

    @Override
    public @Nullable NDArray lower() {
        return null;
    }

    @Override
    public NDArray upper() {
        return high;
    }

    @Override
    public RightTruncatedDistribution with(Symmetric baseDist) {
        return new RightTruncatedDistribution(baseDist, high);
    }
}
