package kiln.dist.transform;

import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;

/// Numbers at the end of a set, moved next to it: images of numbers that are as far out as doubles tell.
///
/// A bijection onto an open set has no argument for a value at an end, but a value that was rounded to the end has one.
final class Ends {
    private Ends() {}

    /// {@return the number, at least the smallest positive normal one; there the derivative is 0}
    static NDArray positive(NDArray y) {
        return Np.maximum(y, smallest(y));
    }

    /// {@return the number, from the smallest positive normal one to 1 − ε}
    static NDArray unit(NDArray y) {
        return Np.clip(y, smallest(y), y.dtype() == DType.FLOAT32 ? 1 - Math.ulp(1f) : 1 - Math.ulp(1.0));
    }

    private static double smallest(NDArray y) {
        return y.dtype() == DType.FLOAT32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    }
}
