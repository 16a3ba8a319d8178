package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Truncated distributions where what is left between two numbers is far smaller than both: next to a cut, in a short interval far out, and between
/// two cuts in one tail. Values by mpmath with 60 digits.
class TruncatedDigitsTest {
    /// A standard normal variable above a cut.
    ///
    /// @param x      the quantile
    /// @param byCut  its derivative by the cut, less 1
    /// @param byPart its derivative by the probability
    record Quantile(double cut, double q, double x, double byCut, double byPart) {}

    static Stream<Quantile> quantiles() {
        return Stream.of(
                new Quantile(0.25, 1e-9, 0.250000001037824576, -7.40543855690167072e-10, 1.03782457612299678),
                new Quantile(-2, 1e-5, -1.99981903027589325, -0.000371853968362213308, 18.093697999166423),
                new Quantile(8, 1e-3, 8.00012319264934697, -0.0000149514388194701879, 0.123253375633550475),
                new Quantile(0, 3e-4, 0.000375994250053806075, -0.000299929335365217128, 1.2533142259070635));
    }

    @ParameterizedTest
    @MethodSource("quantiles")
    void quantilesNextToACutAreDistancesFromIt(Quantile row) {
        NDArray q = NDArray.as(row.q());
        NDArray cut = NDArray.as(row.cut());
        Function<NDArray, NDArray> ofCut = c -> new LeftTruncatedDistribution(new Normal(0, 1), c).icdf(q);
        Function<NDArray, NDArray> ofPart = p -> new LeftTruncatedDistribution(new Normal(0, 1), row.cut()).icdf(p);
        // The sum of the cut and the distance is rounded, and the derivative by the cut next to 1.
        assertThat(ofCut.apply(cut).item()).isCloseTo(row.x(), within(1e-11 * (row.x() - row.cut()) + Math.ulp(row.cut())));
        assertThat(Functions.grad(ofCut).apply(cut).item() - 1).isCloseTo(row.byCut(), within(1e-11 * Math.abs(row.byCut()) + 1e-15));
        assertThat(Functions.grad(ofPart).apply(q).item()).isCloseTo(row.byPart(), within(1e-11 * row.byPart()));
        assertThat(Functions.jit(ofCut).apply(cut).item()).isEqualTo(ofCut.apply(cut).item());
        // Its mirror image.
        assertThat(new RightTruncatedDistribution(new Normal(0, 1), -row.cut()).isf(q).item()).isEqualTo(-ofCut.apply(cut).item());
    }

    @Test
    void nothingAndAllOfTheMassEndAtTheCuts() {
        var d = new TwoSidedTruncatedDistribution(new Normal(5, 0.1), 0, 1);
        assertThat(d.icdf(NDArray.of(0, 1)).toDoubleArray()).containsExactly(0, 1);
        assertThat(d.isf(NDArray.of(0, 1)).toDoubleArray()).containsExactly(1, 0);
    }

    /// Five points have no integral of a density that falls by e⁻⁴ between them.
    @Test
    void aShortIntervalFarOutIsSteep() {
        assertThat(new TwoSidedTruncatedDistribution(new Normal(0, 1), 500, 500.009).logProb(500.004).item()).isCloseTo(4.22577460348686008, within(4e-11));
        assertThat(new TwoSidedTruncatedDistribution(new Normal(0, 1), 30, 30.009).logProb(30.004).item()).isCloseTo(4.72249964276683888, within(4e-11));
    }

    @Test
    void theScaleOfACauchyDistributionBetweenCutsInOneTail() {
        between(100, 200, 150, -4.72293933394144839, 0.0000277730345166082964, 0.0000277635491261321803);
        between(-3e5, -1e5, -2e5, -12.4937547179588065, 4.62962962902321674e-11, 4.62962962781039095e-11);
        between(0.5, 4, 1, -0.544844431980837904, -0.191036421946379319, -0.253299093312797103);
    }

    private static void between(double low, double high, double x, double density, double slope, double curvature) {
        Function<NDArray, NDArray> f = s -> new TwoSidedTruncatedDistribution(new Cauchy(0, s), low, high).logProb(x);
        NDArray one = NDArray.as(1.0);
        assertThat(f.apply(one).item()).isCloseTo(density, within(1e-11 * Math.abs(density)));
        assertThat(Functions.grad(f).apply(one).item()).isCloseTo(slope, within(1e-11 * Math.abs(slope)));
        assertThat(Functions.grad(Functions.grad(f)).apply(one).item()).isCloseTo(curvature, within(1e-11 * Math.abs(curvature)));
    }
}
