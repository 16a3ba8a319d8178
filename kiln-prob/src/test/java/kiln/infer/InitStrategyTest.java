package kiln.infer;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.infer.InitStrategy.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Dirichlet;
import kiln.dist.HalfCauchy;
import kiln.dist.ImproperUniform;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Where chains start: in the order of the model, with one key for each site.
class InitStrategyTest {
    private static final PRNGKey KEY = key(5);

    private static void model() {
        NDArray mu = sample("mu", new Normal(3, 2));
        sample("tau", new HalfCauchy(1));
        sample("p", new Dirichlet(ones(3)));
        sample("flat", new ImproperUniform(Constraints.positive));
        sample("x", new Normal(mu, 1).expand(2));
    }

    private static NDArray start(InitStrategy strategy, String site) {
        Map<String, NDArray> at = UnconstrainedModel.of(InitStrategyTest::model, key(0)).start(strategy, KEY);
        assertThat(at.keySet()).containsExactly("mu", "tau", "p", "flat", "x");
        return Objects.requireNonNull(at.get(site));
    }

    @Test
    void feasibleIsTheOriginAndUniformACube() {
        for (String site : new String[] {"mu", "tau", "p", "flat", "x"}) {
            assertThat(start(initToFeasible(), site).toDoubleArray()).containsOnly(new double[] {0}, within(1e-15));
            for (double x : start(initToUniform(0.5), site).toDoubleArray()) {
                assertThat(Math.abs(x)).isBetween(1e-9, 0.5);
            }
        }
    }

    /// The key of the first site is the second half of the key, as under `seed`.
    @Test
    void medianAndSampleAreDrawsOfThePrior() {
        PRNGKey[] first = KEY.split();
        PRNGKey[] second = first[0].split();
        NDArray mu = median(new Normal(3, 2).sample(first[1], 15), 0);
        assertThat(start(initToMedian(), "mu").item()).isEqualTo(mu.item());
        NDArray tau = median(log(new HalfCauchy(1).sample(second[1], 15)), 0);
        assertThat(start(initToMedian(), "tau").item()).isCloseTo(tau.item(), within(1e-14));
        assertThat(start(initToSample(), "mu").item()).isEqualTo(new Normal(3, 2).sample(first[1], 1).get(0).item());
        assertThat(start(initToMedian(), "p").shape()).isEqualTo(Shape.of(2));
        assertThat(Math.abs(start(initToMedian(), "flat").item())).isLessThan(2);
    }

    /// A mean follows from the starting values of the sites before; HalfCauchy has none, so its median stands in.
    @Test
    void meansWhereThereAreSome() {
        assertThat(start(initToMean(), "mu").item()).isEqualTo(3);
        assertThat(start(initToMean(), "x").toDoubleArray()).containsExactly(3, 3);
        assertThat(start(initToMean(), "p").toDoubleArray()).containsOnly(new double[] {0}, within(1e-15));
        assertThat(start(initToMean(), "tau").item()).isEqualTo(start(initToMedian(), "tau").item());
    }

    @Test
    void givenValuesAreTakenOnTheirOwnScale() {
        InitStrategy some = initToValue(Map.of("tau", 4, "x", array(7, 8)));
        assertThat(start(some, "tau").item()).isEqualTo(log(4).item());
        assertThat(start(some, "x").toDoubleArray()).containsExactly(7, 8);
        assertThat(Math.abs(start(some, "mu").item())).isLessThan(2);
    }

    /// The density is zero for x < 5, which no position in the cube reaches.
    private static final Model FAR = () -> {
        NDArray x = sample("x", new Normal(0, 3));
        factor("far", where(x.lt(5), Double.NEGATIVE_INFINITY, 0));
    };

    @Test
    void chainsStartWhereTheStrategySays() {
        MCMC mcmc = new MCMC(new NUTS(FAR)).numWarmup(10).numSamples(5).progress(ProgressListener.NONE);
        assertThat(mcmc.initStrategy(initToValue(Map.of("x", 6))).run(key(0)).samples("x").min().item()).isGreaterThan(5);
        // The strategy is asked again until the density is finite, with other keys.
        assertThat(mcmc.initStrategy(initToSample()).run(key(0)).samples("x").min().item()).isGreaterThan(5);
        var asked = new AtomicInteger();
        mcmc.numChains(1).initStrategy((_, _) -> scalar(asked.incrementAndGet() * 1.0)).run(key(0));
        assertThat(asked.get()).isEqualTo(5);
    }

    @Test
    void aDensityOfTheUserStartsUniformlyOrFromValues() {
        PosteriorDensity d = PosteriorDensity.of(new LogDensity() {
            @Override
            public int dimension() {
                return 3;
            }

            @Override
            public double valueAndGradient(double[] position, double[] gradient) {
                return 0;
            }
        });
        assertThat(d.start(initToValue(Map.of("z", array(1, 2, 3))), KEY)).containsExactly(1, 2, 3);
        for (double x : d.start(initToMedian(), KEY)) {
            assertThat(Math.abs(x)).isLessThan(2);
        }
    }
}
