package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = e^x`, from the real numbers onto the positive ones.
public record ExpTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Np.exp(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return Np.log(y);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return x;
    }

    @Override
    public Constraint domain() {
        return Constraints.real;
    }

    @Override
    public Constraint codomain() {
        return Constraints.positive;
    }

    @Override
    public NDArray sign() {
        return Np.scalar(1.0);
    }
}
