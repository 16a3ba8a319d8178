package kiln.dist.transform;

import kiln.array.Complex;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// Complex numbers from their real and imaginary parts. Kiln keeps both along the last axis, so that nothing moves.
///
/// ```
/// log |det| = 0
/// ```
public record ComplexTransform() implements Transform {
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
        return Np.full(x.shape().dropLast(1), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.complex;
    }
}
