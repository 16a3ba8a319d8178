package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The band for uniform numbers: its coverage by enumeration and by simulation, and what it catches.
class UniformityTest {
    /// Three numbers, two points: all 27 assignments of numbers to the cells, counted.
    @Test
    void coverageByEnumeration() {
        double[] points = {0.3, 0.7};
        double[] cell = {0.3, 0.4, 0.3};
        for (double prob : new double[] {0.5, 0.8, 0.95}) {
            EcdfBand band = EcdfBand.of(3, points, prob);
            double inside = 0;
            for (int a = 0; a < 27; a++) {
                int[] in = {a % 3, a / 3 % 3, a / 9};
                int first = (int) Arrays.stream(in).filter(c -> c == 0).count();
                int second = (int) Arrays.stream(in).filter(c -> c <= 1).count();
                boolean ok = first >= band.lower()[0] && first <= band.upper()[0] && second >= band.lower()[1] && second <= band.upper()[1];
                inside += ok ? cell[in[0]] * cell[in[1]] * cell[in[2]] : 0;
            }
            assertThat(band.coverage()).isCloseTo(inside, within(1e-14)).isGreaterThanOrEqualTo(prob);
        }
    }

    /// 20 000 samples of 100 uniform numbers; four standard errors of the share. The band is the narrowest one, so its coverage is close to
    /// what was asked for.
    @Test
    void coverageBySimulation() {
        int samples = 20_000;
        double[] points = IntStream.range(1, 100).mapToDouble(i -> i / 100.0).toArray();
        EcdfBand band = EcdfBand.of(100, points, 0.95);
        assertThat(band.coverage()).isBetween(0.95, 0.955);
        var random = new Random(17);
        int inside = 0;
        for (int b = 0; b < samples; b++) {
            int[] counts = new int[101];
            for (int i = 0; i < 100; i++) {
                counts[(int) (100 * random.nextDouble())]++;
            }
            boolean ok = true;
            int sum = 0;
            for (int i = 0; i < 99; i++) {
                sum += counts[i];
                ok &= sum >= band.lower()[i] && sum <= band.upper()[i];
            }
            inside += ok ? 1 : 0;
        }
        double se = Math.sqrt(band.coverage() * (1 - band.coverage()) / samples);
        assertThat((double) inside / samples).isCloseTo(band.coverage(), within(4 * se));
    }

    /// Ranks of 0 … 9 among 9 draws, each equally often, are as uniform as can be; the chi-square statistic is zero.
    @Test
    void evenRanksPass() {
        int[] ranks = IntStream.range(0, 200).map(i -> i % 10).toArray();
        Uniformity u = Uniformity.ofRanks(ranks, 9, 0.05);
        assertThat(u.isUniform()).isTrue();
        assertThat(u.chiSquareP()).isCloseTo(1, within(1e-12));
        assertThat(u.ecdf()).containsExactly(u.points(), within(1e-15));
        assertThat(u.toString()).startsWith("uniform (200 numbers, false alarm 0.05, chi-square p = 1.000)");
    }

    /// Ten numbers in two bins, 8 and 2: Σ (o − e)²/e = 3.6, whose tail with one degree of freedom is erfc(√1.8) = 0.05778.
    @Test
    void chiSquareByHand() {
        int[] ranks = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
        assertThat(Uniformity.ofRanks(ranks, 1, 0.05).chiSquareP()).isCloseTo(0.0577795711235972, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"0.3, at both ends", "3, in the middle"})
    void widthIsFound(double shape, String where) {
        var random = new Random(3);
        double[] u = random.doubles(300).map(v -> {
            double s = 2 * v - 1;
            return 0.5 + 0.5 * Math.signum(s) * Math.pow(Math.abs(s), shape);
        }).toArray();
        Uniformity result = Uniformity.of(u, 1e-3);
        assertThat(result.isUniform()).isFalse();
        assertThat(result.chiSquareP()).isLessThan(1e-3);
        assertThat(result.toString()).contains("heaped " + where);
    }

    @Test
    void biasIsFound() {
        double[] u = new Random(4).doubles(300).map(v -> v * v).toArray();
        assertThat(Uniformity.of(u, 1e-3).toString()).contains("heaped at the low end: the posterior lies too high");
    }

    @Test
    void whatIsNoRankIsRefused() {
        assertThatThrownBy(() -> Uniformity.ofRanks(new int[] {0, 10}, 9, 0.05)).hasMessage(
                "Uniformity: a rank is not in 0 … 9.\n  Got:      10 at index 1");
        assertThatThrownBy(() -> Uniformity.of(new double[] {0.5, Double.NaN}, 0.05)).hasMessageContaining("NaN at index 1");
        assertThatThrownBy(() -> Uniformity.of(new double[0], 0.05)).hasMessageContaining("0 numbers");
    }

    @Test
    void predictiveChecks() {
        double[] y = {1, 2, 3};
        double[][] yrep = {{0, 0, 0}, {1, 2, 3}, {4, 4, 4}, {9, 9, 9}};
        PredictiveCheck.Result r = PredictiveCheck.of(y, yrep).check(x -> Arrays.stream(x).sum());
        assertThat(r.observed()).isEqualTo(6);
        assertThat(r.replicated()).containsExactly(0, 6, 12, 27);
        assertThat(r.p()).isEqualTo(2.5 / 4);
        assertThat(r.standsOut(0.9)).isFalse();
        assertThatThrownBy(() -> r.standsOut(1)).hasMessage("PredictiveCheck: prob must lie in (0, 1).\n  Got:      1.0");
        assertThat(PredictiveCheck.of(y, yrep).check(x -> x[0] == 9 ? Double.NaN : 0).p()).isNaN();
        assertThatThrownBy(() -> PredictiveCheck.of(y, new double[][] {{1}})).hasMessageContaining("Got:      1 in replicate 0");
    }
}
