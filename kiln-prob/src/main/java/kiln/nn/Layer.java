package kiln.nn;

import kiln.array.NDArray;
import kiln.array.Shape;

/// A network from arrays to arrays, which other layers can follow (see [Sequential]).
public interface Layer extends Network<NDArray> {
    /// {@return the shape of the value for an input of a shape; the same unless a layer says otherwise}
    default Shape outputShape(Shape inputShape) {
        return inputShape;
    }
}
