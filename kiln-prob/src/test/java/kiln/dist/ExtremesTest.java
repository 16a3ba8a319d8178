package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Densities of one number and their derivatives far out and at the ends, under parameters that are hardly any: a scale of 10⁻³⁰⁰, a
/// concentration of 10⁻⁸ or 10⁸, a probability next to 0 or 1. Nothing is NaN as long as the standardised value is a double (of a Dagum
/// distribution and by the quantile of an asymmetric Laplace distribution: as long as its derivative is one).
class ExtremesTest {
    private static final double[] FAR = {
        1e3, -1e3, 1e6, -1e6, 1e150, -1e150, 1e-300, -1e-300, 1e-150, 1e-8, 0.5, 1 - 0x1p-53, 1, 0, 7, 1e300, -1e300
    };
    private static final double[] COUNTS = {0, 1, 2, 10, 60, 1e3, 1e6, 1e15};
    private static final double[] SCALES = {1e-300, 1e-150, 1e-8, 1, 1e8, 1e150};
    private static final double[] CONCENTRATIONS = {1e-8, 1e-3, 1, 1e3, 1e8};
    private static final double[] PROBABILITIES = {1e-300, 1e-12, 0.5, 1 - 0x1p-53};

    /// @param loc   what is taken from a value
    /// @param scale by which the rest is divided
    record Case(Distribution d, double loc, double scale) {
        Case(Distribution d, double scale) {
            this(d, 0, scale);
        }

        @Override
        public String toString() {
            return d.toString();
        }
    }

    static Stream<Case> cases() {
        List<Case> out = new ArrayList<>();
        List<BiFunction<Double, Double, Distribution>> located = List.of(
                Normal::new, Cauchy::new, Laplace::new, Logistic::new, Gumbel::new, SoftLaplace::new, Levy::new, LogNormal::new,
                (m, s) -> new StudentT(3, m, s), (m, s) -> new AsymmetricLaplace(m, s, 0.7),
                (m, s) -> new RightCensoredDistribution(new Normal(m, s), Np.scalar(true)),
                (m, s) -> new LeftCensoredDistribution(new Logistic(m, s), Np.scalar(true)));
        List<BiFunction<Double, Double, Distribution>> shaped = List.of(
                Gamma::new, InverseGamma::new, GammaPoisson::new, (c, s) -> new Pareto(s, c), (c, s) -> new HurdleGamma(0.2, c, s),
                (c, s) -> new NegativeBinomial2(s, c));
        List<BiFunction<Double, Double, Distribution>> pairs = List.of(
                Beta::new, Kumaraswamy::new, (a, b) -> new BetaBinomial(a, b, 10), (a, b) -> new BetaNegativeBinomial(a, b, 3));
        for (double s : SCALES) {
            located.forEach(f -> Stream.of(0.0, 1e6).forEach(m -> out.add(new Case(f.apply(m, s), m, s))));
            out.add(new Case(new AsymmetricLaplaceQuantile(0, s, 0.2), s * Math.min(s, 1)));
            Stream.of(new HalfNormal(s), new HalfCauchy(s), new Exponential(1 / s), new LowerTruncatedPowerLaw(-2, s), new Uniform(0, s),
                            new LogUniform(s, 2 * s), new DoublyTruncatedPowerLaw(1.5, 0, s), new DoublyTruncatedPowerLaw(-3, s, 3 * s),
                            new Gompertz(s, 1), new Poisson(s), new HurdleLogNormal(0.3, 0, s))
                    .forEach(d -> out.add(new Case(d, s)));
            for (double c : CONCENTRATIONS) {
                shaped.forEach(f -> out.add(new Case(f.apply(c, s), 1)));
                out.add(new Case(new Dagum(c, 2, s), s * Math.min(s, 1) / Math.max(c, 1)));
                out.add(new Case(new Dagum(2, c, s), s * Math.min(s, 1) / Math.max(c, 1)));
            }
        }
        for (double a : CONCENTRATIONS) {
            Stream.of(new Chi2(a), new StudentT(a, 0, 1), new VonMises(1, a), new BetaProportion(0.3, a), new RelaxedBernoulliLogits(a, 3))
                    .forEach(d -> out.add(new Case(d, 1)));
            for (double b : CONCENTRATIONS) {
                pairs.forEach(f -> out.add(new Case(f.apply(a, b), 1)));
            }
            for (double p : PROBABILITIES) {
                out.add(new Case(new NegativeBinomial(a, p), 1));
                out.add(new Case(new NegativeBinomialLogits(a, 2 * Math.log(p)), 1));
            }
        }
        for (double p : PROBABILITIES) {
            Stream.of(new Bernoulli(p), new Geometric(p), new Binomial(10, p), new ZeroInflatedPoisson(p, 3), new HurdlePoisson(p, 3),
                            new HurdlePoisson(0.3, p), new RelaxedBernoulli(2, p))
                    .forEach(d -> out.add(new Case(d, 1)));
            for (double logit : new double[] {Math.log(p), -Math.log(p)}) {
                Stream.of(new BernoulliLogits(logit), new GeometricLogits(logit), new BinomialLogits(10, logit),
                                new ZeroInflatedLogits(new Poisson(3), logit), new OrderedLogistic(logit, NDArray.of(-1.0, 0, 1)))
                        .forEach(d -> out.add(new Case(d, 1)));
            }
        }
        return out.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothingIsNaN(Case c) {
        Distribution d = c.d();
        double[] values = d.isDiscrete() ? COUNTS : Arrays.stream(FAR).filter(x -> Double.isFinite((Math.abs(x) + c.loc()) / c.scale())).toArray();
        for (double v : values) {
            NDArray x = NDArray.of(v);
            assertThat(d.logProb(x).toDoubleArray()).as("log density at %s", v).doesNotContain(Double.NaN);
            if (!d.isDiscrete()) {
                assertThat(Functions.grad((NDArray y) -> d.logProb(y).sum()).apply(x).toDoubleArray())
                        .as("derivative at %s", v)
                        .doesNotContain(Double.NaN);
            }
            if (Pytree.leaves(d).stream().allMatch(p -> p.dtype().isFloating())) {
                Distribution slope = Functions.grad((Distribution p) -> p.logProb(x).sum()).apply(d);
                Pytree.leaves(slope).forEach(part ->
                        assertThat(part.toDoubleArray()).as("derivative by a parameter at %s", v).doesNotContain(Double.NaN));
            }
        }
    }

    /// Logarithms of the densities by mpmath, where the square of the standardised value is no double.
    @ParameterizedTest
    @CsvSource({"1e200, 1, -922.1787670834677", "1e3, 1e-300, -705.7357683420274"})
    void heavyTailsGoOn(double x, double scale, double cauchy) {
        double logZ = Math.log(x) - Math.log(scale);
        double want = -Math.log(Math.PI) - Math.log(scale) - 2 * logZ;
        assertThat(want).isCloseTo(cauchy, within(1e-9));
        assertThat(new Cauchy(0, scale).logProb(x).item()).isCloseTo(cauchy, within(1e-9));
        assertThat(new StudentT(1, 0, scale).logProb(x).item()).isCloseTo(cauchy, within(1e-9));
        assertThat(new HalfCauchy(scale).logProb(x).item()).isCloseTo(cauchy + Math.log(2), within(1e-9));
        assertThat(Functions.grad((NDArray s) -> new Cauchy(NDArray.as(0), s).logProb(x)).apply(NDArray.as(scale)).item())
                .isCloseTo(1 / scale, within(1e-9 / scale));
    }

    /// A wide distribution cut to a short interval is uniform; its mass is not a difference of two halves.
    @Test
    void aWideDistributionCutShort() {
        for (double scale : new double[] {1e3, 1e8, 1e150}) {
            for (Symmetric base : List.of(new Normal(0, scale), new Cauchy(0, scale), new Logistic(0.1, scale), new StudentT(3, 0.1, scale))) {
                assertThat(new TwoSidedTruncatedDistribution(base, -1, 1).logProb(0.25).item())
                        .as("%s", base)
                        .isCloseTo(-Math.log(2), within(1 / (scale * scale) + 1e-13));
            }
        }
    }

    /// Derivatives at an end where the exponent of the distance is 0: the density has its limit there, and a slope.
    @Test
    void exponentsThatAreZero() {
        assertThat(slope(new Beta(1, 1), 1)).isZero();
        assertThat(slope(new Beta(3, 1), 1)).isEqualTo(2);
        assertThat(slope(new Beta(1, 3), 0)).isEqualTo(-2);
        assertThat(slope(new Kumaraswamy(1, 1), 1)).isZero();
    }

    private static double slope(Distribution d, double x) {
        return Functions.grad((NDArray y) -> d.logProb(y)).apply(NDArray.as(x)).item();
    }

    /// Factors far out in every direction of the unconstrained space.
    @Test
    void factorsOfMatrices() {
        NDArray l = NDArray.of(new double[][] {{1, 0}, {0.4, 0.7}});
        for (Distribution d : List.of(new InverseWishartCholesky(NDArray.as(7.5), l), new WishartCholesky(NDArray.as(7.5), l))) {
            Transform t = d.support().bijection();
            for (double far : new double[] {100, 300, 400}) {
                for (int signs = 0; signs < 8; signs++) {
                    NDArray z = NDArray.of((signs & 1) == 0 ? far : -far, (signs & 2) == 0 ? far : -far, (signs & 4) == 0 ? far : -far);
                    UnaryOperator<NDArray> f = u -> d.logProb(t.call(u)).plus(t.logAbsDetJacobian(u, t.call(u)));
                    assertThat(f.apply(z).item()).as("%s at %s", d, z).isLessThan(0);
                    assertThat(Functions.grad((NDArray u) -> f.apply(u)).apply(z).toDoubleArray())
                            .as("%s at %s", d, z)
                            .doesNotContain(Double.NaN);
                }
            }
        }
    }
}
