package kiln.infer.program;

import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.Categorical;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Exact answers by running all paths, against the formulas.
class PathEnumerationTest {
    private static void sleep() {
        if (sample("feeling_lazy", new Bernoulli(0.9)).isTrue()) {
            var ignoreAlarm = sample("ignore_alarm", new Bernoulli(0.8));
            sample("amount_slept", new Normal(ignoreAlarm.times(2).plus(8), 1));
        } else {
            sample("amount_slept", new Normal(6, 1));
        }
    }

    @Test
    void sleepWithoutDataHasThreePaths() {
        var prior = new PathEnumeration(PathEnumerationTest::sleep).run();
        assertThat(prior.executions()).hasSize(3);
        assertThat(prior.logEvidence()).isCloseTo(0, within(1e-15));
        assertThat(prior.marginal("feeling_lazy").probability(1)).isCloseTo(0.9, within(1e-15));
        assertThat(prior.marginal("ignore_alarm").probability(1)).isCloseTo(0.72, within(1e-15));
        assertThat(prior.marginal("ignore_alarm").absent()).isCloseTo(0.1, within(1e-15));
        assertThat(prior.probability(e -> !e.contains("amount_slept"))).as("integrated out").isCloseTo(1, within(1e-15));
    }

    @Test
    void sleepGivenSixHours() {
        var posterior = new PathEnumeration(handle(PathEnumerationTest::sleep, condition(Map.of("amount_slept", 6)))).run();
        double lazy = 0.9 * (0.8 * Programs.normal(6, 10, 1) + 0.2 * Programs.normal(6, 8, 1));
        double all = lazy + 0.1 * Programs.normal(6, 6, 1);
        assertThat(posterior.marginal("feeling_lazy").probability(1)).isCloseTo(lazy / all, within(1e-14)).isCloseTo(0.1974439, within(5e-8));
        assertThat(posterior.logEvidence()).isCloseTo(Math.log(all), within(1e-14));
    }

    /// Two dice and a sum that is seen: 36 paths, the classical table.
    @Test
    void twoDice() {
        NDArray fair = NDArray.of(1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0);
        Model dice = () -> {
            var a = sample("a", new Categorical(fair)).plus(1);
            var b = sample("b", new Categorical(fair)).plus(1);
            var sum = deterministic("sum", a.plus(b));
            factor("at least ten", sum.ge(10).isTrue() ? 0 : Double.NEGATIVE_INFINITY);
        };
        var posterior = new PathEnumeration(dice).run();
        assertThat(posterior.executions()).as("impossible paths are left out").hasSize(6);
        assertThat(Math.exp(posterior.logEvidence())).isCloseTo(6 / 36.0, within(1e-15));
        var sum = posterior.marginal("sum");
        assertThat(sum.probability(10)).isCloseTo(3 / 6.0, within(1e-14));
        assertThat(sum.probability(11)).isCloseTo(2 / 6.0, within(1e-14));
        assertThat(sum.probability(12)).isCloseTo(1 / 6.0, within(1e-14));
        assertThat(posterior.expectation(e -> e.value("sum").item())).isCloseTo(64 / 6.0, within(1e-13));
    }

    /// All combinations of the copies of a site in a plate; the number of successes is binomial.
    @Test
    void copiesInAPlate() {
        Model model = () -> {
            try (var _ = plate("unit", 4)) {
                var z = sample("z", new Bernoulli(0.3));
                deterministic("count", z.sum());
            }
        };
        var prior = new PathEnumeration(model).run();
        assertThat(prior.executions()).hasSize(16);
        double[] binomial = {0.2401, 0.4116, 0.2646, 0.0756, 0.0081};
        for (int k = 0; k < binomial.length; k++) {
            assertThat(prior.marginal("count").probability(k)).isCloseTo(binomial[k], within(1e-14));
        }
        assertThat(prior.marginal("z").probability(NDArray.of(1.0, 0, 0, 1))).isCloseTo(0.09 * 0.49, within(1e-14));
    }

    /// A coin chooses how many further coins there are: sites that depend on values of others.
    @Test
    void asManySitesAsADrawSays() {
        Model model = () -> {
            int n = (int) sample("n", new Categorical(NDArray.of(0.5, 0.25, 0.125, 0.125))).item();
            int heads = 0;
            for (int i = 0; i < n; i++) {
                heads += (int) sample("coin_" + i, new Bernoulli(0.5)).item();
            }
            sample("y", new Poisson(1.0 + heads), 2);
        };
        var posterior = new PathEnumeration(model).run();
        assertThat(posterior.executions()).hasSize(1 + 2 + 4 + 8);
        double[] prior = {0.5, 0.25, 0.125, 0.125};
        double[] joint = new double[4];
        double all = 0;
        for (int n = 0; n < 4; n++) {
            for (int heads = 0; heads <= n; heads++) {
                double ways = new double[][] {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}}[n][heads] / (1 << n);
                joint[n] += prior[n] * ways * Math.exp(-1.0 - heads) * (1 + heads) * (1 + heads) / 2;
            }
            all += joint[n];
        }
        assertThat(posterior.logEvidence()).isCloseTo(Math.log(all), within(1e-13));
        for (int n = 0; n < 4; n++) {
            assertThat(posterior.marginal("n").probability(n)).isCloseTo(joint[n] / all, within(1e-13));
        }
    }

    private static int descend(int i) {
        return sample("stop_" + i, new Bernoulli(i < 8 ? 0.5 : 1)).isTrue() ? i : descend(i + 1);
    }

    /// The first value leads into the recursion, which only a probability of zero ends.
    @Test
    void aRecursionThatAProbabilityOfZeroEnds() {
        var prior = new PathEnumeration(() -> deterministic("depth", descend(0))).run();
        assertThat(prior.executions()).hasSize(9);
        for (int n = 0; n <= 8; n++) {
            assertThat(prior.marginal("depth").probability(n)).isCloseTo(n < 8 ? 1.0 / (2 << n) : 1.0 / 256, within(1e-14));
        }
    }
}
