package kiln.dist.transform;

import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors of length n (n − 1) / 2 onto the Cholesky factors of correlation matrices.
///
/// ```
/// r = tanh(x) below the diagonal, row by row;  yᵢⱼ = rᵢⱼ √(Π_{k<j} (1 − rᵢₖ²)),  yᵢᵢ = √(Π_{k<i} (1 − rᵢₖ²))
/// log |det| = Σ log(1 − r²) + ½ Σᵢⱼ Σ_{k<j} log(1 − rᵢₖ²)
/// ```
///
/// Source: Stan Reference Manual, "Cholesky factors of correlation matrices"; Lewandowski, Kurowicka and Joe (2009).
public record CorrCholeskyTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        NDArray r = below(Np.tanh(x));
        return r.plus(Np.eye(r.size(-1))).times(Np.exp(logRest(below(logLeft(x))).times(0.5)));
    }

    @Override
    public NDArray inverse(NDArray y) {
        // artanh r = asinh(r / √(1 − r²)) = asinh(y / √(sum of the squares to the right of y)), which does not cancel.
        NDArray right = Np.flip(Np.cumsum(Np.flip(Np.square(y), -1), -1), -1).get(Index.DOTS, Index.slice(1, null));
        NDArray none = Np.full(y.shape().dropLast(1).then(Shape.of(1)), 0);
        return Np.arcsinh(Triangle.below(y).div(Np.sqrt(Ends.positive(Triangle.below(Np.concatenate(List.of(right, none), -1))))));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray left = logLeft(x);
        NDArray row = logRest(below(left));
        return left.sum(-1).plus(Triangle.below(row).sum(-1).times(0.5));
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.corrCholesky;
    }

    @Override
    public Shape forwardShape(Shape shape) {
        int n = size(shape.dim(-1));
        return shape.dropLast(1).then(Shape.of(n, n));
    }

    @Override
    public Shape inverseShape(Shape shape) {
        int n = shape.dim(-1);
        return shape.dropLast(2).then(Shape.of(n * (n - 1) / 2));
    }

    /// `log(1 − tanh² x)`, without cancellation.
    private static NDArray logLeft(NDArray x) {
        NDArray size = Np.abs(x);
        return size.plus(Np.softplus(size.times(-2))).minus(LOG_2).times(-2);
    }

    /// The sum over the elements before, row by row; the part above the diagonal is what the last one before it has.
    private static NDArray logRest(NDArray left) {
        return Np.cumsum(left, -1).minus(left);
    }

    private static NDArray below(NDArray x) {
        int n = size(x.size(-1));
        return Triangle.matrix(x, Np.full(x.shape().dropLast(1).then(Shape.of(n)), 0));
    }

    private static int size(int length) {
        return Triangle.size(length) + 1;
    }

    private static final double LOG_2 = 0.693147180559945309417232121458176568;
}
