package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.Transform;

/// The numbers between `low` and `high`, neither included.
///
/// @param low lower end
/// @param high upper end; > `low`; broadcasts with it
public record OpenInterval(NDArray low, NDArray high) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(x.gt(low), x.lt(high));
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low.plus(high).times(0.5));
    }

    @Override
    public String description() {
        return "in (" + Bounds.text(low, "low") + ", " + Bounds.text(high, "high") + ")";
    }

    @Override
    public Transform bijection() {
        return new Interval(low, high).bijection();
    }
}
