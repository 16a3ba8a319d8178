package kiln.dist.transform;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors of length n (n + 1) / 2 onto lower triangular matrices with a positive diagonal: the rows of a unit triangular
/// matrix, scaled.
///
/// ```
/// x = (elements u below the unit diagonal, row by row; d);  y = diag(s) (U + I), s = log(1 + e^d)
/// log |det| = Σᵢ (i log sᵢ + log σ(dᵢ)),  i = 0 … n − 1
/// ```
public record ScaledUnitLowerCholeskyTransform() implements Transform {
    /// Below, `log log(1 + e^d)` is d to the last digit.
    private static final double LOW = -40;

    @Override
    public NDArray call(NDArray x) {
        NDArray scale = Np.softplus(Triangle.packedDiagonal(x));
        NDArray unit = Triangle.matrix(Triangle.packedBelow(x), Np.onesLike(scale));
        return unit.times(Np.expandDims(scale, -1));
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray scale = Np.diagonal(y);
        return Triangle.packed(y.div(Np.expandDims(scale, -1)), new SoftplusTransform().inverse(scale));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray d = Triangle.packedDiagonal(x);
        NDArray rows = Np.arange(d.size(-1));
        return logSoftplus(d).times(rows).plus(Np.logSigmoid(d)).sum(-1);
    }

    /// Of numbers far below 0 it is the number itself, while `log(1 + e^d)` is no double.
    private static NDArray logSoftplus(NDArray d) {
        NDArray low = d.lt(LOW);
        return Np.where(low, d, Np.log(Np.softplus(Np.where(low, LOW, d))));
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.scaledUnitLowerCholesky;
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
