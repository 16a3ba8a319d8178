package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
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

    @ParameterizedTest
    @MethodSource("densities")
    void slopesOfDensitiesAreNumbers(Row row) {
        Distribution d = row.example();
        // exp⁻¹ of infinity is infinity with slope 0, by which the normal density has an infinite slope.
        if (!d.isDiscrete() && !(d instanceof TransformedDistribution)) {
            for (double x : new double[] {-INF, INF}) {
                double slope = Functions.grad((NDArray v) -> d.logProb(v).sum()).apply(NDArray.as(x)).item();
                assertThat(slope).as("at %s", x).isNotNaN();
            }
        }
    }

    /// At an infinite bound of an interval, and at the ends of the unit interval, no parameter moves the probability, nor does the value.
    @ParameterizedTest
    @MethodSource("probabilities")
    void slopesOfProbabilitiesAreNumbers(Row row) {
        Distribution d = row.example();
        if (d.isDiscrete() || Pytree.leaves(d).stream().anyMatch(p -> !p.dtype().isFloating())) {
            return; // no derivative by the value, or by a flag
        }
        for (double x : new double[] {-INF, 0, 1, INF}) {
            NDArray at = NDArray.as(x);
            for (BiFunction<Distribution, NDArray, NDArray> f : List.<BiFunction<Distribution, NDArray, NDArray>>of(
                    Distribution::cdf, Distribution::sf)) {
                var slopes = new ArrayList<>(Pytree.leaves(Functions.grad((Distribution p) -> f.apply(p, at).sum()).apply(d)));
                slopes.add(Functions.grad((NDArray v) -> f.apply(d, v).sum()).apply(at));
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
