package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The parts of the adaptation: schedule, dual averaging, running covariance, search for a step size.
class WarmupTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | ''",
        "1 | 0-0",
        "18 | 0-17",
        "20 | 0-2 3-17M 18-19",
        "50 | 0-6 7-44M 45-49",
        "100 | 0-14 15-89M 90-99",
        "149 | 0-21 22-134M 135-148",
        "150 | 0-74 75-99M 100-149",
        "200 | 0-74 75-99M 100-149M 150-199",
        "280 | 0-74 75-99M 100-229M 230-279",
        "300 | 0-74 75-99M 100-149M 150-249M 250-299",
        "400 | 0-74 75-99M 100-149M 150-349M 350-399",
        "500 | 0-74 75-99M 100-149M 150-249M 250-449M 450-499",
        "1000 | 0-74 75-99M 100-149M 150-249M 250-449M 450-949M 950-999",
        "2000 | 0-74 75-99M 100-149M 150-249M 250-449M 450-849M 850-1949M 1950-1999",
    })
    void schedule(int numWarmup, String want) {
        String got = WarmupSchedule.of(numWarmup).windows().stream()
                .map(w -> w.first() + "-" + w.last() + (w.isMetric() ? "M" : ""))
                .collect(Collectors.joining(" "));
        assertThat(got).isEqualTo(want);
    }

    /// NumPyro's toy: ten steps on the derivative of (x + 1)², γ = 0.5.
    @Test
    void dualAveragingFindsTheMinimum() {
        DualAveraging averaging = new DualAveraging(0.5, 0);
        for (int i = 0; i < 10; i++) {
            averaging.update(2 * (averaging.iterate() + 1));
        }
        assertThat(averaging.average()).isCloseTo(-1, within(1e-3));
    }

    @Test
    void dualAveragingFollowsItsRecursion() {
        DualAveraging averaging = new DualAveraging(0.05, 1);
        averaging.update(0.3);
        double mean1 = 0.3 / 11;
        assertThat(averaging.iterate()).isEqualTo(1 - mean1 / 0.05);
        assertThat(averaging.average()).isEqualTo(averaging.iterate());
        averaging.update(-0.1);
        double mean2 = (1 - 1.0 / 12) * mean1 - 0.1 / 12;
        double second = 1 - mean2 * Math.sqrt(2) / 0.05;
        double w = StrictMath.pow(2, -0.75);
        assertThat(averaging.iterate()).isCloseTo(second, within(1e-14));
        assertThat(averaging.average()).isCloseTo((1 - w) * (1 - mean1 / 0.05) + w * second, within(1e-14));
    }

    @Test
    void welfordAgreesWithTwoPasses() {
        int n = 400;
        ChainRandom random = new ChainRandom(3);
        double[][] x = new double[n][3];
        Welford dense = new Welford(3, true);
        Welford diagonal = new Welford(3, false);
        for (double[] row : x) {
            row[0] = 1e6 + random.normal();
            row[1] = 0.5 * row[0] + 2 * random.normal();
            row[2] = 1e-3 * random.normal();
            dense.add(row);
            diagonal.add(row);
        }
        double[][] want = covariance(x);
        double[][] got = dense.metric(false).inverseMassMatrix();
        double[][] variances = diagonal.metric(false).inverseMassMatrix();
        double[][] regularised = dense.metric(true).inverseMassMatrix();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double scale = Math.sqrt(want[i][i] * want[j][j]);
                assertThat(got[i][j]).isCloseTo(want[i][j], within(1e-9 * scale));
                double shrunk = n / (n + 5.0) * want[i][j] + (i == j ? 5e-3 / (n + 5.0) : 0);
                assertThat(regularised[i][j]).isCloseTo(shrunk, within(1e-9 * scale));
            }
            assertThat(variances[i][i]).isCloseTo(want[i][i], within(1e-9 * want[i][i]));
        }
    }

    private static double[][] covariance(double[][] x) {
        int d = x[0].length;
        double[] mean = new double[d];
        for (double[] row : x) {
            for (int i = 0; i < d; i++) {
                mean[i] += row[i] / x.length;
            }
        }
        double[][] s = new double[d][d];
        for (double[] row : x) {
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    s[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (x.length - 1);
                }
            }
        }
        return s;
    }

    @Test
    void aCoordinateWithoutVarianceIsNamed() {
        Welford welford = new Welford(2, false);
        welford.add(new double[] {0, 1});
        welford.add(new double[] {1, 1});
        assertThatThrownBy(() -> welford.metric(false)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0.0 at coordinate 1 of 2, from 2 draws");
    }

    /// One leapfrog step of the standard normal from the mode has error `(ε²/8) p² (…)`; the search ends within a factor 2 of the
    /// threshold, whatever it starts from.
    @ParameterizedTest
    @CsvSource({"1e-6", "1", "1e4"})
    void searchEndsAtTheSameOrderFromAnyStart(double from) {
        LogDensity density = Targets.gaussian(new double[4], Targets.autoregressivePrecision(4, 0));
        PhasePoints points = new PhasePoints(4);
        PhasePoint current = points.take();
        java.util.Arrays.fill(current.position, 0.5);
        current.logDensity = density.valueAndGradient(current.position, current.gradient);
        double eps = StepSizeSearch.search(new FixedLengthTrajectory(density, points, new HMC()), density, points, current, from, Metric.identity(4), new ChainRandom(1));
        assertThat(eps).isBetween(0.2, 6.0);
    }

    @Test
    void anImproperDensityIsSaidToBe() {
        LogDensity flat = Targets.of(1, (q, g) -> {
            g[0] = 0;
            return 0;
        });
        assertThatThrownBy(() -> new NUTS().start(flat, new double[] {0}, 1, 100)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the posterior is probably improper").hasMessageContaining("proper prior");
    }

    @Test
    void settingsAreCheckedAndCopied() {
        assertThatThrownBy(() -> new NUTS().stepSize(0)).hasMessageStartingWith("stepSize must be finite and > 0.\n  Got:      0.0");
        assertThatThrownBy(() -> new NUTS().maxTreeDepth(0)).hasMessageStartingWith("maxTreeDepth must lie in 1…30.\n  Got:      0");
        assertThatThrownBy(() -> new HMC().numSteps(0)).hasMessageContaining("numSteps must be ≥ 1");
        assertThatThrownBy(() -> new HMC().targetAcceptProb(1)).hasMessageStartingWith("targetAcceptProb must lie in (0, 1).\n  Got:      1.0");
        NUTS nuts = new NUTS().denseMass(true).targetAcceptProb(0.9).maxTreeDepth(5).adaptStepSize(false).adaptMassMatrix(false)
                .findHeuristicStepSize(false).regularizeMassMatrix(false).stepSize(0.1).maxDeltaEnergy(50)
                .inverseMassMatrix(Metric.diagonal(1, 2)).centering(Centering.AS_WRITTEN);
        assertThat(nuts).isEqualTo(new NUTS(new Target.Open(), new HMCSettings(0.1, false, false, true, 0.9, false, false,
                java.util.Optional.of(Metric.diagonal(1, 2)), 50, MetricAdaptation.FISHER, java.util.List.of(), java.util.Collections.emptySortedMap(), Centering.AS_WRITTEN, false, java.util.Optional.empty()), 5, 5));
        assertThatThrownBy(() -> nuts.start(Targets.studentT(3, 5), new double[3], 1, 0))
                .hasMessageContaining("inverseMassMatrix does not have the dimension of the posterior")
                .hasMessageContaining("3 unconstrained").hasMessageContaining("2");
    }

    @Test
    void metricsRefuseWhatIsNotACovariance() {
        assertThatThrownBy(() -> Metric.diagonal(1, -2)).hasMessageContaining("-2.0 at coordinate 1 of 2");
        assertThatThrownBy(() -> Metric.dense(new double[][] {{1, 2}, {2, 1}})).hasMessageContaining("pivot -3.0 at coordinate 1 of 2");
    }
}
