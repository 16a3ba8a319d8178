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
import kiln.model.Infer;
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

    /// Keys of either kind are split for the draws; those of a fast one are others.
    @Test
    void aFastKeyServesAsWell() {
        var predictive = new Predictive(PredictiveTest::model).numSamples(4);
        var draws = predictive.run(PRNGKey.fast(9));
        var again = predictive.run(PRNGKey.fast(9));
        var others = predictive.run(PRNGKey.key(9));
        assertThat(draws.keySet()).isEqualTo(others.keySet());
        draws.forEach((site, x) -> {
            assertThat(x.shape()).isEqualTo(Objects.requireNonNull(others.get(site)).shape());
            assertThat(x.toDoubleArray()).isEqualTo(Objects.requireNonNull(again.get(site)).toDoubleArray());
            assertThat(x.toDoubleArray()).isNotEqualTo(Objects.requireNonNull(others.get(site)).toDoubleArray());
        });
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

    private static void guide() {
        sample("auxiliary", new Normal(0, 1), null, infer(Infer.NONE.auxiliary(true)), rngKey(PRNGKey.key(0)));
        sample("mu", new Normal(param("loc", 0), 0.5));
    }

    /// The first half of the key draws from the model, the second from the guide, each split into one key per draw.
    @Test
    void aGuideDrawsTheLatentSites() {
        var draws = new Predictive(PredictiveTest::model)
                .guide(PredictiveTest::guide)
                .params(Map.of("loc", scalar(7.0)))
                .numSamples(3)
                .run(PRNGKey.key(2));
        assertThat(draws.keySet()).containsExactly("twice", "y");
        PRNGKey[] both = PRNGKey.key(2).split();
        PRNGKey[] ofModel = both[0].split(3);
        PRNGKey[] ofGuide = both[1].split(3);
        for (int i = 0; i < 3; i++) {
            double mu = 7 + 0.5 * ofGuide[i].split()[1].normal().item();
            assertThat(get(draws, "twice").get(i).item()).isEqualTo(2 * mu);
            NDArray y = ofModel[i].split()[1].normal(3).plus(mu);
            assertThat(get(draws, "y").get(i).toDoubleArray()).containsExactly(y.toDoubleArray());
        }
    }

    @Test
    void axesOfDrawsComeBackAsTheyWereGiven() {
        NDArray mu = PRNGKey.key(0).normal(4, 5);
        var flat = new Predictive(PredictiveTest::model, Map.of("mu", mu.reshape(20))).run(PRNGKey.key(3));
        var nested = new Predictive(PredictiveTest::model, Map.of("mu", mu)).batchNdims(2).run(PRNGKey.key(3));
        assertThat(get(nested, "y").shape()).isEqualTo(Shape.of(4, 5, 3));
        assertThat(get(nested, "y").toDoubleArray()).isEqualTo(get(flat, "y").toDoubleArray());
        var one = new Predictive(PredictiveTest::model, Map.of("mu", scalar(2.0))).batchNdims(0).run(PRNGKey.key(3));
        assertThat(get(one, "y").shape()).isEqualTo(Shape.of(3));
        assertThat(get(one, "twice").item()).isEqualTo(4);
    }

    @Test
    void drawsOnAllProcessorsAreTheSame() {
        var p = new Predictive(PredictiveTest::model).numSamples(50);
        assertThat(get(p.parallel(true).run(PRNGKey.key(1)), "y").toDoubleArray())
                .isEqualTo(get(p.run(PRNGKey.key(1)), "y").toDoubleArray());
    }
}
