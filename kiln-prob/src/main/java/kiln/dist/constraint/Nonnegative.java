package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.Transform;

/// The numbers ≥ 0; the bijection reaches those > 0.
public record Nonnegative() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return x.ge(0);
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.onesLike(prototype);
    }

    @Override
    public String description() {
        return "≥ 0";
    }

    @Override
    public String remedy(String parameter) {
        return Remedies.positive(parameter);
    }

    @Override
    public Transform bijection() {
        return new ExpTransform();
    }
}
