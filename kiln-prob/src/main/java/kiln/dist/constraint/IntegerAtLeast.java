package kiln.dist.constraint;

import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;

/// The integers ≥ `low`; NumPyro calls it `integer_greater_than`.
///
/// @param low smallest value
public record IntegerAtLeast(NDArray low) implements Constraint {
    @Override
    public NDArray check(NDArray x) {
        return Np.logicalAnd(isInteger(x), x.ge(low));
    }

    /// {@return where the values have no fraction, whatever their element type}
    static NDArray isInteger(NDArray x) {
        if (!x.dtype().isFloating()) {
            return Np.full(x.shape(), 1, DType.BOOL);
        }
        return Np.logicalAnd(Np.isfinite(x), x.eq(Np.floor(x)));
    }

    @Override
    public boolean isDiscrete() {
        return true;
    }

    @Override
    public NDArray feasibleLike(NDArray prototype) {
        return Bounds.like(prototype, low);
    }

    @Override
    public String description() {
        return "an integer ≥ " + Bounds.text(low, "the lower bound");
    }
}
