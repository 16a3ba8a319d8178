package kiln.nn;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// Layers one after the other, the first one first.
///
/// - **weights** those of layer i are prefixed `i.`, with i from 0 on
///
/// @param layers the layers in the order of application
public record Sequential(List<Layer> layers) implements Layer {
    /// The list is copied.
    public Sequential {
        layers = List.copyOf(layers);
    }

    /// {@return the layers one after the other}
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        var weights = new Weights();
        PRNGKey rest = key;
        Shape shape = inputShape;
        for (int i = 0; i < layers.size(); i++) {
            PRNGKey[] keys = rest.split();
            rest = keys[0];
            weights.add(i, layers.get(i).init(keys[1], shape));
            shape = layers.get(i).outputShape(shape);
        }
        return weights.map();
    }

    @Override
    public NDArray apply(Map<String, NDArray> params, NDArray x) {
        NDArray y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).apply(Weights.part(params, i), y);
        }
        return y;
    }

    @Override
    public Shape outputShape(Shape inputShape) {
        Shape shape = inputShape;
        for (Layer layer : layers) {
            shape = layer.outputShape(shape);
        }
        return shape;
    }
}
