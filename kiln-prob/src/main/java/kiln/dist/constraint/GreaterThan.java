package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.Transform;

/// The numbers > a bound.
///
/// @param low the bound, not included
public record GreaterThan(NDArray low) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.gt(low);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low.plus(1.0));
    }

    @Override
    public String description() {
        return "> " + Bounds.text(low, "the lower bound");
    }

    @Override
    public Transform bijection() {
        return ComposeTransform.of(new ExpTransform(), new AffineTransform(low, 1));
    }
}
