package kiln.model;

import java.util.function.Supplier;
import kiln.array.NDArray;
import kiln.array.Shape;

/// What a parameter starts from.
public sealed interface ParamInit {
    /// {@return the shape of the value}
    Shape shape();

    /// A given value.
    ///
    /// @param value in the constraint of the parameter
    record Given(NDArray value) implements ParamInit {
        @Override
        public Shape shape() {
            return value.shape();
        }
    }

    /// A value that is drawn when nobody has given one.
    ///
    /// @param shapes tells the shape of the value without drawing it
    /// @param draw   draws the value, with keys from [Primitives#prngKey]
    record Drawn(Supplier<Shape> shapes, Supplier<NDArray> draw) implements ParamInit {
        @Override
        public Shape shape() {
            return shapes.get();
        }
    }
}
