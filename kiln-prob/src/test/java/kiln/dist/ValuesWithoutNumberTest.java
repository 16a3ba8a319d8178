package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.DistributionCases.Row;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every distribution of single numbers at NaN and at both infinities: what it says there are the limits, and NaN only of NaN.
class ValuesWithoutNumberTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /// A mask leaves 0 of any value, and of a bound at the far infinity the probability is 1.
    private static final Set<String> SPARED = Set.of("MaskedDistribution", "LeftCensoredDistribution", "RightCensoredDistribution");

    static Stream<Row> rows() {
        return DistributionCases.ROWS.stream().filter(r -> r.example().eventShape().rank() == 0);
    }

    static Stream<Row> densities() {
        return rows().filter(r -> !SPARED.contains(r.oracle()));
    }

    static Stream<Row> probabilities() {
        return rows().filter(r -> DistributionOracleTest.Closed.of(r.example()).cdf());
    }

    private static double[] at(Function<NDArray, NDArray> f, double x) {
        return f.apply(NDArray.as(x)).toDoubleArray();
    }

    @ParameterizedTest
    @MethodSource("densities")
    void densities(Row row) {
        Distribution d = row.example();
        for (Function<NDArray, NDArray> f : List.<Function<NDArray, NDArray>>of(d::logProb, Functions.jit(d::logProb))) {
            assertThat(at(f, Double.NaN)).as("at NaN").containsOnly(Double.NaN);
            assertThat(at(f, -INF)).as("at −∞").containsOnly(-INF);
            assertThat(at(f, INF)).as("at ∞").containsOnly(-INF);
        }
    }

    /// By the value and by every parameter, compiled or not.
    @ParameterizedTest
    @MethodSource("rows")
    void slopesOfDensitiesAreNumbers(Row row) {
        Distribution d = row.example();
        for (double x : new double[] {-INF, INF}) {
            for (List<double[]> slopes : List.of(slopes(d, x, false), slopes(d, x, true))) {
                assertThat(slopes).as("at %s", x).noneMatch(s -> Arrays.stream(s).anyMatch(Double::isNaN));
            }
        }
    }

    /// @param limits of the slopes by the value and by the parameters
    record Limit(Distribution d, double at, List<Double> limits) {
        Limit(Distribution d, double at, double... limits) {
            this(d, at, Arrays.stream(limits).boxed().toList());
        }
    }

    static Stream<Limit> limits() {
        return Stream.of(-1, 1).flatMap(side -> Stream.of(
                // log p = −2 log |x − loc| + log γ + …
                new Limit(new Cauchy(0.5, 2), side * INF, 0, 0, 1 / 2.0),
                // log p = −(ν + 1) log |x − loc| + ν log σ + …
                new Limit(new StudentT(9, 0.5, 2), side * INF, 0, -INF, 0, 9 / 2.0),
                new Limit(new StudentT(0.25, 0.5, 4), side * INF, 0, -INF, 0, 0.25 / 4),
                new Limit(new AsymmetricLaplaceQuantile(1, 2, 0.25), side * INF,
                        side < 0 ? 0.75 / 2 : -0.25 / 2, side < 0 ? -0.75 / 2 : 0.25 / 2, INF, -side * INF),
                new Limit(new AsymmetricLaplace(1, 2, 0.5), side * INF,
                        side < 0 ? 1 : -0.25, side < 0 ? -1 : 0.25, INF, -side * INF),
                new Limit(new Normal(1, 2), side * INF, -side * INF, side * INF, INF),
                new Limit(new Laplace(1, 2), side * INF, -side / 2.0, side / 2.0, INF),
                new Limit(new Logistic(1, 2), side * INF, -side / 2.0, side / 2.0, INF),
                new Limit(new SoftLaplace(1, 2), side * INF, -side / 2.0, side / 2.0, INF),
                // Below, e^−z has long left the doubles, and nothing else counts.
                side < 0 ? new Limit(new Gumbel(1, 2), -INF, 0, 0, 0) : new Limit(new Gumbel(1, 2), INF, -1 / 2.0, 1 / 2.0, INF)));
    }

    @ParameterizedTest
    @MethodSource
    void limits(Limit limit) {
        for (boolean jit : new boolean[] {false, true}) {
            double[] slopes = slopes(limit.d(), limit.at(), jit).stream().flatMapToDouble(Arrays::stream).toArray();
            for (int i = 0; i < slopes.length; i++) {
                assertThat(slopes[i]).as("slope %s, compiled: %s", i, jit).isCloseTo(limit.limits().get(i), within(1e-15));
            }
        }
    }

    /// The slopes of the log density by the value, if it is no count, and by the parameters.
    private static List<double[]> slopes(Distribution d, double x, boolean jit) {
        List<NDArray> leaves = Pytree.leaves(d);
        List<Integer> moving = Implicit.floating(leaves);
        List<NDArray> at = new ArrayList<>(moving.stream().map(leaves::get).toList());
        at.add(Np.full(d.batchShape(), x));
        Function<List<NDArray>, NDArray> density = p -> {
            NDArray value = d.isDiscrete() ? p.getLast().stopGradient() : p.getLast();
            return Pytree.withLeaves(d, Implicit.leavesOf(leaves, moving, p)).logProb(value).sum();
        };
        Function<List<NDArray>, List<NDArray>> slopes = Functions.grad(density);
        List<NDArray> out = new ArrayList<>((jit ? Functions.jit(slopes) : slopes).apply(at));
        out.addFirst(out.removeLast());
        return out.stream().map(NDArray::toDoubleArray).toList();
    }

    /// At an infinite bound of an interval, and at the ends of the unit interval, no parameter moves the probability, nor does the value.
    @ParameterizedTest
    @MethodSource("probabilities")
    void slopesOfProbabilitiesAreNumbers(Row row) {
        Distribution d = row.example();
        if (Pytree.leaves(d).stream().anyMatch(p -> !p.dtype().isFloating()) || d instanceof BetaNegativeBinomial) {
            return; // no derivative by a flag, nor of a sum that is taken until it converges
        }
        for (double x : new double[] {-INF, 0, 1, INF}) {
            NDArray at = NDArray.as(x);
            for (BiFunction<Distribution, NDArray, NDArray> f : List.<BiFunction<Distribution, NDArray, NDArray>>of(
                    Distribution::cdf, Distribution::sf, Distribution::logCdf, Distribution::logSf)) {
                var slopes = new ArrayList<>(Pytree.leaves(Functions.grad((Distribution p) -> f.apply(p, at).sum()).apply(d)));
                if (!d.isDiscrete()) {
                    slopes.add(Functions.grad((NDArray v) -> f.apply(d, v).sum()).apply(at));
                }
                for (NDArray slope : slopes) {
                    assertThat(slope.toDoubleArray()).as("at %s", x).doesNotContain(Double.NaN);
                    // A mixture follows each of its probabilities as if they need not add up to 1.
                    if (Double.isInfinite(x) && !(d instanceof MixtureSameFamily || d instanceof MixtureGeneral)) {
                        assertThat(slope.toDoubleArray()).as("at %s", x).usingComparatorWithPrecision(1e-300).containsOnly(0);
                    }
                }
            }
        }
    }

    /// Sums of the masses of all counts are 1 to the last digits.
    @ParameterizedTest
    @MethodSource("probabilities")
    void probabilities(Row row) {
        Distribution d = row.example();
        for (Function<NDArray, NDArray> f : List.<Function<NDArray, NDArray>>of(d::cdf, d::sf, d::logCdf, d::logSf)) {
            assertThat(at(f, Double.NaN)).as("at NaN").containsOnly(Double.NaN);
        }
        assertThat(at(d::cdf, -INF)).usingComparatorWithPrecision(1e-300).containsOnly(0);
        assertThat(at(d::sf, -INF)).containsOnly(1);
        assertThat(at(d::logCdf, -INF)).containsOnly(-INF);
        assertThat(at(d::logSf, -INF)).usingComparatorWithPrecision(1e-300).containsOnly(0);
        assertThat(at(d::cdf, INF)).usingComparatorWithPrecision(1e-14).containsOnly(1);
        assertThat(at(d::sf, INF)).usingComparatorWithPrecision(1e-14).containsOnly(0);
        assertThat(at(d::logCdf, INF)).usingComparatorWithPrecision(1e-14).containsOnly(0);
    }
}
