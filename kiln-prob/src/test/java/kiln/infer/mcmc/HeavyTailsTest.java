package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.MonteCarloError;
import kiln.infer.LogDensity;
import kiln.math.Elementary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// NUTS with its defaults where scores say little of the tails: probabilities that are known exactly, and no fewer effective draws than from the variances.
@Tag("slow")
class HeavyTailsTest {
    private static final double[] PLACES = {-3, -1, 0, 0.5, 2};

    /// A density of ten coordinates, and the distribution function of each of them.
    record Case(String name, LogDensity density, DoubleUnaryOperator cdf) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                // The variance of x² is infinite.
                new Case("three degrees of freedom", Targets.studentT(10, 3), HeavyTailsTest::cdf3),
                // The variance of x is infinite.
                new Case("two degrees of freedom", Targets.studentT(10, 2), x -> 0.5 + x / (2 * Math.sqrt(2 + x * x))),
                // The coordinates share their tails, with correlations of 0.9.
                new Case("three degrees of freedom, joint", joint(10, 3, 0.9), HeavyTailsTest::cdf3));
    }

    private static double cdf3(double x) {
        double t = x / Math.sqrt(3);
        return 0.5 + (t / (1 + t * t) + StrictMath.atan(t)) / Math.PI;
    }

    /// Multivariate Student t with unit scales and the same correlation of all pairs.
    private static LogDensity joint(int d, double dof, double rho) {
        double a = 1 / (1 - rho);
        double b = -rho / ((1 - rho) * (1 - rho + d * rho));
        return Targets.of(d, (q, g) -> {
            double sum = Arrays.stream(q).sum();
            double u = 0;
            for (int i = 0; i < d; i++) {
                g[i] = a * q[i] + b * sum;
                u += q[i] * g[i];
            }
            for (int i = 0; i < d; i++) {
                g[i] *= -(dof + d) / (dof + u);
            }
            return -0.5 * (dof + d) * Elementary.log1p(u / dof);
        });
    }

    /// Five standard errors, 6e-7 for each of 50 probabilities, 3e-5 for a target.
    @ParameterizedTest
    @MethodSource("cases")
    void probabilitiesAreExact(Case target) {
        ChainDraws draws = run(new NUTS(), target, 1, 4000);
        for (int i = 0; i < 10; i++) {
            double[][] x = draws.coordinate(i);
            for (double place : PLACES) {
                double[][] below = Arrays.stream(x)
                        .map(chain -> Arrays.stream(chain).map(v -> v < place ? 1 : 0).toArray())
                        .toArray(double[][]::new);
                double share = Arrays.stream(below).flatMapToDouble(Arrays::stream).average().orElseThrow();
                assertThat((share - target.cdf.applyAsDouble(place)) / MonteCarloError.mcseMean(below))
                        .as("P(x_%s < %s) is %s", i, place, share).isBetween(-5.0, 5.0);
            }
        }
    }

    /// At least 0.7 of the effective draws per gradient of Stan's warm-up, in the geometric mean over six keys: measured were 1.3, 2.6 and 22.
    @ParameterizedTest
    @MethodSource("cases")
    void drawsAreAsManyAsWithVariances(Case target) {
        double log = 0;
        for (int key = 1; key <= 6; key++) {
            log += StrictMath.log(efficiency(new NUTS(), target, key))
                    - StrictMath.log(efficiency(new NUTS().metricAdaptation(MetricAdaptation.VARIANCE), target, key));
        }
        assertThat(StrictMath.exp(log / 6)).isGreaterThan(0.7);
    }

    private static double efficiency(NUTS nuts, Case target, int key) {
        ChainDraws draws = run(nuts, target, key, 1000);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 10; i++) {
            least = Math.min(least, EffectiveSampleSize.essBulk(draws.coordinate(i)));
        }
        return least / Arrays.stream(draws.statistic(Statistic.NUM_STEPS)).flatMapToDouble(Arrays::stream).sum();
    }

    private static ChainDraws run(NUTS nuts, Case target, int key, int numSamples) {
        return new ParallelChains().numSamples(numSamples).keep(EnumSet.of(Statistic.NUM_STEPS))
                .run(nuts, target.density, Targets.starts(target.density, 4), Targets.seeds(4, 100L * key), 1000);
    }
}
