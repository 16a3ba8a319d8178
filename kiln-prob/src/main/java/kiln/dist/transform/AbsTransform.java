package kiln.dist.transform;

import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = |x|`, from the real numbers onto those ≥ 0. It is no bijection: the inverse is the positive number, and there is no determinant.
public record AbsTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Np.abs(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y;
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        throw new UnsupportedOperationException(new Diagnosis("AbsTransform", "the absolute value is no bijection and has no determinant")
                .fix("use FoldedDistribution for the distribution of an absolute value.")
                .message());
    }

    @Override
    public Constraint domain() {
        return Constraints.real;
    }

    @Override
    public Constraint codomain() {
        return Constraints.nonnegative;
    }
}
