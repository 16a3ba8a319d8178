package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors of length n (n + 1) / 2 onto lower triangular matrices with a positive diagonal.
///
/// ```
/// x = (elements below the diagonal, row by row; logarithms of the diagonal)        log |det| = Σ log diagonal
/// ```
public record LowerCholeskyTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Triangle.matrix(Triangle.packedBelow(x), Np.exp(Triangle.packedDiagonal(x)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return Triangle.packed(y, Np.log(Np.diagonal(y)));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Triangle.packedDiagonal(x).sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.lowerCholesky;
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return Triangle.squareShape(shape);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return Triangle.packedShape(shape);
    }
}
