package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// Densities of large counts and shapes where their form is not that of small ones: next to zeros, at ends of the support, compiled, and
/// differentiated twice. Their values are in ExtremeValuesTest.
class SaddleTest {
    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    @Test
    void smallCountsBesideLargeOnesHaveTheirDensity() {
        NDArray k = v(0, 3, 24, 26, 1_000_000);
        NDArray rate = v(2.5, 2.5, 30, 30, 1_000_100);
        double[] all = new Poisson(rate).logProb(k).toDoubleArray();
        // log Γ cancels least for the first four: k log rate − rate − log k!
        assertThat(all[0]).isEqualTo(-2.5);
        assertThat(all[1]).isCloseTo(3 * Math.log(2.5) - 2.5 - Math.log(6), within(1e-14));
        assertThat(all[2]).isCloseTo(new Poisson(30).logProb(24).item(), within(1e-13));
        assertThat(all[3]).isCloseTo(new Poisson(30).logProb(26).item(), within(1e-13));
        assertThat(new Poisson(rate).isSparse(true).logProb(k).toDoubleArray()).isEqualTo(all);
    }

    @Test
    void noEventsAreExpectedAndNoneOrManyCome() {
        NDArray k = v(0, 2000);
        assertThat(Np.exp(new Poisson(v(0, 0)).logProb(k)).toDoubleArray()).containsExactly(1, 0);
        NDArray slope = Functions.grad((NDArray r) -> new Poisson(r).logProb(k).sum()).apply(v(0, 0));
        assertThat(slope.toDoubleArray()).containsExactly(-1, -1);
        NDArray ends = new Binomial(2000, v(0, 0, 1, 1)).logProb(v(0, 1, 2000, 1999));
        assertThat(Np.exp(ends).toDoubleArray()).containsExactly(1, 0, 1, 0);
    }

    @Test
    void theEndsOfABetaDistributionHaveTheirLimits() {
        double[] rising = new Beta(2000, 1).logProb(v(0, 1)).toDoubleArray();
        assertThat(rising[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(rising[1]).isCloseTo(Math.log(2000), within(1e-14));
        assertThat(new Beta(0.5, 2000).logProb(NDArray.as(0)).item()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /// d/dr log p = k/r − 1 and its derivative; d²/dx² of a gamma density is −(a − 1)/x²; d²/dp² of a binomial one −k/p² − (n − k)/q².
    @Test
    void derivativesAreExact() {
        check(r -> new Poisson(r).logProb(1e6), 1.001e6, 1e6 / 1.001e6 - 1, -1e6 / (1.001e6 * 1.001e6));
        check(x -> new Gamma(1e5, 2).logProb(x), 5.01e4, 99_999 / 5.01e4 - 2, -99_999 / (5.01e4 * 5.01e4));
        check(x -> new InverseGamma(1e5, 2).logProb(x), 2.01e-5, -100_001 / 2.01e-5 + 2 / (2.01e-5 * 2.01e-5),
                100_001 / (2.01e-5 * 2.01e-5) - 4 / (2.01e-5 * 2.01e-5 * 2.01e-5));
        check(p -> new Binomial(1e6, p).logProb(300_100), 0.3, (300_100 - 3e5) / (0.3 * 0.7), -300_100 / 0.09 - 699_900 / 0.49);
        check(x -> new Beta(1e4, 3e4).logProb(x), 0.251, 9999 / 0.251 - 29_999 / 0.749, -9999 / (0.251 * 0.251) - 29_999 / (0.749 * 0.749));
    }

    private static void check(Function<NDArray, NDArray> f, double at, double slope, double curvature) {
        NDArray x = NDArray.as(at);
        Function<NDArray, NDArray> first = Functions.grad(f);
        assertThat(first.apply(x).item()).isCloseTo(slope, within(1e-11 * Math.abs(curvature * at)));
        assertThat(Functions.grad(first).apply(x).item()).isCloseTo(curvature, within(1e-11 * Math.abs(curvature)));
    }

    /// Of parameters that are not known while they are differentiated, compiled or not; by mpmath.
    @Test
    void derivativesByLargeShapesAreExact() {
        byShape(c -> new NegativeBinomial2(3, c).logProb(5), 1e8, 5.00000029999997425e-17, -1.0000000899999897e-24);
        byShape(c -> new NegativeBinomial2(3, c).logProb(0), 1e8, -4.49999982000000607e-16, 8.9999994600000243e-24);
        byShape(c -> new NegativeBinomial2(3, c).logProb(4000), 1e8, -7.98579125341641572e-10, 1.59713692666456382e-17);
        byShape(c -> new NegativeBinomial2(1e8, c).logProb(100_010_000), 1e8, 1.25016666510474997e-9, -2.50018750208442701e-17);
        byShape(c -> new NegativeBinomial2(2, c).logProb(30), 0.7, -7.09238593287074822, 2.09813937489459248);
        byShape(a -> new Gamma(a, 2).logProb(500_100), 1e6, 0.000200480002749600064, -1.00000050000016667e-6);
        byShape(a -> new Beta(a, 3e4).logProb(0.251), 1e4, 0.00402952205078745571, -0.0000750046876640624997);
        byShape(df -> new StudentT(df, 0, 1).logProb(0.5), 1e6, 3.59374973958214681e-13, -7.18749921874525391e-19);
        byShape(df -> new StudentT(df, 0, 1).logProb(3), 1e6, -1.54997975020959797e-11, 3.09993925083838983e-17);
        byShape(df -> new StudentT(df, 0, 1).logProb(2000), 1e6, -0.404718556216800187, 3.199995199995e-7);
    }

    private static void byShape(Function<NDArray, NDArray> density, double at, double slope, double curvature) {
        NDArray x = NDArray.as(at);
        Function<NDArray, NDArray> first = Functions.grad(density);
        assertThat(first.apply(x).item()).isCloseTo(slope, within(1e-11 * Math.abs(slope)));
        assertThat(Functions.jit(first).apply(x).item()).isCloseTo(slope, within(1e-11 * Math.abs(slope)));
        assertThat(Functions.grad(first).apply(x).item()).isCloseTo(curvature, within(1e-11 * Math.abs(curvature)));
    }

    /// Of several counts and shapes, by mpmath; derivatives by the shapes are ψ(A) − ψ(aᵢ) + log xᵢ, by probabilities xᵢ / pᵢ.
    @Test
    void severalCountsAndShapes() {
        NDArray p = v(0.2, 0.3, 0.5);
        NDArray counts = v(20_000_100, 29_999_000, 50_000_900);
        NDArray few = v(2, 0, 3);
        NDArray shapes = v(2e5, 3e5, 5e5);
        NDArray x = v(0.2001, 0.2999, 0.5);
        close(new Multinomial(1e8, p).logProb(counts), 0, -18.5302905052865076);
        close(new MultinomialLogits(1e8, v(-1, 0.5, 0)).logProb(v(12195165,54654938,33149897)), 0, -18.3523619315694741);
        close(new DirichletMultinomial(1e8, shapes).logProb(counts), 0, -23.1206375659488131);
        close(new DirichletMultinomial(5, shapes.times(1e3)).logProb(few), 0, -2.995732272553991);
        close(new Dirichlet(shapes).logProb(x), 0, 13.6890831352097677);
        NDArray byShape = Functions.grad((NDArray a) -> new Dirichlet(a).logProb(x)).apply(shapes);
        close(byShape, 4 * 0x1p-53, 0.000501875043651048358, -0.000332222233728396181, 5.0000025e-7);
        NDArray byCounts = Functions.grad((NDArray a) -> new DirichletMultinomial(5, a).logProb(few)).apply(shapes.times(1e3));
        close(byCounts, 0, 4.99999998500000009e-9, -4.99999999000000003e-9, 9.9999999800000001e-10);
        NDArray byP = Functions.grad((NDArray q) -> new Multinomial(1e8, q).logProb(counts)).apply(p);
        close(byP, 0, 20_000_100 / 0.2, 29_999_000 / 0.3, 50_000_900 / 0.5);
        close(Functions.grad((NDArray q) -> new Dirichlet(shapes).logProb(q)).apply(x), 0, 199_999 / 0.2001, 299_999 / 0.2999, 499_999 / 0.5);
        // The limits at the end of the simplex.
        assertThat(new Dirichlet(v(2000, 1, 3)).logProb(v(1, 0, 0)).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Dirichlet(v(2000, 1, 1)).logProb(v(1, 0, 0)).item()).isCloseTo(Math.log(2001.0 * 2000), within(1e-10));
    }

    /// @param room of the condition: a logarithm of one half is rounded
    private static void close(NDArray got, double room, double... want) {
        double[] g = got.toDoubleArray();
        assertThat(g).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            assertThat(g[i]).isCloseTo(want[i], within(1e-11 * Math.abs(want[i]) + room));
        }
    }

    /// Engines pay no logarithm for each count.
    @Test
    void withoutItTheFormIsThePlainOne() {
        NDArray k = v(3, 2000, 1e6);
        double[] plain = k.times(Np.log(1e6)).minus(Np.lgamma(k.plus(1))).minus(1e6).toDoubleArray();
        assertThat(Cancellation.tolerated(() -> new Poisson(1e6).logProb(k)).toDoubleArray()).isEqualTo(plain);
        assertThat(new Poisson(1e6).logProb(k).toDoubleArray()).isNotEqualTo(plain);
    }

    @Test
    void compiledDensitiesHaveTheBitsOfEagerOnes() {
        NDArray counts = v(0, 3, 20_000, 1_000_000);
        List<Function<NDArray, NDArray>> densities = List.of(
                r -> new Poisson(r.times(counts.plus(1))).logProb(counts),
                r -> new NegativeBinomial2(r.times(counts.plus(1)), r.times(50)).logProb(counts),
                r -> new Binomial(2e6, r.times(0.1)).logProb(counts),
                r -> new BetaBinomial(r, r.times(20), 2e6).logProb(counts),
                r -> new Gamma(1e6, r).logProb(counts.plus(1e6)));
        for (Function<NDArray, NDArray> density : densities) {
            NDArray eager = density.apply(NDArray.as(1.25));
            assertThat(Np.isfinite(eager).toDoubleArray()).containsOnly(1);
            assertThat(Functions.jit(density).apply(NDArray.as(1.25)).toDoubleArray()).isEqualTo(eager.toDoubleArray());
        }
    }
}
