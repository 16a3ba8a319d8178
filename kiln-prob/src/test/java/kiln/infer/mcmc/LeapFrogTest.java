package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reversibility and order of the integrator under every metric.
class LeapFrogTest {
    private static final double[] START = {0.7, -0.4};

    static List<Metric> metrics() {
        Metric dense = Metric.dense(new double[][] {{1, 0.3}, {0.3, 0.8}});
        return List.of(Metric.identity(2), Metric.diagonal(0.5, 2), dense, KineticMetric.of(dense, Optional.of(KineticEnergy.relativistic(1))),
                KineticMetric.of(dense, Optional.of(KineticEnergy.studentT(4).worker(2))));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void integratingBackReturnsToTheStart(Metric metric) {
        LogDensity density = Targets.banana();
        PhasePoint start = start(density, metric);
        PhasePoint end = integrate(density, metric, 0.1, 50, start);
        PhasePoint back = integrate(density, metric, -0.1, 50, end);
        for (int i = 0; i < 2; i++) {
            assertThat(back.position[i]).isCloseTo(start.position[i], within(1e-12));
            assertThat(back.momentum[i]).isCloseTo(start.momentum[i], within(1e-12));
        }
        assertThat(back.energy).isCloseTo(start.energy, within(1e-12));
    }

    /// The energy error over a fixed time is `c ε² + O(ε⁴)`: halving ε divides it by 4.
    @ParameterizedTest
    @MethodSource("metrics")
    void energyErrorIsOfSecondOrder(Metric metric) {
        LogDensity density = Targets.banana();
        PhasePoint start = start(density, metric);
        double coarse = integrate(density, metric, 0.02, 50, start).energy - start.energy;
        double fine = integrate(density, metric, 0.01, 100, start).energy - start.energy;
        assertThat(coarse).isNotZero();
        assertThat(coarse / fine).isCloseTo(4, within(0.05));
    }

    @Test
    void momentaHaveTheCovarianceOfTheMassMatrix() {
        Metric metric = Metric.dense(new double[][] {{2, 0.6}, {0.6, 0.5}});
        // S⁻¹ for S = [[2, .6], [.6, .5]], det = 0.64
        double[][] mass = {{0.5 / 0.64, -0.6 / 0.64}, {-0.6 / 0.64, 2 / 0.64}};
        ChainRandom random = new ChainRandom(5);
        int n = 100_000;
        double[] p = new double[2];
        double[][] sum = new double[2][2];
        for (int i = 0; i < n; i++) {
            metric.sampleMomentum(random, p);
            for (int a = 0; a < 2; a++) {
                for (int b = 0; b < 2; b++) {
                    sum[a][b] += p[a] * p[b] / n;
                }
            }
        }
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 2; b++) {
                double se = Math.sqrt((mass[a][a] * mass[b][b] + mass[a][b] * mass[a][b]) / n);
                assertThat(sum[a][b]).isCloseTo(mass[a][b], within(5 * se)); // 6e-7 each
            }
        }
    }

    private static PhasePoint start(LogDensity density, Metric metric) {
        PhasePoint point = new PhasePoint(2);
        System.arraycopy(START, 0, point.position, 0, 2);
        point.logDensity = density.valueAndGradient(point.position, point.gradient);
        point.momentum[0] = 0.9;
        point.momentum[1] = 0.5;
        point.setEnergy(metric.complete(point));
        return point;
    }

    private static PhasePoint integrate(LogDensity density, Metric metric, double eps, int steps, PhasePoint start) {
        PhasePoint from = start;
        for (int i = 0; i < steps; i++) {
            PhasePoint to = new PhasePoint(2);
            LeapFrog.step(density, metric, eps, from, to);
            from = to;
        }
        return from;
    }
}
