package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From correlation matrices onto their lower Cholesky factors, `X = Y Yᵀ`.
///
/// ```
/// log |det| = −Σᵢ (n − i) log Yᵢᵢ,  i = 1 … n
/// ```
///
/// The determinant is that of the map between the parts below the diagonal.
public record CorrMatrixCholeskyTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Np.cholesky(x);
    }

    @Override
    public NDArray inverse(NDArray y) {
        return y.matmul(Np.matrixTranspose(y));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray powers = Np.flip(Np.arange(y.size(-1)));
        return Np.log(Np.diagonal(y)).times(powers).sum(-1).unaryMinus();
    }

    @Override
    public Constraint domain() {
        return Constraints.corrMatrix;
    }

    @Override
    public Constraint codomain() {
        return Constraints.corrCholesky;
    }
}
