package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mixed HMC on models. Stationarity and bits: [GibbsInvarianceTest].
class MixedHMCTest {
    static Stream<MixedHMC> kernels() {
        HMC hmc = new HMC(DiscreteHMCGibbsTest::shifted).trajectoryLength(1.5);
        return Stream.of(new MixedHMC(hmc), new MixedHMC(hmc).modified(true).numDiscreteUpdates(8),
                new MixedHMC(new HMC(DiscreteHMCGibbsTest::shifted).numSteps(5)).randomWalk(true));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    @Checks(value = SamplerCheck.POSTERIOR, kernels = "MixedHMC")
    void posteriorOfAModelIsExact(MixedHMC kernel) {
        Posterior posterior = new MCMC(kernel).numWarmup(500).numSamples(4000).progress(ProgressListener.NONE).run(key(5));
        DiscreteHMCGibbsTest.checkMeans(posterior);
    }

    @Test
    void drawsDoNotDependOnThreads() {
        MCMC mcmc = new MCMC(new MixedHMC(new HMC(DiscreteHMCGibbsTest::shifted).trajectoryLength(1.5))).numWarmup(100).numSamples(100)
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
