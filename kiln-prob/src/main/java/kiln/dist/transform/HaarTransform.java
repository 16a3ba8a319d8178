package kiln.dist.transform;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// The orthonormal Haar wavelet transform along an axis of any length; the odd one at the end of a level is kept as it is.
///
/// ```
/// level by level:  ((x₁ + x₂)/√2, (x₃ + x₄)/√2, …), ((x₁ − x₂)/√2, …)        log |det| = 0
/// ```
///
/// @param dim  the axis, counted from the end: −1 is the last
/// @param flip whether the axis is reversed first
public record HaarTransform(int dim, boolean flip) implements Transform {
    @Override
    public NDArray call(NDArray x) {
        NDArray low = Np.moveaxis(x, dim, -1);
        low = flip ? Np.flip(low, -1) : low;
        List<NDArray> parts = new ArrayList<>();
        while (low.size(-1) > 1) {
            int n = low.size(-1) / 2;
            NDArray even = low.get(Index.DOTS, Index.slice(0, 2 * n, 2));
            NDArray odd = low.get(Index.DOTS, Index.slice(1, 2 * n, 2));
            if (low.size(-1) % 2 == 1) {
                parts.addFirst(low.get(Index.DOTS, Index.slice(2 * n, null)));
            }
            parts.addFirst(even.minus(odd).times(ROOT));
            low = even.plus(odd).times(ROOT);
        }
        parts.addFirst(low);
        return Np.moveaxis(parts.size() == 1 ? low : Np.concatenate(parts, -1), -1, dim);
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray all = Np.moveaxis(y, dim, -1);
        List<Integer> sizes = new ArrayList<>();
        for (int n = all.size(-1); n > 1; n /= 2) {
            sizes.addFirst(n);
        }
        NDArray low = all.get(Index.DOTS, Index.slice(0, 1));
        int at = 1;
        for (int size : sizes) {
            int n = size / 2;
            NDArray high = all.get(Index.DOTS, Index.slice(at, at + n));
            NDArray pairs = Np.stack(List.of(low.plus(high), low.minus(high)), -1).times(ROOT);
            low = pairs.reshape(pairs.shape().dropLast(2).then(Shape.of(2 * n)));
            at += n;
            if (size % 2 == 1) {
                low = Np.concatenate(List.of(low, all.get(Index.DOTS, Index.slice(at, at + 1))), -1);
                at++;
            }
        }
        return Np.moveaxis(flip ? Np.flip(low, -1) : low, -1, dim);
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        return Np.full(x.shape().dropLast(-dim), 0);
    }

    @Override
    public Constraint domain() {
        return Constraints.independent(Constraints.real, -dim);
    }

    @Override
    public Constraint codomain() {
        return Constraints.independent(Constraints.real, -dim);
    }

    private static final double ROOT = Math.sqrt(0.5);
}
