package kiln.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.constraint.Constraints;
import kiln.nn.Network;
import org.jspecify.annotations.Nullable;

/// Registers the weights of a neural network as sites `name/weight`.
final class Modules {
    private Modules() {}

    /// The weights that a network starts from: drawn together, from one key, when the first of them is needed.
    private static final class Start<Y> {
        private final Network<Y> network;
        private final Shape inputShape;
        private final Map<String, NDArray> prototype;
        private @Nullable Map<String, NDArray> drawn;

        Start(Network<Y> network, Shape inputShape) {
            this.network = network;
            this.inputShape = inputShape;
            this.prototype = network.init(PRNGKey.key(0), inputShape);
        }

        Shape shape(String weight) {
            return Objects.requireNonNull(prototype.get(weight)).shape();
        }

        private NDArray draw(String weight) {
            if (drawn == null) {
                drawn = network.init(Primitives.prngKey(), inputShape);
            }
            return Objects.requireNonNull(drawn.get(weight));
        }

        ParamInit init(String weight) {
            return new ParamInit.Drawn(() -> shape(weight), () -> draw(weight));
        }
    }

    /// @param prior the prior of a weight by name and shape; empty: a parameter
    static <Y> Function<NDArray, Y> register(
            String name, Network<Y> network, Shape inputShape, BiFunction<String, Shape, Optional<Distribution>> prior) {
        var start = new Start<>(network, inputShape);
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (String weight : start.prototype.keySet()) {
            Shape shape = start.shape(weight);
            String site = name + "/" + weight;
            Scope scope = Scope.current("module(\"" + name + "\")");
            weights.put(weight, prior.apply(weight, shape)
                    .map(d -> scope.sample(site, fitted(site, d, shape), null))
                    .orElseGet(() -> scope.param(site, start.init(weight), Constraints.real)));
        }
        return x -> network.apply(weights, x);
    }

    /// The prior of all elements of a weight together.
    private static Distribution fitted(String site, Distribution d, Shape shape) {
        int event = d.eventShape().rank();
        if (event > shape.rank() || !shape.last(event).equals(d.eventShape()) || !d.batchShape().broadcastsTo(shape.dropLast(event))) {
            throw new ShapeException(new Diagnosis("randomModule", "the prior does not have the shape of the weight \"" + site + "\"")
                    .expected(shape.toString())
                    .got(Sites.describe(d))
                    .at(UserCode.line())
                    .fix("give the prior the shape of the weight, or a smaller batch that can be repeated: new Normal(0, 1)."));
        }
        return d.expand(shape.dropLast(event)).toEvent(shape.rank() - event);
    }
}
