package kiln.dist.constraint;

import kiln.array.Dense;
import kiln.array.NDArray;

/// Prints the bound of an interval in a message.
final class Bounds {
    private Bounds() {}

    /// {@return the number if there is only one and it is known, else the name}
    static String text(NDArray bound, String name) {
        if (bound instanceof Dense d && d.size() == 1) {
            return d.dtype().isFloating() ? Double.toString(d.doubleAt(0)) : Long.toString(d.longAt(0));
        }
        return name;
    }
}
