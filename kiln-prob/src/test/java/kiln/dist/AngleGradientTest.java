package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Draws of pairs of angles follow their parameters: against the density in plain Java, integrated numerically.
///
/// ```
/// p ∝ exp(κ₁ cos a + κ₂ cos b + c sin a sin b) (1 + λ₁ sin a + λ₂ sin b)
/// ```
class AngleGradientTest {
    private static final PRNGKey KEY = PRNGKey.key(31);
    private static final NDArray LOC = NDArray.of(0.5, -1);
    private static final int N = 20_000;

    /// @param at         κ₁, κ₂, c, λ₁, λ₂
    /// @param parameters those that the distribution has
    /// @param make       the distribution around LOC
    record Row(String name, List<Double> at, List<Integer> parameters, Function<List<NDArray>, Distribution> make) {
        Distribution moved(int parameter, NDArray t) {
            return make.apply(AngleGradientTest.moved(at, List.of(parameter), t));
        }

        Distribution allMoved(NDArray t) {
            return make.apply(AngleGradientTest.moved(at, parameters, t));
        }

        double[] moved(int parameter, double t) {
            return known(AngleGradientTest.moved(at, List.of(parameter), Np.scalar(t)));
        }

        double[] allMoved(double t) {
            return known(AngleGradientTest.moved(at, parameters, Np.scalar(t)));
        }

        @Override
        public String toString() {
            return name + " " + at;
        }
    }

    private static double[] known(List<NDArray> parameters) {
        return parameters.stream().mapToDouble(NDArray::item).toArray();
    }

    private static List<NDArray> moved(List<Double> at, List<Integer> places, NDArray t) {
        return IntStream.range(0, at.size()).mapToObj(k -> places.contains(k) ? t.plus(at.get(k)) : NDArray.as(at.get(k))).toList();
    }

    static List<Row> rows() {
        return List.of(
                dependent(0.4, 0.7, 0.6),
                dependent(3, 2, -1.5),
                dependent(1, 1, 4),
                dependent(200, 100, 300),
                skewed(0.6, 1, -0.3, 0.5),
                skewed(80, 0.3, 0.6, -0.4),
                new Row("skewed circle", List.of(0.0, 0.0, 0.0, 0.4, -0.6), List.of(3, 4), p -> new SineSkewed(
                        new Uniform(LOC.minus(Math.PI), LOC.plus(Math.PI)).toEvent(1), Np.stack(p.subList(3, 5), -1))),
                skewedDependent(3, 2, -1.5, 0.4, -0.3),
                skewedDependent(1, 2, 5, -0.2, 0.75));
    }

    private static Row dependent(double k1, double k2, double c) {
        return new Row("dependent", List.of(k1, k2, c, 0.0, 0.0), List.of(0, 1, 2), AngleGradientTest::dependent);
    }

    private static Distribution dependent(List<NDArray> p) {
        return new SineBivariateVonMises(NDArray.as(0.5), NDArray.as(-1.0), p.get(0), p.get(1), p.get(2));
    }

    private static Row skewed(double k1, double k2, double first, double second) {
        return new Row("skewed", List.of(k1, k2, 0.0, first, second), List.of(0, 1, 3, 4), p -> new SineSkewed(
                new VonMises(LOC, Np.stack(p.subList(0, 2), -1)).toEvent(1), Np.stack(p.subList(3, 5), -1)));
    }

    private static Row skewedDependent(double k1, double k2, double c, double first, double second) {
        return new Row("skewed dependent", List.of(k1, k2, c, first, second), List.of(0, 1, 2, 3, 4),
                p -> new SineSkewed(dependent(p), Np.stack(p.subList(3, 5), -1)));
    }

    /// Along its derivative a draw keeps the probability of its first angle, and that of the second given the first: at every draw, to 1e-8.
    @ParameterizedTest
    @MethodSource("rows")
    void drawsKeepTheirProbabilities(Row row) {
        int draws = 3;
        for (int parameter : row.parameters()) {
            var x = Functions.jvp((NDArray t) -> row.moved(parameter, t).sample(KEY, Shape.of(draws)), Np.scalar(0.0), Np.scalar(1.0));
            double[] at = Angles.wrapped(x.value().minus(LOC)).toDoubleArray();
            double[] slope = x.tangent().toDoubleArray();
            for (int i = 0; i < draws; i++) {
                double a = at[2 * i];
                double b = at[2 * i + 1];
                double da = slope[2 * i];
                double db = slope[2 * i + 1];
                stays(row, parameter, t -> first(a + t * da, row.moved(parameter, t)), t -> first(a, row.moved(parameter, t)));
                stays(row, parameter, t -> second(a + t * da, b + t * db, row.moved(parameter, t)), t -> second(a, b, row.moved(parameter, t)));
            }
        }
    }

    private static void stays(Row row, int parameter, DoubleUnaryOperator along, DoubleUnaryOperator fixed) {
        double h = 1e-3 * Math.max(0.1, Math.abs(row.at().get(parameter)));
        double room = 1e-8 * Math.abs(difference(fixed, h)) + 1e-11 / h;
        assertThat(Math.abs(difference(along, h))).as("%s, parameter %d", row, parameter).isLessThan(room);
    }

    /// By five points.
    private static double difference(DoubleUnaryOperator f, double h) {
        double near = f.applyAsDouble(h) - f.applyAsDouble(-h);
        double far = f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h);
        return (8 * near - far) / (12 * h);
    }

    /// The rows of two peaks, of one sharp angle, and of all parameters: each takes seconds.
    static List<Row> averaged() {
        return List.of(rows().get(3), rows().get(5), rows().get(7));
    }

    /// Expectations of `cos a`, `cos b`, `sin a`, `sin b`, `sin a sin b` have the derivatives of their integrals along all parameters at once,
    /// within 5.3 standard errors. In compiled code, which needs no array of all draws at all nodes.
    @ParameterizedTest
    @MethodSource("averaged")
    void derivativesAverageToThoseOfExpectations(Row row) {
        Function<NDArray, NDArray> functions = t -> {
            NDArray x = row.allMoved(t).sample(KEY, Shape.of(N)).minus(LOC).transpose();
            NDArray product = Np.sin(x.get(0)).times(Np.sin(x.get(1)));
            return Np.stack(List.of(Np.cos(x.get(0)), Np.cos(x.get(1)), Np.sin(x.get(0)), Np.sin(x.get(1)), product), 0);
        };
        NDArray slopes = Functions.jit((NDArray t) -> Functions.jvp(functions, t, Np.scalar(1.0)).tangent()).apply(Np.scalar(0.0));
        double[] got = slopes.mean(1).toDoubleArray();
        double[] error = Np.std(slopes, 1, 1).toDoubleArray();
        for (int i = 0; i < got.length; i++) {
            int which = i;
            double h = 1e-3;
            double want = difference(t -> expectation(which, row.allMoved(t)), h);
            assertThat(Math.abs(got[i] - want)).as("%s, function %d: %s, %s", row, i, got[i], want)
                    .isLessThan(5.3 * error[i] / Math.sqrt(N) + 1e-14 / h);
        }
    }

    /// Directions turn the draws as they are.
    @ParameterizedTest
    @MethodSource("rows")
    void directionsTurnTheDraws(Row row) {
        Distribution d = row.moved(0, Np.scalar(0.0));
        if (d instanceof SineSkewed(Independent(Uniform _, int _), NDArray _)) {
            return;
        }
        NDArray slopes = Functions.jvp((NDArray loc) -> turned(d, loc).sample(KEY, Shape.of(100)), LOC, NDArray.of(1, 2.5)).tangent();
        assertThat(Np.abs(slopes.minus(NDArray.of(1, 2.5))).max().item()).isLessThan(1e-14);
    }

    private static Distribution turned(Distribution d, NDArray loc) {
        return switch (d) {
            case SineBivariateVonMises s -> new SineBivariateVonMises(
                    loc.get(0), loc.get(1), s.phiConcentration(), s.psiConcentration(), s.correlation());
            case SineSkewed(Independent(VonMises v, int _), NDArray skewness) ->
                new SineSkewed(new VonMises(loc, v.concentration()).toEvent(1), skewness);
            case SineSkewed(Distribution base, NDArray skewness) -> new SineSkewed(turned(base, loc), skewness);
            default -> throw new AssertionError(d);
        };
    }

    /// Draws under gradients are those without, and reverse, compiled and second derivatives are those of forward mode.
    @ParameterizedTest
    @MethodSource("rows")
    void everyModeAgrees(Row row) {
        for (int parameter : row.parameters()) {
            Function<NDArray, NDArray> draws = t -> row.moved(parameter, t).sample(KEY, Shape.of(4));
            assertThat(Functions.jvp(draws, Np.scalar(0.0), Np.scalar(1.0)).value().toDoubleArray()).isEqualTo(draws.apply(Np.scalar(0.0)).toDoubleArray());
            Function<NDArray, NDArray> f = t -> Np.sin(draws.apply(t).times(NDArray.of(1, 2))).sum();
            Function<NDArray, NDArray> forward = t -> Functions.jvp(f, t, Np.scalar(1.0)).tangent();
            double want = forward.apply(Np.scalar(0.0)).item();
            double room = 1e-12 * Math.max(1e-3, Math.abs(want));
            assertThat(Math.abs(Functions.grad(f).apply(Np.scalar(0.0)).item() - want)).isLessThan(room);
            assertThat(Math.abs(Functions.jit(Functions.grad(f)).apply(Np.scalar(0.0)).item() - want)).isLessThan(room);
            assertThat(Math.abs(Functions.jit(forward).apply(Np.scalar(0.0)).item() - want)).isLessThan(room);
        }
    }

    /// With `da/dθ = v(a, θ)` it is `d²a/dθ² = ∂v/∂θ + v ∂v/∂a`.
    @Test
    void derivativesOfDerivativesSeeTheAngleMove() {
        NDArray at = NDArray.of(-2.5, -0.3, 0.9, 2.1);
        for (List<Double> p : List.of(List.of(3.0, 2.0, -1.5), List.of(1.0, 1.0, 4.0))) {
            for (int k = 0; k < 3; k++) {
                int parameter = k;
                Function<NDArray, Function<NDArray, NDArray>> moved = a -> t -> AngleDensity.moved(
                        a, moved(p, List.of(parameter), t), q -> SineMarginal.density(q.get(0), q.get(1), q.get(2)));
                Function<NDArray, Function<NDArray, NDArray>> velocity = a -> t -> Functions.jvp(moved.apply(a), t, Np.scalar(1.0)).tangent();
                NDArray slope = velocity.apply(at).apply(Np.scalar(0.0));
                NDArray second = Functions.jvp(velocity.apply(at), Np.scalar(0.0), Np.scalar(1.0)).tangent();
                double h = 1e-4;
                NDArray want = velocity.apply(at.plus(slope.times(h))).apply(Np.scalar(h))
                        .minus(velocity.apply(at.minus(slope.times(h))).apply(Np.scalar(-h))).div(2 * h);
                assertThat(Np.abs(second.minus(want)).max().item()).as("%s and %s", second, want).isLessThan(1e-7);
            }
        }
    }

    private static final int CIRCLE = 256;
    private static final double[] ANGLES = IntStream.range(0, CIRCLE).mapToDouble(i -> 2 * Math.PI * i / CIRCLE).toArray();
    private static final double[] COS = Arrays.stream(ANGLES).map(Math::cos).toArray();
    private static final double[] SIN = Arrays.stream(ANGLES).map(Math::sin).toArray();

    private static double density(double cosA, double sinA, double cosB, double sinB, double[] p) {
        double peak = p[0] + p[1] + Math.abs(p[2]);
        return Math.exp(p[0] * cosA + p[1] * cosB + p[2] * sinA * sinB - peak) * (1 + p[3] * sinA + p[4] * sinB);
    }

    /// From `from` to `to` by five points of Gauss and Legendre on each of 200 panels.
    private static double between(double from, double to, DoubleUnaryOperator f) {
        double half = 0.5 * (to - from) / 200;
        double sum = 0;
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < GaussLegendre.POINTS.length; j++) {
                sum += GaussLegendre.WEIGHTS[j] * f.applyAsDouble(from + half * (2 * i + 1 + GaussLegendre.POINTS[j]));
            }
        }
        return sum * half;
    }

    /// Over a period equal steps give all digits.
    private static double marginal(double cosA, double sinA, double[] p) {
        double sum = 0;
        for (int j = 0; j < CIRCLE; j++) {
            sum += density(cosA, sinA, COS[j], SIN[j], p);
        }
        return sum * 2 * Math.PI / CIRCLE;
    }

    private static double first(double a, double[] p) {
        double mass = 0;
        for (int i = 0; i < CIRCLE; i++) {
            mass += marginal(COS[i], SIN[i], p);
        }
        return between(-Math.PI, a, t -> marginal(Math.cos(t), Math.sin(t), p)) / (mass * 2 * Math.PI / CIRCLE);
    }

    /// From the angle opposite to the direction of the second angle, which the first turns.
    private static double second(double a, double b, double[] p) {
        double cos = Math.cos(a);
        double sin = Math.sin(a);
        double start = Math.atan2(p[2] * sin, p[1]) - Math.PI;
        double turns = Math.floor((b - start) / (2 * Math.PI));
        double part = between(start, b - 2 * Math.PI * turns, t -> density(cos, sin, Math.cos(t), Math.sin(t), p));
        return part / marginal(cos, sin, p);
    }

    private static double expectation(int which, double[] p) {
        double sum = 0;
        double mass = 0;
        for (int i = 0; i < CIRCLE; i++) {
            for (int j = 0; j < CIRCLE; j++) {
                double density = density(COS[i], SIN[i], COS[j], SIN[j], p);
                mass += density;
                sum += density * switch (which) {
                    case 0 -> COS[i];
                    case 1 -> COS[j];
                    case 2 -> SIN[i];
                    case 3 -> SIN[j];
                    default -> SIN[i] * SIN[j];
                };
            }
        }
        return sum / mass;
    }
}
