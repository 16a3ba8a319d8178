package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Index;
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
    private static final int N = 4_000;

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

        /// Each by its own element.
        Distribution eachMoved(NDArray t) {
            return make.apply(IntStream.range(0, at.size()).mapToObj(k -> {
                int place = parameters.indexOf(k);
                return place < 0 ? NDArray.as(at.get(k)) : t.get(place).plus(at.get(k));
            }).toList());
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
                skewedDependent(1, 2, 5, -0.2, 0.75),
                dependent(0.03, 0.05, -0.02),
                dependent(1e4, 2e4, -8e3),
                skewed(3e4, 1e5, 0.5, -0.3),
                skewedDependent(5e5, 1e6, 4e5, 0.3, -0.6));
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

    /// @param at   κ₁, κ₂, c, λ₁
    /// @param want the derivatives of the angle by them
    record Slope(List<Double> at, double angle, List<Double> want) {}

    static List<Slope> slopes() throws IOException {
        return Rows.of("angle-slopes.csv").stream()
                .map(line -> Arrays.stream(line).map(Double::valueOf).toList())
                .map(line -> new Slope(line.subList(0, 4), line.get(4), line.subList(5, 9)))
                .toList();
    }

    /// First angles fall between 25 equidistant ones as often as their density says: Pearson's χ² of bins with at least ten expected draws, as a normal
    /// number by Wilson and Hilferty's cube root. Another key would have more than five with a probability of 3e-7.
    @ParameterizedTest
    @MethodSource("rows")
    void firstAnglesFollowTheDensity(Row row) {
        double[] p = row.allMoved(0);
        NDArray x = row.allMoved(Np.scalar(0.0)).sample(KEY, Shape.of(N)).minus(LOC);
        double[] drawn = Angles.wrapped(x).get(Index.ALL, Index.at(0)).toDoubleArray();
        List<double[]> bins = new ArrayList<>();
        double[] open = new double[2];
        double below = 0;
        for (int i = 1; i <= 24; i++) {
            double low = i == 1 ? -Math.PI : reach(p) * (i - 13) / 12;
            double high = i == 24 ? Math.PI : reach(p) * (i - 12) / 12;
            double next = i == 24 ? 1 : first(high, p);
            open[0] += Arrays.stream(drawn).filter(a -> a >= low && a < high).count();
            open[1] += N * (next - below);
            below = next;
            if (open[1] >= 10) {
                bins.add(open);
                open = new double[2];
            }
        }
        bins.getLast()[0] += open[0];
        bins.getLast()[1] += open[1];
        double chi2 = bins.stream().mapToDouble(b -> (b[0] - b[1]) * (b[0] - b[1]) / b[1]).sum();
        double rest = 2 / (9 * (bins.size() - 1.0));
        assertThat(bins.stream().mapToDouble(b -> b[0]).sum()).isEqualTo(N);
        assertThat((Math.cbrt(chi2 / (bins.size() - 1)) - (1 - rest)) / Math.sqrt(rest)).as("chi-squared %s of %d bins", chi2, bins.size()).isLessThan(5);
    }

    /// Derivatives of angles at given angles are those of `tools/angle-slopes.py`, to 1e-8 and the rounding of a probability, for concentrations from
    /// 1e-3 to 1e9.
    @ParameterizedTest
    @MethodSource("slopes")
    void anglesFollowTheirParameters(Slope row) {
        followed(row, List.of(0, 1, 2, 3), q -> SineMarginal.density(q.get(0), q.get(1), q.get(2)));
        if (row.at().get(2) == 0) {
            followed(row, List.of(0, 3), q -> VonMises.density(q.getFirst()));
        }
    }

    private static void followed(Slope row, List<Integer> parameters, Function<List<NDArray>, AngleDensity> even) {
        NDArray angle = NDArray.as(row.angle());
        for (int parameter : parameters) {
            Function<NDArray, NDArray> a = t -> AngleDensity.moved(
                    angle, moved(row.at(), List.of(parameter), t), q -> even.apply(q).times(x -> Np.sin(x).times(q.get(3)).plus(1)));
            double want = row.want().get(parameter);
            // A probability, whose derivative by λ₁ is at most 1, is rounded to 1e-16: so much over the density, at least.
            double room = 1e-15 * Math.max(Math.abs(row.want().get(3)), 1 / Math.max(1, Math.abs(row.at().get(parameter))));
            assertThat(Functions.jvp(a, Np.scalar(0.0), Np.scalar(1.0)).tangent().item()).as("%s, parameter %d", row, parameter)
                    .isCloseTo(want, within(1e-8 * Math.abs(want) + room));
        }
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
        double at = row.at().get(parameter);
        double h = at == 0 ? 1e-4 : 1e-3 * Math.abs(at);
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

    /// Draws under gradients are those without, and reverse and compiled derivatives are those of forward mode: by all parameters in one
    /// program, which compiles as one.
    @ParameterizedTest
    @MethodSource("rows")
    void everyModeAgrees(Row row) {
        int n = row.parameters().size();
        NDArray none = Np.zeros(n);
        Function<NDArray, NDArray> draws = t -> row.eachMoved(t).sample(KEY, Shape.of(4));
        assertThat(Functions.jvp(draws, none, Np.ones(n)).value().toDoubleArray()).isEqualTo(draws.apply(none).toDoubleArray());
        Function<NDArray, NDArray> f = t -> Np.sin(draws.apply(t).times(NDArray.of(1, 2))).sum();
        double[] forward = IntStream.range(0, n).mapToDouble(k -> Functions.jvp(f, none, Np.arange(n).eq(k).times(1.0)).tangent().item()).toArray();
        agree(Functions.grad(f).apply(none).toDoubleArray(), forward);
        agree(Functions.jit(Functions.grad(f)).apply(none).toDoubleArray(), forward);
        Function<NDArray, NDArray> along = t -> Functions.jvp(f, t, Np.ones(n)).tangent();
        double size = Arrays.stream(forward).map(Math::abs).sum();
        assertThat(Functions.jit(along).apply(none).item()).isCloseTo(Arrays.stream(forward).sum(), within(1e-12 * Math.max(1e-3, size)));
    }

    private static void agree(double[] got, double[] want) {
        assertThat(got).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            assertThat(got[i]).isCloseTo(want[i], within(1e-12 * Math.max(1e-3, Math.abs(want[i]))));
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

    /// How far from 0 the density counts: twelve standard deviations of the widest direction, where that is less than the circle.
    private static double reach(double[] p) {
        double least = 0.5 * (p[0] + p[1]) - Math.hypot(0.5 * (p[0] - p[1]), p[2]);
        return least > 200 ? 12 / Math.sqrt(least) : Math.PI;
    }

    private static double[] circle(double[] p, DoubleUnaryOperator f) {
        return IntStream.range(0, CIRCLE).mapToDouble(i -> f.applyAsDouble(reach(p) * (2.0 * i / CIRCLE - 1))).toArray();
    }

    /// `1 − cos t`, without cancellation.
    private static double lessCos(double t) {
        return 2 * Math.sin(0.5 * t) * Math.sin(0.5 * t);
    }

    /// From `1 − cos` and `sin` of both angles.
    private static double density(double lessA, double sinA, double lessB, double sinB, double[] p) {
        double peak = p[2] * p[2] < p[0] * p[1] ? 0 : Math.abs(p[2]);
        return Math.exp(p[2] * sinA * sinB - p[0] * lessA - p[1] * lessB - peak) * (1 + p[3] * sinA + p[4] * sinB);
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

    /// Over a period, or from nothing to nothing, equal steps give all digits.
    private static double marginal(double lessA, double sinA, double[] p, double[] less, double[] sin) {
        double sum = 0;
        for (int j = 0; j < CIRCLE; j++) {
            sum += density(lessA, sinA, less[j], sin[j], p);
        }
        return sum * 2 * reach(p) / CIRCLE;
    }

    private static double first(double a, double[] p) {
        double[] less = circle(p, AngleGradientTest::lessCos);
        double[] sin = circle(p, Math::sin);
        double mass = 0;
        for (int i = 0; i < CIRCLE; i++) {
            mass += marginal(less[i], sin[i], p, less, sin);
        }
        return between(-reach(p), a, t -> marginal(lessCos(t), Math.sin(t), p, less, sin)) / (mass * 2 * reach(p) / CIRCLE);
    }

    /// From the angle opposite to the direction of the second angle, which the first turns.
    private static double second(double a, double b, double[] p) {
        double less = lessCos(a);
        double sin = Math.sin(a);
        double start = Math.atan2(p[2] * sin, p[1]) - reach(p);
        double turns = Math.floor((b - start) / (2 * Math.PI));
        double part = between(start, b - 2 * Math.PI * turns, t -> density(less, sin, lessCos(t), Math.sin(t), p));
        return part / marginal(less, sin, p, circle(p, AngleGradientTest::lessCos), circle(p, Math::sin));
    }

    private static double expectation(int which, double[] p) {
        double[] less = circle(p, AngleGradientTest::lessCos);
        double[] sin = circle(p, Math::sin);
        double sum = 0;
        double mass = 0;
        for (int i = 0; i < CIRCLE; i++) {
            for (int j = 0; j < CIRCLE; j++) {
                double density = density(less[i], sin[i], less[j], sin[j], p);
                mass += density;
                sum += density * switch (which) {
                    case 0 -> 1 - less[i];
                    case 1 -> 1 - less[j];
                    case 2 -> sin[i];
                    case 3 -> sin[j];
                    default -> sin[i] * sin[j];
                };
            }
        }
        return sum / mass;
    }
}
