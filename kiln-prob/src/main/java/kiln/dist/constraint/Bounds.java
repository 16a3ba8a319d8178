package kiln.dist.constraint;

import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.Validation;

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

    /// Refuses known bounds that leave no room.
    ///
    /// @param set  name of the set
    /// @param rule what must hold
    /// @param ok   where it does
    /// @throws DomainException if it does not hold somewhere
    static void require(String set, String rule, NDArray low, NDArray high, NDArray ok) {
        if (!Validation.isOn() || !(ok instanceof Dense known)) {
            return;
        }
        for (int i = 0; i < known.size(); i++) {
            if (known.longAt(i) == 0) {
                throw new DomainException(new Diagnosis("Constraints." + set, "the bounds must satisfy " + rule)
                        .got("low = " + at(low, known.shape(), i) + ", high = " + at(high, known.shape(), i))
                        .at(UserCode.line())
                        .fix("swap the bounds, or look where they come from."));
            }
        }
    }

    private static String at(NDArray bound, Shape shape, int i) {
        return String.valueOf(Np.broadcastTo(bound, shape).reshape(-1).get(i));
    }

    /// {@return a value with the element type of the prototype and the shape in which both meet}
    static NDArray like(NDArray prototype, NDArray value) {
        return Np.broadcastTo(value.astype(prototype.dtype()), Shape.broadcast(prototype.shape(), value.shape()));
    }
}
