package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = log(1 + e^x)`, from the real numbers onto the positive ones; close to the identity for large `x`.
public record SoftplusTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Np.softplus(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y.plus(Np.log(Np.expm1(y.unaryMinus()).unaryMinus()));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.softplus(x.unaryMinus()).unaryMinus();
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
