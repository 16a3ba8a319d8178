package kiln.op;

import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// Rounding to an integral value of the same type; the derivative is zero.
///
/// @param mode direction
public record Round(Mode mode) implements Unary {
    /// Which integral value is taken.
    public enum Mode {
        /// the largest that is not larger
        FLOOR("floor"),
        /// the smallest that is not smaller
        CEIL("ceil"),
        /// the nearest, ties to even
        NEAREST("rint");

        private final String method;

        Mode(String method) {
            this.method = method;
        }
    }

    @Override
    public double eval(double x) {
        return switch (mode) {
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case NEAREST -> Math.rint(x);
        };
    }

    @Override
    public @Nullable NDArray derivative(NDArray x, NDArray y) {
        return null;
    }

    @Override
    public void emit(Emitter e) {
        e.load(0).call1(Math.class, mode.method);
    }
}
