package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;

/// The integers from `low` to `high`, both included.
///
/// @param low  smallest value
/// @param high largest value; ≥ `low`; broadcasts with it
public record IntegerInterval(NDArray low, NDArray high) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(IntegerAtLeast.isInteger(x), Np.logicalAnd(x.ge(low), x.le(high)));
    }

    @Override
    public boolean isDiscrete() {
        return true;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low);
    }

    @Override
    public String description() {
        return "an integer from " + Bounds.text(low, "low") + " to " + Bounds.text(high, "high");
    }
}
