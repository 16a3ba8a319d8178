package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.DistributionCases.Row;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// At the end of a half line the density is its limit from inside, as R and SciPy have it, also where the support leaves the end out: data that
/// were rounded have zeros.
class SupportEndsTest {
    /// @param end   the end of the support
    /// @param limit what `log p` tends to there, in plain arithmetic
    record End(Distribution d, double end, double limit) {}

    /// Densities that are smooth up to their end.
    static Stream<End> smooth() {
        return Stream.of(
                new End(new Exponential(2), 0, Math.log(2)),
                new End(new HalfNormal(2), 0, 0.5 * Math.log(2 / Math.PI) - Math.log(2)),
                new End(new HalfCauchy(2), 0, -Math.log(Math.PI)),
                new End(new Gompertz(0.7, 1.3), 0, Math.log(0.7 * 1.3)),
                new End(new FoldedDistribution(new Normal(1, 2)), 0, -0.125 - 0.5 * Math.log(2 * Math.PI)),
                new End(new Pareto(2, 3), 2, Math.log(1.5)),
                new End(new LowerTruncatedPowerLaw(-4, 2), 2, Math.log(1.5)));
    }

    /// Densities that go as `xᵏ⁻¹` near 0: infinite, finite and 0 there.
    static Stream<End> powers() {
        return DoubleStream.of(0.5, 1, 2).boxed().flatMap(k -> Stream.of(
                new End(new Gamma(k, 0.7), 0, k == 1 ? Math.log(0.7) : (1 - k) / 0.0),
                new End(new Chi2(2 * k), 0, k == 1 ? -Math.log(2) : (1 - k) / 0.0),
                new End(new Weibull(2, k), 0, k == 1 ? -Math.log(2) : (1 - k) / 0.0),
                new End(new Dagum(k / 2, 2, 3), 0, k == 1 ? -Math.log(3) : (1 - k) / 0.0)));
    }

    @ParameterizedTest
    @MethodSource({"smooth", "powers"})
    void theDensityIsItsLimit(End e) {
        Function<NDArray, NDArray> density = e.d()::logProb;
        for (Function<NDArray, NDArray> f : List.of(density, Functions.jit(density))) {
            double at = f.apply(NDArray.as(e.end())).item();
            if (Double.isInfinite(e.limit())) {
                assertThat(at).isEqualTo(e.limit());
            } else {
                assertThat(at).isCloseTo(e.limit(), within(1e-14));
            }
            assertThat(f.apply(NDArray.as(Math.nextDown(e.end()))).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void slopesAreThoseFromInside(End e) {
        double inside = e.end() == 0 ? 1e-300 : Math.nextUp(e.end());
        assertThat(slope(e.d(), e.end())).isCloseTo(slope(e.d(), inside), within(1e-12));
        double[] at = byParameters(e.d(), e.end());
        double[] near = byParameters(e.d(), inside);
        for (int i = 0; i < at.length; i++) {
            assertThat(at[i]).as("parameter %s", i).isCloseTo(near[i], within(1e-12));
        }
    }

    /// Every count is below ∞, also beside finite ones and behind a gate.
    @ParameterizedTest
    @MethodSource({"counts", "otherCounts"})
    void infinityIsAboveEveryCount(Distribution d) {
        NDArray ends = NDArray.of(Double.NEGATIVE_INFINITY, -1, Double.POSITIVE_INFINITY);
        assertThat(d.cdf(ends).toDoubleArray()).containsExactly(0, 0, 1);
        assertThat(d.sf(ends).toDoubleArray()).containsExactly(1, 1, 0);
        assertThat(d.cdf(NDArray.as(Double.NaN)).item()).isNaN();
    }

    /// The parameters change nothing there.
    @ParameterizedTest
    @MethodSource("counts")
    void infinityHasNoSlope(Distribution d) {
        NDArray inf = NDArray.as(Double.POSITIVE_INFINITY);
        var slopes = Pytree.leaves(Functions.grad((Distribution p) -> p.cdf(inf).plus(p.sf(inf.unaryMinus()))).apply(d));
        assertThat(slopes).allMatch(s -> s.item() == 0);
    }

    static Stream<Distribution> counts() {
        return Stream.of(
                new Poisson(2.5), new GammaPoisson(2, 0.5), new NegativeBinomial(2.5, 0.4), new NegativeBinomialLogits(2.5, 1), new NegativeBinomial2(3, 2),
                new ZeroInflatedPoisson(0.2, 3));
    }

    static Stream<Distribution> otherCounts() {
        return Stream.of(new HurdlePoisson(0.2, 3), new Geometric(0.3), new BetaNegativeBinomial(2, 3, 4));
    }

    static Stream<Row> probabilities() {
        return DistributionCases.ROWS.stream()
                .filter(r -> r.example().eventShape().rank() == 0 && !r.example().isDiscrete())
                .filter(r -> DistributionOracleTest.Closed.of(r.example()).cdf());
    }

    /// By the value and by every parameter they are those from inside or from outside, not the mean of both.
    @ParameterizedTest
    @MethodSource("probabilities")
    void slopesOfProbabilitiesAreThoseOfOneSide(Row row) {
        Distribution d = row.example();
        for (int side : new int[] {1, -1}) {
            NDArray end = side > 0 ? QuantileSearch.lower(d.support()) : QuantileSearch.upper(d.support());
            if (!Np.all(Np.isfinite(end)).isTrue()) {
                continue;
            }
            NDArray at = Np.broadcastTo(end.times(1.0), d.batchShape());
            double[] below = slopes(d, Distribution::cdf, at);
            double[] above = slopes(d, Distribution::sf, at);
            double[] inside = slopes(d, Distribution::cdf, at.plus(side * 1e-9));
            for (int i = 0; i < below.length; i++) {
                for (double slope : new double[] {below[i], -above[i]}) {
                    if (slope != 0) {
                        assertThat(slope).as("slope %s at %s", i, end).isCloseTo(inside[i], withinPercentage(1e-4));
                    }
                }
            }
            assertThat(slopes(d, Distribution::logCdf, at)).as("log cdf at %s", end).doesNotContain(Double.NaN);
            assertThat(slopes(d, Distribution::logSf, at)).as("log sf at %s", end).doesNotContain(Double.NaN);
        }
    }

    /// Where two forms meet the slope of the probability is the density, too.
    @ParameterizedTest
    @MethodSource
    void slopeOfAProbabilityAtTheCentreIsTheDensity(Distribution d) {
        NDArray at = NDArray.as(1.0);
        double density = Math.exp(d.logProb(at).item());
        assertThat(slopes(d, Distribution::cdf, at)[0]).isCloseTo(density, within(1e-15));
        assertThat(slopes(d, Distribution::sf, at)[0]).isCloseTo(-density, within(1e-15));
        assertThat(slopes(d, Distribution::logCdf, at)[0]).isCloseTo(density / d.cdf(at).item(), within(1e-15));
        assertThat(slopes(d, Distribution::logSf, at)[0]).isCloseTo(-density / d.sf(at).item(), within(1e-15));
        NDArray below = d.cdf(at);
        assertThat(slopes(d, Distribution::icdf, below)[0]).isCloseTo(1 / density, within(1e-13));
        assertThat(slopes(d, Distribution::isf, d.sf(at))[0]).isCloseTo(-1 / density, within(1e-13));
    }

    static Stream<Distribution> slopeOfAProbabilityAtTheCentreIsTheDensity() {
        return Stream.of(
                new Normal(1, 2), new Laplace(1, 2), new AsymmetricLaplace(1, 2, 0.5), new AsymmetricLaplaceQuantile(1, 2, 0.3), new Cauchy(1, 2),
                new Logistic(1, 2), new SoftLaplace(1, 2), new Gumbel(1, 2), new StudentT(3, 1, 2), new LogNormal(0, 2), new HalfCauchy(1),
                new HalfNormal(2), new Weibull(1, 2), new Dagum(2, 3, 1), new Gompertz(0.7, 1));
    }

    /// The slopes by the value, then by the parameters.
    private static double[] slopes(Distribution d, BiFunction<Distribution, NDArray, NDArray> f, NDArray at) {
        var out = new ArrayList<>(List.of(Functions.grad((NDArray v) -> f.apply(d, v).sum()).apply(at)));
        List<NDArray> leaves = Pytree.leaves(d);
        List<Integer> moving = Implicit.floating(leaves);
        Function<List<NDArray>, NDArray> byParameters = p -> f.apply(Pytree.withLeaves(d, Implicit.leavesOf(leaves, moving, p)), at).sum();
        if (!moving.isEmpty()) {
            out.addAll(Functions.grad(byParameters).apply(moving.stream().map(leaves::get).toList()));
        }
        return out.stream().flatMapToDouble(s -> Arrays.stream(s.toDoubleArray())).toArray();
    }

    private static double slope(Distribution d, double x) {
        return Functions.grad((NDArray v) -> d.logProb(v)).apply(NDArray.as(x)).item();
    }

    private static double[] byParameters(Distribution d, double x) {
        return Pytree.leaves(Functions.grad((Distribution p) -> p.logProb(x)).apply(d)).stream()
                .mapToDouble(NDArray::item)
                .toArray();
    }
}
