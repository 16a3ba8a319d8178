package kiln.dist.constraint;

import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;

/// What constraints with bounds share: the bound in a message, and a feasible value for every element.
final class Bounds {
    private Bounds() {}

    /// {@return the number if there is only one and it is known, else the name}
    static String text(NDArray bound, String name) {
        if (bound instanceof Dense d && d.size() == 1) {
            return d.dtype().isFloating() ? Double.toString(d.doubleAt(0)) : Long.toString(d.longAt(0));
        }
        return name;
    }

    /// {@return a value with the element type of the prototype and the shape in which both meet}
    static NDArray like(NDArray prototype, NDArray value) {
        return Np.broadcastTo(value.astype(prototype.dtype()), Shape.broadcast(prototype.shape(), value.shape()));
    }
}
