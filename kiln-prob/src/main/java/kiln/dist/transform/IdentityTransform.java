package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = x`.
public record IdentityTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return x;
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y;
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.zerosLike(x);
    }

    @Override
    public Constraint domain() {
        return Constraints.real;
    }

    @Override
    public Constraint codomain() {
        return Constraints.real;
    }

    @Override
    public NDArray sign() {
        return Np.scalar(1.0);
    }
}
