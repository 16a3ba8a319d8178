package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kiln.diagnostics.MonteCarloError;
import kiln.diagnostics.Rhat;
import kiln.infer.LogDensity;
import kiln.math.Erf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Means and variances of targets whose moments are known exactly, as z-tests with the Monte Carlo standard error.
///
/// Each test has a total false-alarm probability of 1e-4 over all its coordinates (Bonferroni); the seeds are fixed.
class PosteriorMomentsTest {
    private static final double FALSE_ALARM = 1e-4;

    /// HMC gets a length that also crosses the longest axis before the metric is known (scales up to 10.5): a covariance estimated
    /// from a window too short for its dimension shortens the very trajectories that should correct it. NUTS lengthens them itself.
    static List<Sampler> samplers() {
        return List.of(new NUTS(), new NUTS().denseMass(true), new NUTS().metricAdaptation(MetricAdaptation.VARIANCE),
                new NUTS().metricAdaptation(MetricAdaptation.VARIANCE).denseMass(true), new HMC().trajectoryLength(4), new HMC().trajectoryLength(4).denseMass(true),
                new HMC().trajectoryLength(4).metricAdaptation(MetricAdaptation.VARIANCE), new WALNUTS());
    }

    @ParameterizedTest
    @MethodSource("samplers")
    @Checks(SamplerCheck.POSTERIOR)
    void correlatedGaussians(Sampler sampler) {
        for (int d : new int[] {1, 5, 20}) {
            double[] mean = new double[d];
            for (int i = 0; i < d; i++) {
                mean[i] = i - 1;
            }
            double[][] covariance = Targets.autoregressiveCovariance(d, 0.8);
            double[] variance = new double[d];
            for (int i = 0; i < d; i++) {
                variance[i] = covariance[i][i];
            }
            check(sampler, Targets.gaussian(mean, Targets.autoregressivePrecision(d, 0.8)), mean, variance, 1500);
        }
    }

    @Test
    @Checks(value = SamplerCheck.POSTERIOR, kernels = {"BarkerMH", "RandomWalkMetropolis"})
    void proposalsOfOneStep() {
        double[] mean = {-1, 0, 1};
        double[][] s = Targets.autoregressiveCovariance(3, 0.8);
        LogDensity density = Targets.gaussian(mean, Targets.autoregressivePrecision(3, 0.8));
        double[] variance = {s[0][0], s[1][1], s[2][2]};
        check(new BarkerMH(), density, mean, variance, 20_000);
        check(new BarkerMH().denseMass(true), density, mean, variance, 10_000);
        check(new RandomWalkMetropolis().denseMass(true), density, mean, variance, 20_000);
    }

    /// Chains of an ensemble depend on each other, so the standard error comes from ten runs with their own keys.
    @Test
    @Checks(value = SamplerCheck.POSTERIOR, kernels = {"SA", "AIES", "ESS"})
    void populationsAndEnsembles() {
        double[][] s = Targets.autoregressiveCovariance(3, 0.8);
        LogDensity density = Targets.gaussian(new double[] {-1, 0, 1}, Targets.autoregressivePrecision(3, 0.8));
        for (Kernel kernel : List.of(new SA(), new SA().denseMass(false), new AIES(), new ESS())) {
            double[][] runs = new double[2][10];
            for (int r = 0; r < 10; r++) {
                ParallelChains chains = new ParallelChains().numChains(10).numSamples(2000);
                double[][] starts = Targets.starts(density, 10);
                ChainDraws draws = switch (kernel) {
                    case Sampler k -> chains.run(k, density, starts, Targets.seeds(10, 100L * r), 1000);
                    case EnsembleSampler k -> chains.run(k, density, starts, r, 1000);
                };
                double[] z = java.util.Arrays.stream(draws.coordinate(2)).flatMapToDouble(java.util.Arrays::stream).toArray();
                runs[0][r] = java.util.Arrays.stream(z).average().orElseThrow();
                runs[1][r] = java.util.Arrays.stream(z).map(v -> (v - 1) * (v - 1)).average().orElseThrow();
            }
            // Student's t with nine degrees of freedom: |t| > 9.0 with probability 8.5e-6.
            assertThat(Math.abs(t(runs[0], 1))).as("mean, %s", kernel).isLessThan(9.0);
            assertThat(Math.abs(t(runs[1], s[2][2]))).as("variance, %s", kernel).isLessThan(9.0);
            assertThat(java.util.Arrays.stream(runs[0]).max().orElseThrow() - java.util.Arrays.stream(runs[0]).min().orElseThrow())
                    .as("spread of the means, %s", kernel)
                    .isLessThan(0.6);
        }
    }

    private static double t(double[] x, double want) {
        double mean = java.util.Arrays.stream(x).average().orElseThrow();
        double square = java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1);
        return (mean - want) / Math.sqrt(square / x.length);
    }

    /// The curvature grows without bound along the arms: at an acceptance of 0.9 one of 16,000 draws diverged.
    @Test
    void banana() {
        check(new NUTS().targetAcceptProb(0.95), Targets.banana(), new double[] {0, 0.5}, new double[] {1, 1.5}, 4000);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("samplers")
    void studentTWithFiveDegreesOfFreedom(Sampler sampler) {
        check(sampler, Targets.studentT(3, 5), new double[3], new double[] {5.0 / 3, 5.0 / 3, 5.0 / 3}, 20_000);
    }

    @Tag("slow")
    @Test
    void longRunOfAGaussian() {
        double[][] s = Targets.autoregressiveCovariance(10, 0.9);
        double[] variance = new double[10];
        for (int i = 0; i < 10; i++) {
            variance[i] = s[i][i];
        }
        check(new NUTS(), Targets.gaussian(new double[10], Targets.autoregressivePrecision(10, 0.9)), new double[10], variance, 50_000);
    }

    private static void check(Sampler sampler, LogDensity density, double[] mean, double[] variance, int numSamples) {
        int d = mean.length;
        ChainDraws draws = new ParallelChains().numSamples(numSamples).threads(2)
                .run(sampler, density, Targets.starts(density, 4), Targets.seeds(4, 77), 1000);
        double limit = -Erf.ndtri(FALSE_ALARM / (2 * 2 * d));
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < d; i++) {
            double m = mean[i];
            double[][] x = draws.coordinate(i);
            double[][] squares = new double[4][];
            for (int c = 0; c < 4; c++) {
                squares[c] = java.util.Arrays.stream(x[c]).map(v -> (v - m) * (v - m)).toArray();
            }
            double zMean = z(x, m);
            double zVariance = z(squares, variance[i]);
            if (Math.abs(zMean) > limit || Math.abs(zVariance) > limit || !(Rhat.rhat(x) < 1.01)) {
                wrong.add("q[" + i + "]: z(mean) = " + zMean + ", z(variance) = " + zVariance + ", R̂ = " + Rhat.rhat(x));
            }
        }
        assertThat(wrong).as("%s, d = %d, |z| limit %.2f", sampler, d, limit).isEmpty();
        assertThat(draws.divergences()).containsOnly(0);
    }

    private static double z(double[][] x, double want) {
        double sum = 0;
        for (double[] chain : x) {
            sum += java.util.Arrays.stream(chain).average().orElseThrow();
        }
        return (sum / x.length - want) / MonteCarloError.mcseMean(x);
    }
}
