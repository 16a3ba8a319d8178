package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// `y = loc + L x`, from real vectors onto real vectors.
///
/// ```
/// log |det| = Σ log Lᵢᵢ
/// ```
///
/// @param loc       shift, `[n]`
/// @param scaleTril L, `[n, n]`; lower triangular with a positive diagonal
public record LowerCholeskyAffine(NDArray loc, NDArray scaleTril) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return loc.plus(x.matmul(Np.matrixTranspose(scaleTril)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        int n = y.size(-1);
        NDArray columns = y.minus(loc).reshape(Shape.of(y.size() / n, n)).transpose();
        return Np.solveTriangular(scaleTril, columns, false).transpose().reshape(y.shape());
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.broadcastTo(Np.log(Np.diagonal(scaleTril)).sum(-1), x.shape().dropLast(1));
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
