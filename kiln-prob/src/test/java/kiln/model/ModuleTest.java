package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Cauchy;
import kiln.dist.Normal;
import kiln.nn.Activation;
import kiln.nn.DenseLayer;
import kiln.nn.Sequential;
import org.junit.jupiter.api.Test;

/// Networks inside models: their weights are parameters or random variables.
class ModuleTest {
    private static final Sequential NET = Sequential.of(new DenseLayer(4), Activation.TANH, new DenseLayer(1));
    private static final NDArray X = PRNGKey.key(1).normal(10, 3);

    private static void learned() {
        NDArray f = module("net", NET, 10, 3).apply(X);
        sample("y", new Normal(f.squeeze(-1), 1), zeros(10));
    }

    /// The weights are those that the network itself makes from the key that `seed` gives first.
    @Test
    void weightsAreParametersDrawnFromOneKey() {
        Trace tr = trace(ModuleTest::learned, seed(7));
        Map<String, NDArray> weights = NET.init(PRNGKey.key(7).split()[1], Shape.of(10, 3));
        assertThat(tr.sites().keySet()).hasSize(weights.size() + 1);
        weights.forEach((name, value) -> {
            assertThat(tr.site("net/" + name)).isInstanceOf(Message.Param.class);
            assertThat(tr.value("net/" + name).toDoubleArray()).isEqualTo(value.toDoubleArray());
        });
        NDArray f = NET.apply(weights, X).squeeze(-1);
        double expected = -0.5 * square(f).sum().item() - 5 * StrictMath.log(2 * Math.PI);
        assertThat(tr.logProb().item()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void givenWeightsNeedNoKey() {
        Map<String, NDArray> given = new java.util.LinkedHashMap<>();
        NET.init(PRNGKey.key(3), Shape.of(10, 3)).forEach((name, value) -> given.put("net/" + name, value));
        assertThat(trace(ModuleTest::learned, substitute(given)).value("net/0.kernel"))
                .isSameAs(Objects.requireNonNull(given.get("net/0.kernel")));
    }

    @Test
    void weightsHavePriors() {
        Trace all = trace(() -> deterministic("f", randomModule("net", NET, new Normal(0, 2), 10, 3).apply(X)), seed(0));
        assertThat(all.samples().keySet()).containsExactly("net/0.kernel", "net/0.bias", "net/2.kernel", "net/2.bias");
        Message.Sample kernel = all.sample("net/0.kernel");
        assertThat(kernel.distribution().eventShape()).isEqualTo(Shape.of(3, 4));
        double expected = new Normal(0, 2).logProb(kernel.requireValue()).sum().item();
        assertThat(all.logProb("net/0.kernel").item()).isCloseTo(expected, within(1e-12));

        Trace some = trace(() -> deterministic("f", randomModule("net", NET, Map.of("2.kernel", new Cauchy(0, 1)), 10, 3).apply(X)), seed(0));
        assertThat(some.samples().keySet()).containsExactly("net/2.kernel");
        assertThat(some.site("net/0.kernel")).isInstanceOf(Message.Param.class);

        Trace byShape = trace(() -> deterministic("f", randomModule("net", NET, (name, shape) -> new Normal(0, 1.0 / shape.dim(0)), 10, 3).apply(X)), seed(0));
        assertThat(byShape.logProb("net/2.kernel").item()).isCloseTo(
                new Normal(0, 0.25).logProb(byShape.value("net/2.kernel")).sum().item(), within(1e-12));
    }
}
