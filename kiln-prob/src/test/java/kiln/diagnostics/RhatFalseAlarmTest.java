package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How often R̂ complains of chains that are right: tabulated quantiles of χ², and chains of which the number of effective draws is known.
class RhatFalseAlarmTest {
    private static final int CHAINS = 4;
    private static final int DRAWS = 1000;

    /// Four chains have eight halves. The upper 5%, 1% and 0.1% points of χ² with 7 degrees of freedom are 14.0671, 18.4753 and 24.3219.
    @ParameterizedTest
    @CsvSource({"14.0671, 0.05", "18.4753, 0.01", "24.3219, 0.001"})
    void quantilesOfChiSquare(double quantile, double p) {
        double ess = 8 * (1 + quantile / (7 * (1.01 * 1.01 - 499.0 / 500)));
        assertThat(Rhat.falseAlarm(1.01, ess, CHAINS, DRAWS)).isCloseTo(p, within(1e-5 * p + 1e-6));
    }

    /// Autoregressive chains `x_t = ρ x_{t−1} + √(1 − ρ²) ε` started in their distribution: 4000 draws are worth `4000 (1 − ρ)/(1 + ρ)`. Four standard errors of
    /// 2000 runs: false alarm 6e-5 each.
    @ParameterizedTest
    @CsvSource({"400, 1", "650, 2", "1000, 3"})
    void autoregressiveChains(double ess, long seed) {
        int runs = 2000;
        double tau = CHAINS * DRAWS / ess;
        double rho = (tau - 1) / (tau + 1);
        var random = new Random(seed);
        long above = IntStream.range(0, runs).filter(_ -> Rhat.splitGelmanRubin(chains(rho, random)) > 1.01).count();
        double p = Rhat.falseAlarm(1.01, ess, CHAINS, DRAWS);
        assertThat((double) above / runs).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / runs)));
    }

    private static double[][] chains(double rho, Random random) {
        double[][] x = new double[CHAINS][DRAWS];
        double innovation = Math.sqrt(1 - rho * rho);
        for (double[] chain : x) {
            chain[0] = random.nextGaussian();
            for (int i = 1; i < DRAWS; i++) {
                chain[i] = rho * chain[i - 1] + innovation * random.nextGaussian();
            }
        }
        return x;
    }

    @Test
    void fewerEffectiveDrawsThanHalvesSayNothing() {
        assertThat(Rhat.falseAlarm(1.01, 8, CHAINS, DRAWS)).isEqualTo(1);
        assertThat(Rhat.falseAlarm(1.01, 2, CHAINS, DRAWS)).isEqualTo(1);
    }

    @Test
    void domain() {
        assertThatThrownBy(() -> Rhat.falseAlarm(0.9, 100, 4, 1000)).isInstanceOf(IllegalArgumentException.class).hasMessage("""
                Rhat.falseAlarm: a number is outside its domain.
                  Expected: limit ≥ 1, ess > 0, chains ≥ 1, draws ≥ 4
                  Got:      limit 0.9, ess 100.0, chains 4, draws 1000""");
        assertThatThrownBy(() -> Rhat.falseAlarm(1.01, Double.NaN, 4, 1000)).isInstanceOf(IllegalArgumentException.class);
    }
}
