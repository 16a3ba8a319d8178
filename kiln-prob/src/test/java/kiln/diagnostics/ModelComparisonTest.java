package kiln.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Weights of models against closed forms, tables, nested R̂. Pareto smoothing, LOO and WAIC: [DiagnosticsOracleTest].
class ModelComparisonTest {
    private static double[][][] logLikelihood() throws IOException {
        return DiagnosticsOracleTest.logLikelihood(DiagnosticsOracle.open().get("loo"));
    }

    @Test
    void tablesSayWhatIsNotToBeTrusted() throws IOException {
        assertThat(LOO.of(logLikelihood(), 1).toString()).startsWith("""
                LOO of 20 observations from 400 draws

                           estimate        se
                elpd_loo     -95.97""").contains("Pareto k          observations\n  (-inf, 0.62]").contains("Not to be trusted: observation");
        assertThat(WAIC.of(logLikelihood()).toString()).contains("of 20 terms of p_waic are above 0.4. Use LOO instead.");
    }

    /// For an i.i.d. sample of a distribution with tail index α, `k → 1/α`: Student with 2 degrees of freedom has k = ½, and draws from a
    /// uniform distribution have k = −1. Standard error of `k` about (1 + k)/√tail = 0.1; limits of four of them.
    @Test
    void paretoKOfDraws() {
        var random = new Random(3);
        double[][] uniform = new double[4][2000];
        double[][] student = new double[4][2000];
        for (int c = 0; c < 4; c++) {
            for (int i = 0; i < 2000; i++) {
                uniform[c][i] = random.nextDouble();
                double chi2 = -2 * StrictMath.log(random.nextDouble());
                student[c][i] = random.nextGaussian() / Math.sqrt(chi2 / 2);
            }
        }
        assertThat(ParetoK.paretoK(student)).isCloseTo(0.5, within(0.4));
        assertThat(ParetoK.paretoK(uniform)).isLessThan(-0.4);
        assertThat(ParetoK.paretoK(new double[4][50])).isNaN();
        // Vehtari et al. (2024): 0.7 needs 2200 draws, 0.5 needs 100; 100 draws allow 0.5.
        assertThat(ParetoK.minDraws(0.7)).isCloseTo(2154.43, within(0.01));
        assertThat(ParetoK.minDraws(0.5)).isCloseTo(100, within(1e-9));
        assertThat(ParetoK.minDraws(1)).isInfinite();
        assertThat(ParetoK.limit(100)).isCloseTo(0.5, within(1e-12));
        assertThat(ParetoK.limit(1_000_000)).isEqualTo(0.7);
    }

    /// Of n observations m are better under the first model by a factor r, the rest by the same factor under the second:
    /// the derivative vanishes at w = (m r − n + m) / (n (r − 1)).
    @Test
    void stackingOfTwoModels() {
        int n = 50;
        for (int m : new int[] {25, 30, 40}) {
            double[][] elpd = new double[2][n];
            for (int i = 0; i < n; i++) {
                elpd[0][i] = -700 + (i < m ? Math.log(3) : 0);
                elpd[1][i] = -700 + (i < m ? 0 : Math.log(3));
            }
            double want = Math.min((m * 3 - n + m) / (n * 2.0), 1);
            assertThat(Stacking.weights(elpd)[0]).isCloseTo(want, within(1e-6));
        }
    }

    /// Karush–Kuhn–Tucker: the mean likelihood ratio of every model against the mixture is at most 1, and 1 where the weight is positive.
    @Test
    void stackingOfManyModels() {
        var random = new Random(5);
        double[][] elpd = new double[7][200];
        for (int k = 0; k < 7; k++) {
            for (int i = 0; i < 200; i++) {
                elpd[k][i] = -2 + 0.3 * k * random.nextGaussian() - 0.05 * k;
            }
        }
        elpd[6] = elpd[5].clone(); // the same model twice: the solution is not unique
        double[] w = Stacking.weights(elpd);
        assertThat(Arrays.stream(w).sum()).isCloseTo(1, within(1e-12));
        for (int k = 0; k < 7; k++) {
            double ratio = 0;
            for (int i = 0; i < 200; i++) {
                double mix = 0;
                for (int j = 0; j < 7; j++) {
                    mix += w[j] * Math.exp(elpd[j][i]);
                }
                ratio += Math.exp(elpd[k][i]) / mix / 200;
            }
            assertThat(ratio).isLessThan(1 + 1e-7);
            assertThat(w[k] * (1 - ratio)).isCloseTo(0, within(1e-7));
        }
        assertThat(w[5] + w[6]).isGreaterThan(0.01);
    }

    /// A constant difference c in every observation survives any resampling: odds exp(n c). With two observations α is uniform, and the weight is
    /// ∫₀¹ 1/(1 + exp(−2(α a + (1 − α) b))) dα = (softplus(2a) − softplus(2b)) / (2(a − b)); four Monte Carlo errors of 1000 replicates.
    @Test
    void pseudoBMA() {
        double[][] shifted = {new double[10], new double[10]};
        Arrays.fill(shifted[0], 0.2);
        assertThat(PseudoBMA.weights(shifted)[0]).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-12));
        double a = 2;
        double b = -1;
        double want = (Math.log1p(Math.exp(2 * a)) - Math.log1p(Math.exp(2 * b))) / (2 * (a - b));
        assertThat(PseudoBMA.weights(new double[][] {{a, b}, {0, 0}})[0]).isCloseTo(want, within(4 * 0.36 / Math.sqrt(1000)));
    }

    @Test
    void comparisonsAreSortedAndPaired() {
        double[][][] good = {{{-1, -1, -1}, {-1, -1, -1}, {-1, -1, -1}, {-1, -1, -1}}};
        double[][][] poor = {{{-2, -1, -3}, {-2, -1, -3}, {-2, -1, -3}, {-2, -1, -3}}};
        var models = new LinkedHashMap<String, LOO>();
        models.put("poor", LOO.of(poor));
        models.put("good", LOO.of(good));
        Comparison c = Comparison.of(models);
        assertThat(c.rows()).extracting(Comparison.Row::name).containsExactly("good", "poor");
        assertThat(c.rows().get(1).elpdDiff().value()).isCloseTo(-3, within(1e-12));
        assertThat(c.rows().get(1).elpdDiff().se()).isCloseTo(Math.sqrt(3), within(1e-12));
        assertThat(c.rows().get(0).stacking()).isCloseTo(1, within(1e-6));
        // The exact weight is E[1/(1 + exp(−3(α₁ + 2α₃)))] = 0.9193 over Dirichlet(1, 1, 1).
        assertThat(c.rows().get(0).pseudoBMA()).isCloseTo(0.9193, within(4 * 0.06 / Math.sqrt(1000)));
        assertThat(c.toString().lines()).containsExactly(
                "",
                "              elpd        se     p_loo elpd_diff   diff_se  stacking pseudo_bma  bad k",
                "    good     -3.00      0.00      0.00      0.00      0.00      1.00       0.92      3",
                "    poor     -6.00      1.73      0.00     -3.00      1.73      0.00       0.08      3",
                "");
        models.put("other", LOO.of(new double[][][] {{{-1, -1}, {-1, -1}}}));
        assertThatThrownBy(() -> Comparison.of(models)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Expected: 3 observations in every model, as in \"poor\"\n  Got:      2 in \"other\"");
    }

    @Test
    void impossibleObservationsAreRefused() {
        double[][][] ll = {{{-1, -2}, {-1, Double.NEGATIVE_INFINITY}}};
        assertThatThrownBy(() -> LOO.of(ll)).hasMessage("""
                LOO: a log likelihood is not finite.
                  Expected: finite values: every observation is possible at every draw
                  Got:      -Infinity for observation 1 in draw 1 of chain 0
                  Fix:      look at this observation and at the parameters of this draw; a likelihood of zero makes the left-out density \
                of the observation undefined.""");
        assertThatThrownBy(() -> PSIS.of(new double[] {0, Double.NaN})).hasMessageContaining("NaN at draw 1 of 2");
        assertThatThrownBy(() -> WAIC.of(new double[0][][])).hasMessageContaining("0 chains of 0 draws of 0 observations");
    }

    /// One superchain per chain is Gelman and Rubin's R̂ without the factor (n − 1)/n: `R̂ν² = R̂² + 1/n`.
    @Test
    void nestedRhat() {
        var random = new Random(7);
        double[][] x = IntStream.range(0, 6).mapToObj(c -> random.doubles(20).map(v -> v + 0.1 * c).toArray()).toArray(double[][]::new);
        double basic = Rhat.gelmanRubin(x);
        assertThat(Rhat.nestedRhat(x, 6)).isCloseTo(Math.sqrt(basic * basic + 1.0 / 20), within(1e-13));
        // By hand: superchains {0, 2}, {3, 5} of one draw each: means 1, 4, variance 4.5; inside 2.
        assertThat(Rhat.nestedRhat(new double[][] {{0}, {2}, {3}, {5}}, 2)).isCloseTo(Math.sqrt(1 + 4.5 / 2), within(1e-15));
        assertThatThrownBy(() -> Rhat.nestedRhat(x, 4)).hasMessageContaining("6 chains, 4 superchains");
    }
}
