package kiln.dist;

import static kiln.dist.constraint.Constraints.*;

import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// A symmetric distribution cut off on both sides.
///
/// ```
/// log p(x) = log p_base(x) − log(F(high) − F(low))
/// ```
///
/// - **support** [low, high]
/// - **shapes** batch = broadcast(batch of the base, cuts), event = `[]`
/// - **moments** closed for normal and Cauchy bases, else, as the entropy, by quadrature of the quantile
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param baseDist the distribution before the cut: Normal, Cauchy, Laplace, Logistic, SoftLaplace or StudentT
/// @param low      lower cut; any finite value; broadcasts with the base
/// @param high     upper cut; > `low`; broadcasts with it
public record TwoSidedTruncatedDistribution(Symmetric baseDist, NDArray low, NDArray high) implements Truncated {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public TwoSidedTruncatedDistribution {
        low = Check.in(real, "low", low, TwoSidedTruncatedDistribution.class);
        high = Check.in(greaterThan(low), "high", high, TwoSidedTruncatedDistribution.class);
        if (!Pytree.isRebuilding()) {
            Check.wraps(TwoSidedTruncatedDistribution.class, baseDist, "low and high", low.shape(), high.shape());
        }
    }

    /// The same cuts for all.
    public TwoSidedTruncatedDistribution(Symmetric baseDist, Number low, Number high) {
        this(baseDist, NDArray.as(low), NDArray.as(high));
    }

    @Override
    public Constraint support() {
        return interval(low, high);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(baseDist.batchShape(), low.shape(), high.shape());
    }

    @Override
    public NDArray lower() {
        return low;
    }

    @Override
    public NDArray upper() {
        return high;
    }

    @Override
    public TwoSidedTruncatedDistribution with(Symmetric baseDist) {
        return new TwoSidedTruncatedDistribution(baseDist, low, high);
    }
}
