package kiln.dist.transform;

import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors of length k − 1 onto the simplex of length k: each element breaks off a share of what is left of the stick.
///
/// ```
/// zᵢ = σ(xᵢ − log(k − i))        yᵢ = zᵢ Π_{j<i} (1 − zⱼ)        y_k = Π (1 − zⱼ)
/// log |det| = Σᵢ [log yᵢ + log(1 − zᵢ)]
/// ```
///
/// The shift makes `x = 0` the uniform vector. Everything is computed from logarithms of the shares, so that shares close to 0 or
/// 1 keep their relative accuracy and the derivative stays finite. The inverse takes a share of 0 for the smallest normal number.
///
/// Source: Stan Reference Manual, "Unit simplex".
public record StickBreakingTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        NDArray z = x.minus(offset(x.size(-1), x));
        return Np.exp(Np.concatenate(List.of(logShares(z), left(z)), -1));
    }

    @Override
    public NDArray inverse(NDArray y) {
        int k = y.size(-1);
        // What is left after each break, added from the small end, so that nothing cancels.
        NDArray rest = Np.flip(Np.cumsum(Np.flip(y, -1), -1), -1).get(Index.DOTS, Index.slice(1, null));
        NDArray broken = y.get(Index.DOTS, Index.slice(null, -1));
        return Np.log(Ends.positive(broken)).minus(Np.log(Ends.positive(rest))).plus(offset(k - 1, y));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray z = x.minus(offset(x.size(-1), x));
        return logShares(z).plus(Np.logSigmoid(z.unaryMinus())).sum(-1);
    }

    /// {@return the logarithms of all elements but the last}
    private static NDArray logShares(NDArray z) {
        NDArray kept = Np.logSigmoid(z.unaryMinus());
        return Np.logSigmoid(z).plus(Np.cumsum(kept, -1)).minus(kept);
    }

    /// {@return the logarithm of the last element, along an axis of size 1}
    private static NDArray left(NDArray z) {
        return Np.expandDims(Np.logSigmoid(z.unaryMinus()).sum(-1), -1);
    }

    /// {@return `log(k − i)` for i = 1 … k − 1}
    private static NDArray offset(int n, NDArray like) {
        return Np.log(Np.flip(Np.arange(n)).plus(1).astype(like.dtype()));
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.simplex;
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return shape.with(-1, shape.dim(-1) + 1);
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return shape.with(-1, shape.dim(-1) - 1);
    }
}
