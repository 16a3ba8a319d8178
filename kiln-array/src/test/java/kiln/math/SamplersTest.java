package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import kiln.math.Threefry.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the table of JAX's draws does not hold: Hörmann's branch of the Poisson sampler by its distribution, edges, float64 categories.
class SamplersTest {
    private static final int N = 20_000;

    /// Pearson's statistic over the counts with an expectation above 10; its mean is the number of cells, its variance twice that.
    @ParameterizedTest
    @ValueSource(floats = {3, 10, 12.5f, 40, 1000})
    void poissonHasItsDistribution(float rate) {
        float[] rates = new float[N];
        Arrays.fill(rates, rate);
        int[] draws = Samplers.poisson(Threefry.key(11), Layout.PARTITIONABLE, rates);
        int top = (int) (rate + 20 * Math.sqrt(rate)) + 20;
        double[] counts = new double[top];
        for (int k : draws) {
            counts[k]++;
        }
        double statistic = 0;
        int cells = 0;
        for (int k = 0; k < top; k++) {
            double expected = N * Elementary.exp(k * Elementary.log(rate) - rate - Gamma.lgamma(k + 1.0));
            if (expected > 10) {
                statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
                cells++;
            }
        }
        assertThat(statistic).isLessThan(cells + 5 * Math.sqrt(2.0 * cells));
        assertThat(Arrays.stream(draws).average().orElseThrow()).isCloseTo(rate, within(5 * Math.sqrt(rate / N)));
    }

    @Test
    void poissonEdges() {
        float[] rates = {0, Float.NaN, Float.POSITIVE_INFINITY, 50};
        int[] draws = Samplers.poisson(Threefry.key(1), Layout.PARTITIONABLE, rates);
        assertThat(draws[0]).isZero();
        assertThat(draws[1]).isEqualTo(-1);
        assertThat(draws[2]).isEqualTo(Integer.MAX_VALUE);
        assertThat(draws[3]).isBetween(10, 110);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 1, 7.5})
    void gammaHasItsMoments(double a) {
        double[] shapes = new double[N];
        Arrays.fill(shapes, a);
        double[] draws = gamma(Threefry.key(3), shapes, false);
        double[] logs = gamma(Threefry.key(3), shapes, true);
        assertThat(Arrays.stream(draws).average().orElseThrow()).isCloseTo(a, within(5 * Math.sqrt(a / N)));
        assertThat(Arrays.stream(logs).average().orElseThrow())
                .isCloseTo(Gamma.digamma(a), within(5 * Math.sqrt(Gamma.trigamma(a) / N)));
    }

    private static double[] gamma(long key, double[] shapes, boolean isLog) {
        double[] out = new double[shapes.length];
        Samplers.gamma(key, Layout.PARTITIONABLE, shapes, isLog, out, 0, shapes.length);
        return out;
    }

    @Test
    void gammaOfInvalidShapeIsNaN() {
        assertThat(gamma(1, new double[] {-1, 0, Double.NaN}, false)).containsOnly(Double.NaN);
    }
}
