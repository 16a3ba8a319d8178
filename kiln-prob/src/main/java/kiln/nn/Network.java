package kiln.nn;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// A function of weights and an input, that knows how to make its weights.
///
/// @param <Y> what it returns: an array, or a structure of arrays
public interface Network<Y> {
    /// {@return fresh weights by name; the names of the weights of a part are prefixed by the part and a dot}
    ///
    /// @param key        source of randomness; the same key gives the same weights
    /// @param inputShape shape of an input; only its last axis, the features, may matter
    /// @throws kiln.array.ShapeException if the network does not take inputs of this shape
    Map<String, NDArray> init(PRNGKey key, Shape inputShape);

    /// {@return the value of the network}
    ///
    /// @param params weights as [#init] makes them
    /// @param x      input, of the shape that [#init] was given, or with other batch axes in front
    Y apply(Map<String, NDArray> params, NDArray x);
}
