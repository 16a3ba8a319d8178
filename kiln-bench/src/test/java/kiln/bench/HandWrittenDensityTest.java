package kiln.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kiln.bench.kernel.EightSchools;
import kiln.bench.kernel.Kidiq;
import kiln.infer.LogDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The hand-written densities against posteriordb's values (Stan's), and their gradients against differences.
class HandWrittenDensityTest {
    /// A test point of posteriordb, and the density it belongs to.
    ///
    /// @param logJoint posteriordb's `log_joint`, over the constrained parameters
    /// @param scale the one parameter that must be positive, `tau` or `sigma`
    /// @param position all of them in the kernel's order, the scale by its logarithm
    record Point(String name, LogDensity density, double logJoint, double scale, List<Double> position) {
        double[] array() {
            return position.stream().mapToDouble(Double::doubleValue).toArray();
        }

        double at(int moved, double shift) {
            var q = array();
            q[moved] += shift;
            return density.valueAndGradient(q, new double[q.length]);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// A point of posteriordb, whose parameters are `theta_trans`, `mu`, `tau`; the kernel takes `mu`, `log tau`, `theta_trans`.
    private static Point schools(String name, LogDensity density, double logJoint, double... p) {
        var position = DoubleStream.concat(DoubleStream.of(p[8], Math.log(p[9])), Arrays.stream(p, 0, 8));
        return new Point(name, density, logJoint, p[9], position.boxed().toList());
    }

    private static Point kidiq(String name, LogDensity density, double logJoint, double... p) {
        var position = DoubleStream.concat(Arrays.stream(p, 0, 3), DoubleStream.of(Math.log(p[3])));
        return new Point(name, density, logJoint, p[3], position.boxed().toList());
    }

    static Stream<Point> points() {
        var schools = new EightSchools().java();
        var kidiq = new Kidiq().java();
        return Stream.of(
                schools("schools 1", schools, -43.23716007030772, 0.5, 0.14, -0.14, 0.11, -0.22, -0.083, 0.53, 0.14, 4.4, 3.6),
                schools("schools 2", schools, -47.82637982950901, 0.74775449, 0.21118883, -0.87169496, -0.17324863, 0.1784281,
                        -0.28730224, 0.18993418, 2.4511518, 9.3388453, 1.7939467),
                schools("schools 3", schools, -47.968970441162654, 1.1273641, 2.1842218, 1.3090745, -0.32423498, 0.39652138,
                        -0.64236875, -0.27248505, -0.7000492, 7.5233068, 0.75460396),
                kidiq("kidiq 1", kidiq, -1878.0444276937683, 25.8, 6.0, 0.563, 18.14),
                kidiq("kidiq 2", kidiq, -1882.9745804118618, 43.315341, 8.0284614, 0.37442784, 18.292501),
                kidiq("kidiq 3", kidiq, -1879.617320936263, 21.000369, 3.4585177, 0.63476171, 18.673934));
    }

    @ParameterizedTest
    @MethodSource("points")
    void valueIsStansPlusJacobianAndTheHalfOfTheHalfCauchy(Point point) {
        double value = point.density().valueAndGradient(point.array(), new double[point.density().dimension()]);
        assertThat(value).isCloseTo(point.logJoint() + Math.log(point.scale()) + Math.log(2), within(1e-11 * Math.abs(value)));
    }

    @ParameterizedTest
    @MethodSource("points")
    void gradientIsTheDifferenceQuotient(Point point) {
        int d = point.density().dimension();
        var gradient = new double[d];
        point.density().valueAndGradient(point.array(), gradient);
        for (int i = 0; i < d; i++) {
            double h = 1e-5;
            // Five-point rule: its error is O(h^4), far below rounding.
            double quotient = (8 * (point.at(i, h) - point.at(i, -h)) - (point.at(i, 2 * h) - point.at(i, -2 * h))) / (12 * h);
            assertThat(gradient[i]).as("component %d", i).isCloseTo(quotient, within(1e-6 * Math.max(1, Math.abs(quotient))));
        }
    }
}
