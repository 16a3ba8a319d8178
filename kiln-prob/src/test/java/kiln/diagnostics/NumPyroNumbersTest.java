package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The exact numbers of NumPyro's own tests of its diagnostics.
class NumPyroNumbersTest {
    private static final double[] ZERO_TO_NINE = IntStream.range(0, 10).asDoubleStream().toArray();

    @Test
    void autocorrelationOfALine() {
        double[] want = {1, .78, .52, .21, -.13, -.52, -.94, -1.4, -1.91, -2.45};
        double[] unbiased = Autocorrelation.autocorrelation(ZERO_TO_NINE, false);
        double[] biased = Autocorrelation.autocorrelation(ZERO_TO_NINE, true);
        for (int t = 0; t < 10; t++) {
            assertThat(unbiased[t]).isCloseTo(want[t], within(0.01));
            assertThat(biased[t]).isCloseTo(want[t] * (10 - t) / 10, within(0.01));
        }
    }

    @Test
    void autocovarianceOfALine() {
        double[] want = {8.25, 6.42, 4.25, 1.75, -1.08, -4.25, -7.75, -11.58, -15.75, -20.25};
        double[] unbiased = Autocorrelation.autocovariance(ZERO_TO_NINE, false);
        for (int t = 0; t < 10; t++) {
            assertThat(unbiased[t]).isCloseTo(want[t], within(0.01));
        }
    }

    @Test
    void transformAgreesWithDirectSumsBeyondTheDirectLags() {
        int n = 433;
        double[] x = IntStream.range(0, n).mapToDouble(i -> (i * 7919L % 104729) / 104729.0).toArray();
        double[] gamma = Autocorrelation.autocovariance(x, true);
        double mean = Moments.mean(x);
        for (int t = 0; t < n; t++) {
            double sum = 0;
            for (int i = 0; i + t < n; i++) {
                sum += (x[i] - mean) * (x[i + t] - mean);
            }
            assertThat(gamma[t]).isCloseTo(sum / n, within(1e-14));
        }
    }

    @Test
    void gelmanRubinOfTwoShiftedLines() {
        double[][] x = {ZERO_TO_NINE, IntStream.range(1, 11).asDoubleStream().toArray()};
        assertThat(Rhat.gelmanRubin(x)).isCloseTo(0.98, within(0.01));
    }

    @Test
    void effectiveSampleSizeOfAHundredShortLines() {
        double[][] x = IntStream.range(0, 100)
                .mapToObj(c -> IntStream.range(10 * c, 10 * c + 10).asDoubleStream().toArray())
                .toArray(double[][]::new);
        assertThat(EffectiveSampleSize.effectiveSampleSize(x, false)).isCloseTo(52.64, within(0.01));
        assertThat(EffectiveSampleSize.effectiveSampleSize(new double[][] {{0.3}}, true)).as("one draw says nothing").isNaN();
    }

    /// On evenly spaced probabilities the draws are the quantile function itself: no random error.
    @Test
    void hpdiOfAnExponentialStartsAtZero() {
        int n = 20000;
        double[] x = IntStream.range(0, n).mapToDouble(i -> -StrictMath.log1p(-(i + 0.5) / n)).toArray();
        Hpdi h = Hpdi.hpdi(x, 0.2);
        assertThat(h.lower()).isCloseTo(0, within(0.01));
        assertThat(h.upper()).isCloseTo(0.22, within(0.01));
    }

    @Test
    void hpdiRefusesAnEmptySetAndAProbabilityOfOne() {
        assertThatThrownBy(() -> Hpdi.hpdi(new double[0], 0.9)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hpdi: not defined.\n  Expected: at least one draw and a probability in (0, 1)\n  Got:      0 draws, probability 0.9");
        assertThatThrownBy(() -> Hpdi.hpdi(ZERO_TO_NINE, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void chainsOfDifferentLengthAreRefused() {
        assertThatThrownBy(() -> Rhat.rhat(new double[][] {{1, 2, 3}, {1, 2}}))
                .hasMessage("rhat: the chains differ in length.\n  Expected: 3 draws in every chain, as in chain 0\n  Got:      2 draws in chain 1");
        assertThatThrownBy(() -> MonteCarloError.mcseMean(new double[][] {{1, 2, 3}, {1, 2}})).hasMessageStartingWith("essMean: the chains differ in length.");
        assertThatThrownBy(() -> MonteCarloError.mcseMean(new double[0][])).hasMessageStartingWith("essMean: there are no draws.");
    }

    /// Steps 1, 1, 1 about the mean 1.5: (1+1+1)/(2.25+0.25+0.25+2.25).
    @Test
    void energyFractionOfALine() {
        assertThat(EnergyFraction.ebfmi(new double[] {0, 1, 2, 3})).isEqualTo(3.0 / 5);
        assertThat(EnergyFraction.ebfmi(new double[] {0, 1})).isNaN();
    }
}
