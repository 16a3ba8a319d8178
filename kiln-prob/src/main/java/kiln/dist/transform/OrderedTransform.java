package kiln.dist.transform;

import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// From real vectors onto strictly increasing ones: the first element is kept, the others are the logarithms of the steps.
///
/// ```
/// y₁ = x₁        yᵢ = yᵢ₋₁ + e^xᵢ        log |det| = Σ_{i≥2} xᵢ
/// ```
///
/// Source: Stan Reference Manual, "Ordered vector".
public record OrderedTransform() implements Transform {
    @Override
    public NDArray call(NDArray x) {
        if (x.size(-1) < 2) {
            return x;
        }
        NDArray first = x.get(Index.DOTS, Index.slice(null, 1));
        NDArray steps = Np.exp(x.get(Index.DOTS, Index.slice(1, null)));
        return Np.cumsum(Np.concatenate(List.of(first, steps), -1), -1);
    }

    @Override
    public NDArray inverse(NDArray y) {
        if (y.size(-1) < 2) {
            return y;
        }
        NDArray first = y.get(Index.DOTS, Index.slice(null, 1));
        NDArray steps = y.get(Index.DOTS, Index.slice(1, null)).minus(y.get(Index.DOTS, Index.slice(null, -1)));
        return Np.concatenate(List.of(first, Np.log(steps)), -1);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return x.get(Index.DOTS, Index.slice(1, null)).sum(-1);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.orderedVector;
    }
}
