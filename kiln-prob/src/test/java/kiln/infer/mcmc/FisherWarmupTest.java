package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The metric from draws and scores, against exact covariances, and the metric with few directions against the full matrix.
class FisherWarmupTest {
    /// `M B M = A` defines the mean.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 30})
    void geometricMeanSolvesItsEquation(int d) {
        double[][] a = randomCovariance(d, 1);
        double[][] b = randomCovariance(d, 2);
        double[][] m = GeometricMean.of(copy(a), copy(b));
        double[][] got = times(times(m, b), m);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                // The ridge of 1e-5 is the only error.
                assertThat(got[i][j]).isCloseTo(a[i][j], within(2e-3));
            }
        }
    }

    @Test
    void geometricMeanOfNumbersIsTheirRootRatio() {
        assertThat(GeometricMean.of(new double[][] {{8 - 1e-5}}, new double[][] {{2 - 1e-5}})[0][0]).isCloseTo(2, within(1e-15));
    }

    /// The scores of a normal posterior are its draws, transformed: a few more draws than coordinates give the covariance without noise.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 40})
    void aNormalPosteriorIsKnownFromAsManyDrawsAsCoordinates(int d) {
        double[][] covariance = Targets.autoregressiveCovariance(d, 0.9);
        FisherEstimate estimate = new ScoreMoments(d, true);
        draws(covariance, Targets.autoregressivePrecision(d, 0.9), Math.max(12, d + 5), estimate);
        double[][] s = estimate.metric(Metric.identity(d)).inverseMassMatrix();
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                assertThat(s[i][j]).isCloseTo(covariance[i][j], within(0.05 * Math.sqrt(covariance[i][i] * covariance[j][j])));
            }
        }
    }

    /// Independent coordinates of any scale, exactly from three draws.
    @Test
    void scalesNeedThreeDraws() {
        double[] variances = {1e-12, 1, 1e12};
        double[][] covariance = diagonal(variances);
        FisherEstimate estimate = new ScoreMoments(3, false);
        draws(covariance, diagonal(Arrays.stream(variances).map(v -> 1 / v).toArray()), FisherEstimate.LEAST, estimate);
        Metric metric = estimate.metric(Metric.identity(3));
        for (int i = 0; i < 3; i++) {
            assertThat(metric.variance(i) / variances[i]).isCloseTo(1, within(1e-12));
        }
    }

    /// In 400 dimensions, two directions of variance 400 and 1/400 are found from 100 draws, and nothing else.
    @Test
    void strongDirectionsOfManyDimensionsAreFound() {
        int d = 400;
        ChainRandom random = new ChainRandom(3);
        double[] u = unit(d, i -> 1);
        double[] w = unit(d, i -> i % 2 == 0 ? 1 : -1);
        FisherEstimate estimate = new ScorePairs(d);
        for (int n = 0; n < 100; n++) {
            double[] x = new double[d];
            double[] g = new double[d];
            stretched(d, random, u, w, x, g);
            estimate.add(x, g);
        }
        Metric metric = estimate.metric(Metric.identity(d));
        assertThat(metric.toString()).contains("and 2 directions");
        double[] v = new double[d];
        metric.velocity(u, v);
        assertThat(Dots.dot(u, v)).isBetween(300.0, 500.0);
        metric.velocity(w, v);
        assertThat(Dots.dot(w, v)).isBetween(1 / 500.0, 1 / 300.0);
    }

    /// Fewer draws than dimensions suggest correlations that are not there; none is believed.
    @Test
    void noDirectionIsFoundWhereThereIsNone() {
        int d = 300;
        ChainRandom random = new ChainRandom(4);
        FisherEstimate estimate = new ScorePairs(d);
        for (int n = 0; n < 60; n++) {
            double[] x = new double[d];
            double[] g = new double[d];
            for (int i = 0; i < d; i++) {
                x[i] = (1 + i) * random.normal();
                // Scores of a logistic density of that scale: not linear in the position.
                g[i] = -StrictMath.tanh(x[i] / (1 + i)) / (1 + i);
            }
            estimate.add(x, g);
        }
        assertThat(estimate.metric(Metric.identity(d))).isInstanceOf(DiagonalMetric.class);
    }

    @Test
    void aCoordinateThatCannotBeEstimatedKeepsItsScale() {
        FisherEstimate estimate = new ScoreMoments(2, true);
        for (int i = 0; i < 20; i++) {
            estimate.add(new double[] {i, 5}, new double[] {-i, 0});
        }
        assertThat(estimate.metric(Metric.diagonal(7, 9))).isEqualTo(Metric.diagonal(1, 9));
    }

    static Stream<Metric> lowRankMetrics() {
        double[] u = {0.6, 0.8, 0};
        double[] w = {-0.8, 0.6, 0};
        return Stream.of(new LowRankMetric(new double[] {1, 4, 0.25}, new double[][] {u}, new double[] {9}),
                new LowRankMetric(new double[] {2, 3, 5}, new double[][] {u, w}, new double[] {0.1, 30}));
    }

    /// The dense metric of the same matrix does the same, by another computation.
    @ParameterizedTest
    @MethodSource("lowRankMetrics")
    void fewDirectionsDoWhatTheFullMatrixDoes(Metric metric) {
        Metric dense = Metric.dense(metric.inverseMassMatrix());
        double[] p = {0.3, -1, 2};
        double[] q = {1, 2, 3};
        double[] g = {-2, 0.5, 1};
        double[] a = new double[3];
        double[] b = new double[3];
        assertThat(metric.velocity(p, a)).isCloseTo(dense.velocity(p, b), within(1e-13));
        assertThat(a).containsExactly(b, within(1e-13));
        Step mine = Step.of(metric, 0.3, q, p, g);
        Step theirs = Step.of(dense, 0.3, q, p, g);
        assertThat(mine.kinetic()).isCloseTo(theirs.kinetic(), within(1e-13));
        assertThat(mine.end().position).containsExactly(theirs.end().position, within(1e-13));
        assertThat(mine.end().momentum).containsExactly(theirs.end().momentum, within(1e-13));
        assertThat(mine.end().velocity).containsExactly(theirs.end().velocity, within(1e-13));
        for (int i = 0; i < 3; i++) {
            assertThat(metric.variance(i)).isCloseTo(dense.variance(i), within(1e-13));
        }
        // C Cᵀ = S, and Cᵀ p of a fresh momentum is the normal vector it was made from.
        metric.scaleTransposed(p, a);
        double[] product = new double[3];
        metric.scale(a, product);
        dense.velocity(p, b);
        assertThat(product).containsExactly(b, within(1e-13));
        metric.sampleMomentum(new ChainRandom(5), p);
        metric.scaleTransposed(p, a);
        ChainRandom random = new ChainRandom(5);
        assertThat(a).containsExactly(new double[] {random.normal(), random.normal(), random.normal()}, within(1e-13));
    }

    /// A matrix that is a few directions away from a diagonal becomes one with directions; any other stays whole.
    @Test
    void theCheaperFormIsChosen() {
        int d = 20;
        double[][] m = equallyCorrelated(d, 0.4);
        double[] ones = unscaled(d);
        // Eigenvalues 8.6 once, 0.6 else: all but one within a factor of 2.
        Metric metric = ScaledMetric.of(ones, copy(m)).orElseThrow();
        assertThat(metric).isInstanceOf(LowRankMetric.class);
        double[] v = new double[d];
        metric.velocity(ones, v);
        assertThat(v[0]).isCloseTo(8.6, within(1e-12));
        assertThat(ScaledMetric.of(ones, Targets.autoregressiveCovariance(d, 0.99))).get().isInstanceOf(DenseMetric.class);
        m[0][0] = Double.NaN;
        assertThat(ScaledMetric.of(ones, m)).isEqualTo(Optional.empty());
        // Ten dimensions: eigenvalues 2.8 and 0.8 are directions, 4.6 and 0.6 are a full matrix.
        assertThat(ScaledMetric.of(unscaled(10), equallyCorrelated(10, 0.2))).get().isInstanceOf(LowRankMetric.class);
        assertThat(ScaledMetric.of(unscaled(10), equallyCorrelated(10, 0.4))).get().isInstanceOf(DenseMetric.class);
    }

    private static double[][] equallyCorrelated(int d, double rho) {
        double[][] m = new double[d][d];
        for (int i = 0; i < d; i++) {
            Arrays.fill(m[i], rho);
            m[i][i] = 1;
        }
        return m;
    }

    private static double[] unscaled(int d) {
        double[] ones = new double[d];
        Arrays.fill(ones, 1);
        return ones;
    }

    /// A whole warm-up on a correlated normal: the metric is its covariance, far closer than the 3% noise of a sample covariance.
    @Test
    void warmUpFindsTheCovariance() {
        int d = 8;
        double[][] covariance = Targets.autoregressiveCovariance(d, 0.95);
        LogDensity density = Targets.gaussian(new double[d], Targets.autoregressivePrecision(d, 0.95));
        Chain chain = new NUTS().metricAdaptation(MetricAdaptation.FISHER).start(density, new double[d], 1, 400);
        double[] q = new double[d];
        for (int i = 0; i < 400; i++) {
            chain.next(q);
        }
        double[][] s = chain.metric().inverseMassMatrix();
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                assertThat(s[i][j]).isCloseTo(covariance[i][j], within(1e-3 * Math.sqrt(covariance[i][i] * covariance[j][j])));
            }
        }
        assertThat(chain.stepSize()).isBetween(0.5, 1.5);
    }

    /// What a short warm-up cannot learn stays as given.
    @Test
    void aShortWarmUpKeepsTheMetric() {
        Metric given = Metric.diagonal(2, 3);
        LogDensity density = Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0.5));
        Chain chain = new NUTS().metricAdaptation(MetricAdaptation.FISHER).inverseMassMatrix(given).start(density, new double[2], 1, 19);
        double[] q = new double[2];
        for (int i = 0; i < 19; i++) {
            chain.next(q);
        }
        assertThat(chain.metric()).isEqualTo(given);
        assertThat(chain.stepSize()).isNotEqualTo(1);
    }

    private static void draws(double[][] covariance, double[][] precision, int n, FisherEstimate estimate) {
        int d = covariance.length;
        Metric metric = Metric.dense(covariance);
        ChainRandom random = new ChainRandom(8);
        for (int k = 0; k < n; k++) {
            double[] z = new double[d];
            double[] x = new double[d];
            for (int i = 0; i < d; i++) {
                z[i] = random.normal();
            }
            metric.scale(z, x);
            double[] g = new double[d];
            for (int i = 0; i < d; i++) {
                g[i] = -Dots.dot(precision[i], x);
            }
            estimate.add(x, g);
        }
    }

    /// A standard normal whose directions `u` and `w` have variances 400 and 1/400, with its score.
    private static void stretched(int d, ChainRandom random, double[] u, double[] w, double[] x, double[] g) {
        for (int i = 0; i < d; i++) {
            x[i] = random.normal();
        }
        double a = Dots.dot(u, x);
        double b = Dots.dot(w, x);
        for (int i = 0; i < d; i++) {
            g[i] = -x[i] - (1 / 20.0 - 1) * a * u[i] - (20 - 1) * b * w[i];
            x[i] += (20 - 1) * a * u[i] + (1 / 20.0 - 1) * b * w[i];
        }
    }

    private static double[] unit(int d, java.util.function.IntToDoubleFunction f) {
        double[] v = new double[d];
        Arrays.setAll(v, f);
        double length = Math.sqrt(Dots.dot(v, v));
        return Arrays.stream(v).map(x -> x / length).toArray();
    }

    private static double[][] randomCovariance(int d, long seed) {
        ChainRandom random = new ChainRandom(seed);
        double[][] f = new double[d][d + 3];
        for (double[] row : f) {
            Arrays.setAll(row, i -> random.normal() / Math.sqrt(d + 3));
        }
        double[][] a = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                a[i][j] = Dots.dot(f[i], f[j]);
            }
        }
        return a;
    }

    private static double[][] diagonal(double[] v) {
        double[][] a = new double[v.length][v.length];
        for (int i = 0; i < v.length; i++) {
            a[i][i] = v[i];
        }
        return a;
    }

    private static double[][] copy(double[][] a) {
        return Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < c[i].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }
}
