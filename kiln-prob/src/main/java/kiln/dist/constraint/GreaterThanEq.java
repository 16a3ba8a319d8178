package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.Transform;

/// The numbers ≥ a bound; the bijection reaches those above it.
///
/// @param low the bound, included
public record GreaterThanEq(NDArray low) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.ge(low);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low.plus(1.0));
    }

    @Override
    public String description() {
        return "≥ " + Bounds.text(low, "the lower bound");
    }

    @Override
    public Transform bijection() {
        return new GreaterThan(low).bijection();
    }
}
