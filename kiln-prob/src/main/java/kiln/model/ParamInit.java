package kiln.model;

import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
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
    /// @param draw the value by key, in the constraint of the parameter; of the same shape for every key
    record Drawn(Function<PRNGKey, NDArray> draw) implements ParamInit {
        @Override
        public Shape shape() {
            return draw.apply(PRNGKey.key(0)).shape();
        }
    }
}
