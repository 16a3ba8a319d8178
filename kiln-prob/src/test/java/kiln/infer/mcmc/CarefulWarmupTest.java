package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.math.Elementary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When the warm-up aims at a higher acceptance than it was told to, and that this goes on after a restart.
class CarefulWarmupTest {
    /// Acceptances as they were aimed at leave iterate and average at one place, so that the step is no larger than the one that would be kept.
    @ParameterizedTest
    @CsvSource({"0.8, 11, 0.9", "0.8, 10, 0.8", "0.95, 11, 0.95"})
    void aDivergenceCountsOnceTheAverageHasSettled(double target, int iterations, double want) {
        StepSizeAdaptation adaptation = adaptation(target);
        for (int i = 0; i < iterations; i++) {
            adaptation.learn(target);
        }
        adaptation.heedDivergence();
        assertThat(aim(adaptation)).isEqualTo(want);
    }

    /// Acceptances above the target raise the iterate faster than the average: what is tried now is larger than what would be kept.
    @Test
    void aDivergenceOfALargerStepCountsNothing() {
        StepSizeAdaptation adaptation = adaptation(0.8);
        for (int i = 0; i < 20; i++) {
            adaptation.learn(0.9);
        }
        adaptation.heedDivergence();
        assertThat(aim(adaptation)).isEqualTo(0.8);
    }

    private static StepSizeAdaptation adaptation(double target) {
        return new StepSizeAdaptation(HMCSettings.DEFAULT.targetAcceptProb(target), Double.POSITIVE_INFINITY);
    }

    private static double aim(StepSizeAdaptation adaptation) {
        ChainState.Builder state = new ChainState.Builder("none");
        adaptation.save(state, false);
        return state.build().real("targetAcceptProb");
    }

    /// A horseshoe prior on 25 means, one datum each, five of them large. Per chain, 24 keys had 6 such divergences in the mean: that two of four chains see none has a
    /// chance of 4e-5.
    private static LogDensity horseshoe() {
        int n = 25;
        ChainRandom random = new ChainRandom(9);
        double[] y = IntStream.range(0, n).mapToDouble(i -> random.normal() + (i % 5 == 0 ? 5 : 0)).toArray();
        return Targets.of(2 * n + 1, (q, g) -> {
            double t = Elementary.exp(q[2 * n]);
            double value = q[2 * n] - Elementary.log1p(t * t);
            g[2 * n] = 1 - 2 * t * t / (1 + t * t);
            for (int i = 0; i < n; i++) {
                double s = Elementary.exp(q[n + i]);
                double b = q[i] * s * t;
                double e = y[i] - b;
                value += -0.5 * q[i] * q[i] + q[n + i] - Elementary.log1p(s * s) - 0.5 * e * e;
                g[i] = -q[i] + e * s * t;
                g[n + i] = 1 - 2 * s * s / (1 + s * s) + e * b;
                g[2 * n] += e * b;
            }
            return value;
        });
    }

    @Test
    void aHorseshoeIsTakenWithCare() {
        assertThat(Arrays.stream(aims(new NUTS(), horseshoe())).filter(a -> a == 0.9).count()).isGreaterThanOrEqualTo(3);
        assertThat(aims(new NUTS().metricAdaptation(MetricAdaptation.VARIANCE), horseshoe())).containsOnly(0.8);
        assertThat(aims(new NUTS().targetAcceptProb(0.97), horseshoe())).containsOnly(0.97);
    }

    /// An energy error of 1000 needs a step many times the stable one where curvature is bounded: no chance with any key.
    @Test
    void boundedCurvatureIsNot() {
        assertThat(aims(new NUTS(), Targets.gaussian(new double[10], Targets.autoregressivePrecision(10, 0.95)))).containsOnly(0.8);
        assertThat(aims(new NUTS(), Targets.studentT(20, 1.5))).containsOnly(0.8);
    }

    private static double[] aims(NUTS nuts, LogDensity density) {
        return new ParallelChains().numSamples(1).run(nuts, density, Targets.starts(density, 4), Targets.seeds(4, 500), 1000).states().stream()
                .mapToDouble(s -> s.real("targetAcceptProb"))
                .toArray();
    }

    /// From a state saved when the aim had been raised, and the warm-up was not over, the chain goes on bit for bit.
    @Test
    void theAimIsKeptInTheState() {
        LogDensity density = horseshoe();
        NUTS nuts = new NUTS();
        double[] q = new double[density.dimension()];
        Chain chain = nuts.start(density, Targets.starts(density, 1)[0], 500, 1000);
        for (int i = 0; i < 800; i++) {
            chain.next(q);
        }
        assertThat(chain.state().real("targetAcceptProb")).isEqualTo(0.9);
        Chain resumed = nuts.resume(density, chain.state());
        double[] r = new double[q.length];
        for (int i = 0; i < 220; i++) {
            chain.next(q);
            resumed.next(r);
            assertThat(r).isEqualTo(q);
        }
    }
}
