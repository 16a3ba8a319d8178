package kiln.infer;

import static kiln.array.Np.*;
import static kiln.infer.LogLikelihood.logLikelihood;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Normal;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// The log likelihood by draw and by element of the data.
class LogLikelihoodTest {
    private static final NDArray Y = array(1, -2, 0.5);

    private static void model() {
        NDArray mu = sample("mu", new Normal(0, 1));
        NDArray twice = deterministic("twice", mu.times(2));
        factor("penalty", mu);
        try (var _ = plate("data", 3)) {
            sample("y", new Normal(twice, 1), Y);
        }
        sample("z", new Normal(mu, 1), 4);
    }

    private static double normal(double x, double loc) {
        return -0.5 * (x - loc) * (x - loc) - 0.5 * StrictMath.log(2 * Math.PI);
    }

    /// Masks count, scales do not, and a deterministic site among the draws is computed anew.
    @Test
    void everyElementOfTheDataHasItsOwn() {
        Model plain = () -> {
            handle(() -> {
                NDArray mu = sample("mu", new Normal(0, 1));
                try (var _ = plate("data", 3)) {
                    sample("y", new Normal(mu.times(2), 1), Y);
                }
            }, mask(true), scale(10)).run();
        };
        var samples = Map.of("mu", array(0.3, -1), "twice", array(9, 9), "unknown", array(0, 0));
        var all = logLikelihood(LogLikelihoodTest::model, samples);
        assertThat(all.keySet()).containsExactly("y", "z");
        NDArray y = Objects.requireNonNull(all.get("y"));
        NDArray scaled = Objects.requireNonNull(logLikelihood(plain, samples).get("y"));
        assertThat(y.shape()).isEqualTo(Shape.of(2, 3));
        for (int d = 0; d < 2; d++) {
            double mu = array(0.3, -1).get(d).item();
            for (int i = 0; i < 3; i++) {
                assertThat(y.get(d).get(i).item()).isCloseTo(normal(Y.get(i).item(), 2 * mu), within(1e-13));
                assertThat(scaled.get(d).get(i).item()).isEqualTo(y.get(d).get(i).item());
            }
            assertThat(Objects.requireNonNull(all.get("z")).get(d).item()).isCloseTo(normal(4, mu), within(1e-13));
        }
        assertThat(Objects.requireNonNull(logLikelihood(() -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            handle(() -> sample("y", new Normal(mu, 1).expand(3), Y), mask(NDArray.of(true, false, true))).run();
        }, samples).get("y")).get(0).get(1).item()).isZero();
    }

    @Test
    void chainsAndDrawsAndThreads() {
        NDArray mu = PRNGKey.key(0).normal(4, 5);
        var flat = logLikelihood(LogLikelihoodTest::model, Map.of("mu", mu.reshape(20)));
        var nested = logLikelihood(LogLikelihoodTest::model, Map.of("mu", mu), true, 2);
        NDArray y = Objects.requireNonNull(nested.get("y"));
        assertThat(y.shape()).isEqualTo(Shape.of(4, 5, 3));
        assertThat(y.toDoubleArray()).isEqualTo(Objects.requireNonNull(flat.get("y")).toDoubleArray());
    }
}
