package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.dist.transform.Transform;

/// The numbers ≤ a bound; the bijection reaches those below it.
///
/// @param high the bound, included
public record LessThanEq(NDArray high) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.le(high);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, high.minus(1.0));
    }

    @Override
    public String description() {
        return "≤ " + Bounds.text(high, "the upper bound");
    }

    @Override
    public Transform bijection() {
        return new LessThan(high).bijection();
    }
}
