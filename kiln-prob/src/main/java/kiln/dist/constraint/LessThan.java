package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.Transform;

/// The numbers < a bound.
///
/// @param high the bound, not included
public record LessThan(NDArray high) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.lt(high);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, high.minus(1.0));
    }

    @Override
    public String description() {
        return "< " + Bounds.text(high, "the upper bound");
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new ExpTransform(), new AffineTransform(high, -1));
    }
}
