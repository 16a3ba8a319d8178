package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import org.jspecify.annotations.Nullable;

/// A symmetric distribution cut off below.
///
/// ```
/// log p(x) = log p_base(x) − log(1 − F(low))
/// ```
///
/// - **support** numbers ≥ low
/// - **shapes** batch = broadcast(batch of the base, cuts), event = `[]`
/// - **moments** closed for normal and Cauchy bases, else, as the entropy, by quadrature of the quantile; of a StudentT base as that has
///   them, in closed form up to 4 degrees of freedom
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param baseDist the distribution before the cut: Normal, Cauchy, Laplace, Logistic, SoftLaplace or StudentT
/// @param low      lower cut; any finite value; broadcasts with the base
public record LeftTruncatedDistribution(Symmetric baseDist, NDArray low) implements Truncated {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the base has vectors for draws, or the parameters do not broadcast
    public LeftTruncatedDistribution {
        low = Check.in(real, "low", low, LeftTruncatedDistribution.class);
        Check.wraps(LeftTruncatedDistribution.class, baseDist, "low", low.shape());
    }

    /// The same cut for all.
    public LeftTruncatedDistribution(Symmetric baseDist, Number low) {
        this(baseDist, NDArray.as(low));
    }

    @Override
    public Constraint support() {
        return greaterThanEq(low);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(baseDist.batchShape(), low.shape());
    }

    @Override
    public NDArray lower() {
        return low;
    }

    @Override
    public @Nullable NDArray upper() {
        return null;
    }

    @Override
    public LeftTruncatedDistribution with(Symmetric baseDist) {
        return new LeftTruncatedDistribution(baseDist, low);
    }
}
