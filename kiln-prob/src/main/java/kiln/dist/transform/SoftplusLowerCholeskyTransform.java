package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors of length n (n + 1) / 2 onto lower triangular matrices with a positive diagonal, by softplus.
///
/// ```
/// x = (elements below the diagonal, row by row; d);  diagonal = log(1 + e^d)        log |det| = Σ log σ(d)
/// ```
public record SoftplusLowerCholeskyTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        return Triangle.matrix(Triangle.packedBelow(x), Np.softplus(Triangle.packedDiagonal(x)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        return Triangle.packed(y, new SoftplusTransform().inverse(Np.diagonal(y)));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.logSigmoid(Triangle.packedDiagonal(x)).sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.softplusLowerCholesky;
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
