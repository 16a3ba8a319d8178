package kiln.dist.constraint;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.IdentityTransform;
import kiln.dist.transform.Transform;

/// The finite real numbers.
public record Real() implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.isfinite(x);
    }

    @Override
    public boolean isUnconstrained() {
        return true;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Np.zerosLike(prototype);
    }

    @Override
    public String description() {
        return "finite";
    }

    @Override
    public String remedy(String parameter) {
        return "look where the infinity or NaN in " + parameter + " comes from: a division by 0, or a logarithm of 0.";
    }

    @Override
    public Transform bijection() {
        return new IdentityTransform();
    }
}
