package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `yᵢ = x[permutationᵢ]`, from real vectors onto real vectors.
///
/// ```
/// log |det| = 0
/// ```
///
/// @param permutation the numbers 0 … n − 1 in some order
public record PermuteTransform(NDArray permutation) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Np.take(x, permutation, -1);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return Np.take(y, Np.argsort(permutation, -1), -1);
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
        return Constraints.realVector;
    }
}
