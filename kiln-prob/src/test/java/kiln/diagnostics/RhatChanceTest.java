package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import kiln.diagnostics.Finding.Kind;
import org.junit.jupiter.api.Test;

/// Alarms of R̂ that are chance and those that are not, on autoregressive chains of which the number of effective draws is known.
class RhatChanceTest {
    private static final int CHAINS = 4;

    /// @param ess   effective draws of all chains together
    /// @param apart by how many standard deviations the last chain is shifted
    private static double[][] chains(double ess, int draws, double apart, Random random) {
        double tau = CHAINS * draws / ess;
        double rho = (tau - 1) / (tau + 1);
        double[][] x = new double[CHAINS][draws];
        for (int c = 0; c < CHAINS; c++) {
            double v = random.nextGaussian();
            for (int i = 0; i < draws; i++) {
                x[c][i] = v + (c == CHAINS - 1 ? apart : 0);
                v = rho * v + Math.sqrt(1 - rho * rho) * random.nextGaussian();
            }
        }
        return x;
    }

    private static Verdict verdict(double[][] x) {
        double[][][] nested = Arrays.stream(x).map(chain -> Arrays.stream(chain).mapToObj(v -> new double[] {v}).toArray(double[][]::new))
                .toArray(double[][][]::new);
        return Verdict.of(Draws.of(x.length, x[0].length).with("mu", new int[0], nested), SamplerReport.NONE);
    }

    /// Of independent draws the bound is the sum of two probabilities: R̂ exceeds the limit as often or less, and more than half as often. Four standard errors
    /// of 1000 runs: false alarm 6e-5.
    @Test
    void boundsTheFrequencyOfIndependentDraws() {
        var random = new Random(11);
        double limit = 1.001;
        double bound = 0;
        double frequency = 0;
        int runs = 1000;
        for (int r = 0; r < runs; r++) {
            double[][] x = chains(4000, 1000, 0, random);
            bound += Rhat.falseAlarm(limit, x) / runs;
            frequency += (Rhat.rhat(x) > limit ? 1.0 : 0) / runs;
        }
        double error = 4 * Math.sqrt(bound / runs);
        assertThat(bound).isBetween(0.02, 0.2);
        assertThat(frequency).isBetween(bound / 2 - error, bound + error);
    }

    /// 400 effective draws exceed 1.01 in 37% of all runs; nearly none of these is told as chains that disagree, all of them as too few draws. The expected share
    /// is 0.9%, its standard error 0.3%: false alarm below 1e-6.
    @Test
    void chanceIsToldAsTooFewDraws() {
        var random = new Random(12);
        int runs = 1000;
        List<Verdict> alarmed = IntStream.range(0, runs).mapToObj(_ -> chains(400, 1000, 0, random))
                .filter(x -> Rhat.rhat(x) > 1.01).map(RhatChanceTest::verdict).toList();
        assertThat(alarmed.size()).isBetween((int) (0.3 * runs), (int) (0.45 * runs));
        assertThat(alarmed.stream().filter(v -> v.has(Kind.R_HAT)).count()).isLessThan((long) (0.03 * runs));
        assertThat(alarmed).allMatch(v -> v.has(Kind.R_HAT) || v.has(Kind.EFFECTIVE_SAMPLE_SIZE));
    }

    /// The advice holds: with so many draws at the same rate an alarm is as rare as the verdict allows, 1% (the formula of [Rhat#falseAlarm]).
    @Test
    void theAdviceIsEnough() {
        var random = new Random(13);
        double[][] x = chains(550, 1000, 0, random);
        while (Rhat.rhat(x) <= 1.01 || verdict(x).has(Kind.R_HAT) || EffectiveSampleSize.essBulk(x) < 450) {
            x = chains(550, 1000, 0, random);
        }
        Verdict verdict = verdict(x);
        assertThat(verdict.findings()).singleElement().satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.EFFECTIVE_SAMPLE_SIZE));
        Matcher text = Pattern.compile("R̂ to tell anything: it is above 1\\.01 for 1 of 1 quantities, largest for mu \\((1\\.0[12]\\d)\\), but so it is in"
                + " ([\\d.]+)% of the runs of chains that agree\\.\n    Try: numSamples\\((\\d+)\\)\\.").matcher(verdict.toString());
        assertThat(text.find()).as(verdict.toString()).isTrue();
        assertThat(Double.parseDouble(text.group(1))).isGreaterThan(1.01);
        assertThat(Double.parseDouble(text.group(2))).isBetween(1.0, 70.0);
        int more = Integer.parseInt(text.group(3));
        assertThat(more).isBetween(1200, 4000);
        double[][] whole = RankNormal.scores(x);
        assertThat(Rhat.falseAlarm(1.01, EffectiveSampleSize.essWithin(whole) * more / 1000, CHAINS, more)).isLessThan(0.01);
    }

    /// A chain half a standard deviation away from the others, 2000 effective draws: an R̂ that chains that agree have never.
    @Test
    void aChainElsewhereIsATrueAlarm() {
        Verdict verdict = verdict(chains(2000, 1000, 0.5, new Random(14)));
        assertThat(verdict.findings().getFirst().kind()).isEqualTo(Kind.R_HAT);
        assertThat(verdict.findings().getFirst().sentence()).matches("The chains disagree: R̂ is above 1\\.01, and too far to be chance, for 1 of 1"
                + " quantities, largest for mu \\(1\\.0\\d\\d, as large in less than 0\\.01% of the runs of chains that agree\\)\\.");
        assertThat(verdict.findings().getFirst().remedy()).contains("mu depends less on the other sites");
    }

    /// Together such chains have few effective draws, because they disagree; that does not excuse them.
    @Test
    void chainsApartAreNotExcusedByTheirFewEffectiveDraws() {
        double[][] x = chains(400, 1000, 1.5, new Random(15));
        assertThat(EffectiveSampleSize.essBulk(x)).isLessThan(50);
        assertThat(Rhat.falseAlarm(Rhat.rhat(x), x)).isLessThan(1e-6);
        assertThat(verdict(x).has(Kind.R_HAT)).isTrue();
    }

    @Test
    void noRhatNoAlarm() {
        assertThat(Rhat.falseAlarm(1.01, new double[][] {{1, 1, 1, 1}, {1, 1, 1, 1}})).isNaN();
        assertThatThrownBy(() -> Rhat.falseAlarm(0.5, chains(400, 1000, 0, new Random(1)))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit ≥ 1");
        assertThatThrownBy(() -> Rhat.falseAlarm(1.01, new double[][] {{1}, {2}})).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Rhat.falseAlarm: the chains are too short.\n  Expected: at least 4 draws of each\n  Got:      1");
    }
}
