package kiln.dist.transform;

import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From the simplex of k probabilities onto increasing vectors of k − 1 numbers: the logits of the cumulative sums, shifted.
///
/// ```
/// yᵢ = logit(x₁ + … + xᵢ) + anchorPoint        log |det| = Σ (softplus(u) + softplus(−u)),  u = y − anchorPoint
/// ```
///
/// A probability of 0 is taken for the smallest normal number, in both directions.
///
/// NumPyro evaluates the determinant at the shifted y, which is wrong for an anchor other than 0.
///
/// Source: Betancourt, *Ordinal regression* (2019).
///
/// @param anchorPoint shift; any number; broadcasts with the batch
public record SimplexToOrderedTransform(NDArray anchorPoint) implements Transform {
    /// The same anchor for all.
    public SimplexToOrderedTransform(double anchorPoint) {
        this(NDArray.as(anchorPoint));
    }

    @Override
    public NDArray call(NDArray x) {
        NDArray below = Np.cumsum(x, -1);
        NDArray above = Np.flip(Np.cumsum(Np.flip(x, -1), -1), -1);
        NDArray left = below.get(Index.DOTS, Index.slice(null, -1));
        NDArray right = above.get(Index.DOTS, Index.slice(1, null));
        return Np.log(Ends.positive(left)).minus(Np.log(Ends.positive(right))).plus(shift());
    }

    @Override
    public NDArray inverse(NDArray y) {
        // Differences of the distribution function, as products that keep the digits of small probabilities.
        NDArray u = y.minus(shift());
        NDArray below = Np.sigmoid(u);
        NDArray above = Np.sigmoid(u.unaryMinus());
        NDArray first = below.get(Index.DOTS, Index.slice(null, 1));
        NDArray last = above.get(Index.DOTS, Index.slice(-1, null));
        if (u.size(-1) == 1) {
            return Ends.positive(Np.concatenate(List.of(first, last), -1));
        }
        NDArray gap = u.get(Index.DOTS, Index.slice(null, -1)).minus(u.get(Index.DOTS, Index.slice(1, null)));
        NDArray inner = below.get(Index.DOTS, Index.slice(1, null))
                .times(above.get(Index.DOTS, Index.slice(null, -1)))
                .times(Np.expm1(gap).unaryMinus());
        return Ends.positive(Np.concatenate(List.of(first, inner, last), -1));
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        NDArray u = y.minus(shift());
        return Np.softplus(u).plus(Np.softplus(u.unaryMinus())).sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.simplex;
    }

    @Override
    public Constraint codomain() {
        return Constraints.orderedVector;
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return shape.dropLast(1).then(Shape.of(shape.dim(-1) - 1));
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return shape.dropLast(1).then(Shape.of(shape.dim(-1) + 1));
    }

    private NDArray shift() {
        return Np.expandDims(anchorPoint, -1);
    }
}
