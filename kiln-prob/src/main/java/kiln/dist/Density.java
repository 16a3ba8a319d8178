package kiln.dist;

import java.util.function.UnaryOperator;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// What the densities share: the value −∞ outside the support, and sums over event axes.
final class Density {
    private Density() {}

    /// The density inside the support, −∞ outside, in a way that keeps derivatives finite: a value outside is replaced by a
    /// feasible one before the density sees it.
    ///
    /// Nothing is added where it is not needed: known values inside the support, or [Validation] turned off.
    ///
    /// @param support where the density is not zero
    /// @param value   `sample + batch + event`
    /// @param inside  the density inside the support
    /// @return log density, `sample + batch`
    static NDArray within(Constraint support, NDArray value, UnaryOperator<NDArray> inside) {
        if (!Validation.isOn()) {
            return inside.apply(value);
        }
        NDArray ok = support.check(value);
        if (isAllTrue(ok)) {
            return inside.apply(value);
        }
        NDArray feasible = Np.where(trailing(ok, support.eventDim()), value, support.feasibleLike(value));
        return Np.where(ok, inside.apply(feasible), Double.NEGATIVE_INFINITY);
    }

    /// {@return whether all elements are known and true}
    static boolean isAllTrue(NDArray ok) {
        return ok instanceof Dense d && Np.all(d).isTrue();
    }

    /// {@return the array with `n` axes of size 1 at its end}
    static NDArray trailing(NDArray x, int n) {
        int[] ones = new int[n];
        java.util.Arrays.fill(ones, 1);
        return n == 0 ? x : x.reshape(x.shape().then(Shape.of(ones)));
    }

    /// {@return the sum over the last `n` axes}
    static NDArray sumRightmost(NDArray x, int n) {
        return n == 0 ? x : x.sum(java.util.stream.IntStream.rangeClosed(1, n).map(i -> -i).toArray());
    }
}
