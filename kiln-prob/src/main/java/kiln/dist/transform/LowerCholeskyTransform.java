package kiln.dist.transform;

import java.util.List;
import kiln.array.Index;
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
        int n = Triangle.size(x.size(-1));
        NDArray below = x.get(Index.DOTS, Index.slice(null, x.size(-1) - n));
        return Triangle.matrix(below, Np.exp(x.get(Index.DOTS, Index.slice(-n, null))));
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray logs = Np.log(Np.diagonal(y));
        return y.size(-1) == 1 ? logs : Np.concatenate(List.of(Triangle.below(y), logs), -1);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        int n = Triangle.size(x.size(-1));
        return x.get(Index.DOTS, Index.slice(-n, null)).sum(-1);
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
        int n = Triangle.size(shape.dim(-1));
        return shape.dropLast(1).then(Shape.of(n, n));
    }

    @Override
    public Shape inverseShape(Shape shape) {
        int n = shape.dim(-1);
        return shape.dropLast(2).then(Shape.of(n * (n + 1) / 2));
    }
}
