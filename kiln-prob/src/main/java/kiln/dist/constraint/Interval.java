package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.Transform;

/// The numbers from `low` to `high`, both included.
///
/// @param low  lower end
/// @param high upper end; > `low`; broadcasts with it
public record Interval(NDArray low, NDArray high) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(x.ge(low), x.le(high));
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low.plus(high).times(0.5));
    }

    @Override
    public String description() {
        return "in [" + Bounds.text(low, "low") + ", " + Bounds.text(high, "high") + "]";
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new SigmoidTransform(), new AffineTransform(low, high.minus(low)));
    }
}
