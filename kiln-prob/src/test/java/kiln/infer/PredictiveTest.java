package kiln.infer;

import static kiln.array.Np.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Normal;
import kiln.model.Handlers;
import org.junit.jupiter.api.Test;

/// Prior and posterior prediction: which sites come back, with which keys, and how they are distributed.
class PredictiveTest {
    private static void model() {
        NDArray mu = sample("mu", new Normal(1, 2));
        deterministic("twice", mu.times(2));
        try (var _ = plate("data", 3)) {
            sample("y", new Normal(mu, 1));
        }
    }

    private static NDArray get(Map<String, NDArray> draws, String name) {
        return Objects.requireNonNull(draws.get(name), name);
    }

    @Test
    void everyDrawHasAKeyOfItsOwn() {
        var draws = new Predictive(PredictiveTest::model).numSamples(4).run(PRNGKey.key(9));
        PRNGKey[] keys = PRNGKey.key(9).split(4);
        for (int i = 0; i < 4; i++) {
            var tr = Handlers.trace(PredictiveTest::model, Handlers.seed(keys[i]));
            assertThat(get(draws, "y").get(i).toDoubleArray()).containsExactly(tr.value("y").toDoubleArray());
        }
        var one = new Predictive(PredictiveTest::model).numSamples(1).run(PRNGKey.key(9));
        assertThat(get(one, "mu").get(0).item())
                .isEqualTo(Handlers.trace(PredictiveTest::model, Handlers.seed(PRNGKey.key(9))).value("mu").item());
    }

    @Test
    void sitesThatWereNotGivenComeBackAndDeterministicOnesAreComputedAnew() {
        var samples = Map.of("mu", array(1, 2), "twice", array(-1, -1), "other", array(0, 0));
        var predictive = new Predictive(PredictiveTest::model, samples);
        var draws = predictive.run(PRNGKey.key(0));
        assertThat(draws.keySet()).containsExactly("twice", "y");
        assertThat(get(draws, "twice").toDoubleArray()).containsExactly(2, 4);
        assertThat(get(draws, "y").shape()).isEqualTo(Shape.of(2, 3));
        var chosen = predictive.excludeDeterministic(false).returnSites("mu", "twice").run(PRNGKey.key(0));
        assertThat(get(chosen, "mu").toDoubleArray()).containsExactly(1, 2);
        assertThat(get(chosen, "twice").toDoubleArray()).containsExactly(-1, -1);
    }

    @Test
    void dataAndFactors() {
        var draws = new Predictive(() -> {
                    sample("y", new Normal(0, 1), 3);
                    factor("penalty", -1);
                })
                .numSamples(2)
                .run(PRNGKey.key(0));
        assertThat(draws.keySet()).containsExactly("y");
        assertThat(get(draws, "y").toDoubleArray()).containsExactly(3, 3);
    }

    /// y is normal with mean 1 and variance 4 + 1. Of 20 000 draws the mean has standard error √(5/20000) and the variance
    /// 5 √(2/20000); each of the four tests fails by chance at 4.5 standard errors, with probability 7e-6.
    @Test
    void priorPredictiveMomentsAreExact() {
        var draws = new Predictive(PredictiveTest::model).numSamples(20_000).run(PRNGKey.key(1));
        NDArray y = get(draws, "y").get(kiln.array.Index.ALL, kiln.array.Index.at(0));
        check(y, 1, 5);
        check(get(draws, "mu"), 1, 4);
    }

    /// Given draws of mu from Normal(−2, 0.5²), y is normal with mean −2 and variance 0.25 + 1; the error rates are those above.
    @Test
    void posteriorPredictiveMomentsAreExact() {
        NDArray mu = PRNGKey.key(5).normal(20_000).times(0.5).minus(2);
        var draws = new Predictive(PredictiveTest::model, Map.of("mu", mu)).run(PRNGKey.key(2));
        NDArray y = get(draws, "y").get(kiln.array.Index.ALL, kiln.array.Index.at(2));
        check(y, -2, 1.25);
        check(get(draws, "twice").div(2), -2, 0.25);
    }

    private static void check(NDArray x, double mean, double variance) {
        int n = x.size();
        assertThat(mean(x).item()).isCloseTo(mean, within(4.5 * Math.sqrt(variance / n)));
        assertThat(var(x, 1).item()).isCloseTo(variance, within(4.5 * variance * Math.sqrt(2.0 / n)));
    }
}
