package kiln.dist.transform;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// The first n/2 + 1 Fourier coefficients of a real vector from n real numbers: the real parts, then the imaginary parts that are not 0.
///
/// ```
/// log |det| = 0
/// ```
///
/// @param n length of the vector; ≥ 1
public record PackRealFastFourierCoefficientsTransform(int n) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        int kept = n / 2 + 1;
        NDArray re = x.get(Index.DOTS, Index.slice(null, kept));
        NDArray none = Np.full(x.shape().dropLast(1).then(Shape.of(1)), 0);
        List<NDArray> parts = new ArrayList<>(List.of(none));
        if (n > kept) {
            parts.add(x.get(Index.DOTS, Index.slice(kept, null)));
        }
        if (n % 2 == 0) {
            parts.add(none);
        }
        return Np.stack(List.of(re, parts.size() == 1 ? none : Np.concatenate(parts, -1)), -1);
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray re = y.get(Index.DOTS, Index.at(0));
        NDArray im = y.get(Index.DOTS, Index.at(1));
        int free = n - n / 2 - 1;
        return free == 0 ? re : Np.concatenate(List.of(re, im.get(Index.DOTS, Index.slice(1, 1 + free))), -1);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.full(x.shape().dropLast(1), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.realVector;
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(Constraints.complex, 1);
    }

    @Override
    public Shape forwardShape(Shape shape) {
        return shape.dropLast(1).then(Shape.of(n / 2 + 1, 2));
    }

    @Override
    public Shape inverseShape(Shape shape) {
        return shape.dropLast(2).then(Shape.of(n));
    }
}
