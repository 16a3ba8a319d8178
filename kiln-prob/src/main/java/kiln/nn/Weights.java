package kiln.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import org.jspecify.annotations.Nullable;

/// Weights by name: `part.name` is the weight `name` of a part.
final class Weights {
    private final Map<String, NDArray> all = new LinkedHashMap<>();

    Weights add(String name, NDArray value) {
        all.put(name, value);
        return this;
    }

    Weights add(Object part, Map<String, NDArray> weights) {
        weights.forEach((name, value) -> all.put(part + "." + name, value));
        return this;
    }

    Map<String, NDArray> map() {
        return Collections.unmodifiableMap(all);
    }

    /// The weights of one part, by their names within it.
    static Map<String, NDArray> part(Map<String, NDArray> params, Object part) {
        String prefix = part + ".";
        Map<String, NDArray> own = new LinkedHashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), value);
            }
        });
        return own;
    }

    static NDArray get(Map<String, NDArray> params, String name, Class<?> owner) {
        @Nullable NDArray value = params.get(name);
        if (value == null) {
            throw new IllegalArgumentException(new Diagnosis(owner.getSimpleName(), "the weight " + name + " is missing")
                    .expected("the weights that init made for this network")
                    .got(params.isEmpty() ? "no weights" : "weights " + String.join(", ", params.keySet()))
                    .at(UserCode.line())
                    .fix("pass what init(key, inputShape) of the same network returned.")
                    .message());
        }
        return value;
    }

    /// Refuses an input with another number of features.
    static void needsFeatures(Class<?> owner, int features, Shape input) {
        if (input.rank() == 0 || input.dim(-1) != features) {
            throw new ShapeException(new Diagnosis(owner.getSimpleName(), "the input does not have the number of features of the network")
                    .expected("a last axis of size " + features)
                    .got("shape " + input)
                    .at(UserCode.line())
                    .fix("give the network the size of the last axis of its input."));
        }
    }

    /// `x W`, and `+ b` where there is one.
    static NDArray affine(Class<?> owner, NDArray x, NDArray kernel, @Nullable NDArray bias) {
        needsFeatures(owner, kernel.size(0), x.shape());
        NDArray y = x.matmul(kernel);
        return bias == null ? y : y.plus(bias);
    }
}
