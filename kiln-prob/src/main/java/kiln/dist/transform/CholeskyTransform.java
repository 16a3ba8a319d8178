package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From positive definite matrices onto their lower Cholesky factors, `X = Y Yᵀ`.
///
/// ```
/// log |det| = −n log 2 − Σᵢ (n + 1 − i) log Yᵢᵢ,  i = 1 … n
/// ```
///
/// The determinant is that of the map between lower triangles.
///
/// Source: Muirhead, *Aspects of Multivariate Statistical Theory* (1982), theorem 2.1.9.
public record CholeskyTransform() implements Transform {
    private static final double LOG_2 = 0.693147180559945309417232121458176568;

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
        int n = y.size(-1);
        NDArray powers = Np.flip(Np.arange(n)).plus(1);
        return Np.log(Np.diagonal(y)).times(powers).sum(-1).plus(n * LOG_2).unaryMinus();
    }

    @Override
    public Constraint domain() {
        return Constraints.positiveDefinite;
    }

    @Override
    public Constraint codomain() {
        return Constraints.lowerCholesky;
    }
}
