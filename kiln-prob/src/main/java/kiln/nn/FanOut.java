package kiln.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// Several heads on one body: `yᵢ = headᵢ(body(x))`, such as the mean and the scale that an encoder returns.
///
/// - **weights** those of the body are prefixed `body.`, those of head i `i.`, with i from 0 on
///
/// @param body  what the heads share
/// @param heads the heads
public record FanOut(Layer body, List<Layer> heads) implements Network<List<NDArray>> {
    /// The list is copied.
    public FanOut {
        heads = List.copyOf(heads);
    }

    /// {@return the heads on a body}
    public static FanOut of(Layer body, Layer... heads) {
        return new FanOut(body, List.of(heads));
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        PRNGKey[] keys = key.split(heads.size() + 1);
        var weights = new Weights().add("body", body.init(keys[0], inputShape));
        for (int i = 0; i < heads.size(); i++) {
            weights.add(i, heads.get(i).init(keys[i + 1], body.outputShape(inputShape)));
        }
        return weights.map();
    }

    @Override
    public List<NDArray> apply(Map<String, NDArray> params, NDArray x) {
        NDArray inner = body.apply(Weights.part(params, "body"), x);
        return IntStream.range(0, heads.size())
                .mapToObj(i -> heads.get(i).apply(Weights.part(params, i), inner))
                .toList();
    }
}
