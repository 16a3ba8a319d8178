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
    /// @param set      name of the set
    /// @param mayTouch whether they may be equal
    /// @throws DomainException if a low one is above a high one
    static void require(String set, boolean mayTouch, NDArray low, NDArray high) {
        if (!Validation.isOn() || !(low instanceof Dense && high instanceof Dense)) {
            return;
        }
        Dense ok = (Dense) (mayTouch ? low.le(high) : low.lt(high));
        for (int i = 0; i < ok.size(); i++) {
            if (ok.longAt(i) == 0) {
                throw new DomainException(new Diagnosis("Constraints." + set, "the bounds must satisfy low " + (mayTouch ? "≤" : "<") + " high")
                        .got("low = " + at(low, ok.shape(), i) + ", high = " + at(high, ok.shape(), i))
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
