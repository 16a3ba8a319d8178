package kiln.array;

import kiln.op.Bind;
import kiln.op.I0e;
import kiln.op.I1e;

/// Modified Bessel functions of the first kind (`scipy.special`), to be imported statically; element by element.
public final class Bessel {
    private Bessel() {}

    private static NDArray floating(Number x) {
        return Linalg.floating(NDArray.as(x));
    }

    /// {@return `e^−|x| I₀(x)`}
    public static NDArray i0e(Number x) {
        return Bind.apply(new I0e(), floating(x));
    }

    /// {@return `e^−|x| I₁(x)`}
    public static NDArray i1e(Number x) {
        return Bind.apply(new I1e(), floating(x));
    }
}
