package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Categorical;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mixed HMC on models. Stationarity and bits: [GibbsInvarianceTest].
class MixedHMCTest {
    private static final double[] DATA = {0.4, 1.9, 3.1};

    private static void shifted() {
        var mu = sample("mu", new Normal(0, 2));
        try (var _ = plate("data", 3)) {
            var z = sample("z", new Categorical(NDArray.of(0.3, 0.7)));
            sample("y", new Normal(mu.plus(z.times(3)), 1), NDArray.of(DATA));
        }
    }

    static Stream<MixedHMC> kernels() {
        HMC hmc = new HMC(MixedHMCTest::shifted).trajectoryLength(1.5);
        return Stream.of(new MixedHMC(hmc), new MixedHMC(hmc).modified(true).numDiscreteUpdates(8),
                new MixedHMC(new HMC(MixedHMCTest::shifted).numSteps(5)).randomWalk(true));
    }

    /// The eight values of `z` weighed exactly, as in [DiscreteHMCGibbsTest#posteriorOfAModelIsExact]. Four Monte Carlo errors of each of the
    /// four means (6e-5 each).
    @ParameterizedTest
    @MethodSource("kernels")
    void posteriorOfAModelIsExact(MixedHMC kernel) {
        double total = 0;
        double[] want = new double[4];
        for (int bits = 0; bits < 8; bits++) {
            double log = 0;
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                int z = bits >> i & 1;
                double r = DATA[i] - 3 * z;
                log += StrictMath.log(z == 1 ? 0.7 : 0.3) - 0.5 * r * r;
                sum += r;
            }
            double w = StrictMath.exp(log + 2 * sum * sum / 13);
            total += w;
            for (int i = 0; i < 3; i++) {
                want[i] += (bits >> i & 1) * w;
            }
            want[3] += w * 4 * sum / 13;
        }
        Posterior posterior = new MCMC(kernel).numWarmup(500).numSamples(4000).progress(ProgressListener.NONE).run(key(5));
        for (int i = 0; i < 4; i++) {
            double[][] x = i < 3 ? posterior.draws().element("z", i) : posterior.draws().element("mu", 0);
            assertThat(Arrays.stream(x).flatMapToDouble(Arrays::stream).average().orElseThrow())
                    .isCloseTo(want[i] / total, within(4 * MonteCarloError.mcseMean(x)));
        }
        assertThat(posterior.verdict().findings()).isEmpty();
    }

    @Test
    void drawsDoNotDependOnThreads() {
        MCMC mcmc = new MCMC(new MixedHMC(new HMC(MixedHMCTest::shifted).trajectoryLength(1.5))).numWarmup(100).numSamples(100)
                .progress(ProgressListener.NONE);
        Posterior one = mcmc.threads(1).run(key(2));
        Posterior many = mcmc.threads(4).run(key(2));
        for (String site : List.of("mu", "z")) {
            assertThat(many.samplesByChain(site).known().sameAs(one.samplesByChain(site).known())).isTrue();
        }
    }

    @Test
    void whatCannotBeSampledIsSaid() {
        Model none = () -> sample("mu", new Normal(0, 1));
        assertThatThrownBy(() -> new MCMC(new MixedHMC(new HMC(none))).run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessage("MixedHMC: the model has no discrete random variable.\n  Got:      sites [mu]\n"
                        + "  Fix:      use its inner kernel alone: new MCMC(new NUTS(model)).");
        assertThatThrownBy(() -> new MixedHMC(new HMC(none)).numDiscreteUpdates(0)).hasMessageContaining("numDiscreteUpdates must be ≥ 1");
        assertThatThrownBy(() -> new MixedHMC(new HMC()).start(Targets.banana(), new double[2], 1, 0))
                .hasMessageContaining("MixedHMC: the density does not say which coordinates");
    }
}
