package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Moments, entropies and distribution functions that Kiln integrates: against integrals of the density, which share nothing with them
/// but the density, and against mpmath.
class QuadratureMomentsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /// A distribution of one number, with places between which its density is smooth.
    record Case(Distribution d, List<Double> breaks) {
        @Override
        public String toString() {
            return d.toString();
        }
    }

    private static Case between(Distribution d, Double... breaks) {
        return new Case(d, List.of(breaks));
    }

    static Stream<Case> cases() {
        return Stream.of(
                between(new LeftTruncatedDistribution(new Laplace(1, 2), 0.5), 0.5, 1.0, 3.0, INF),
                between(new LeftTruncatedDistribution(new Laplace(1, 2), 4), 4.0, 6.0, INF),
                between(new LeftTruncatedDistribution(new Logistic(-1, 2), 3), 3.0, 8.0, INF),
                between(new LeftTruncatedDistribution(new SoftLaplace(0, 0.5), -1), -1.0, 0.0, 1.0, INF),
                between(new RightTruncatedDistribution(new Logistic(1, 2), 0), -INF, -4.0, 0.0),
                between(new RightTruncatedDistribution(new Laplace(1, 2), 3), -INF, -1.0, 1.0, 3.0),
                between(new RightTruncatedDistribution(new Normal(1, 2), -3), -INF, -5.0, -3.0),
                between(new TwoSidedTruncatedDistribution(new Laplace(1, 2), -1, 2), -1.0, 1.0, 2.0),
                between(new TwoSidedTruncatedDistribution(new Logistic(20, 2), 3, 7), 3.0, 7.0),
                between(new TwoSidedTruncatedDistribution(new SoftLaplace(0, 2), 3, 7), 3.0, 7.0),
                between(new TwoSidedTruncatedDistribution(new StudentT(3.5, 0, 1), -2, 5), -2.0, 0.0, 5.0),
                between(new TwoSidedTruncatedDistribution(new Normal(0, 1), -1, 3), -1.0, 0.0, 3.0),
                between(new TwoSidedTruncatedDistribution(new Cauchy(0, 1), -1, 3), -1.0, 0.0, 3.0),
                between(new FoldedDistribution(new Normal(0, 1)), 0.0, 1.0, INF),
                between(new FoldedDistribution(new Normal(-3, 2)), 0.0, 3.0, INF),
                between(new FoldedDistribution(new Logistic(0.7, 2)), 0.0, 2.0, INF),
                between(new FoldedDistribution(new Laplace(0.7, 2)), 0.0, 0.7, INF),
                between(new DoublyTruncatedPowerLaw(-1, 2, 9), 2.0, 9.0),
                between(new DoublyTruncatedPowerLaw(-2.5, 2, 9), 2.0, 9.0),
                between(new DoublyTruncatedPowerLaw(3, 0, 9), 0.0, 9.0),
                between(new DoublyTruncatedPowerLaw(-0.5, 0, 1), 0.0, 1.0),
                between(new Gompertz(0.2, 0.7), 0.0, 3.0, INF),
                between(new Gompertz(3, 0.7), 0.0, 0.5, INF),
                between(new Gompertz(1e-4, 1), 0.0, 9.0, INF),
                between(new RelaxedBernoulliLogits(2, 0.7), 0.0, 0.5, 1.0),
                between(new RelaxedBernoulliLogits(0.9, -3), 0.0, 0.5, 1.0),
                between(new RelaxedBernoulliLogits(20, 1), 0.0, 0.5, 1.0));
    }

    private static double expect(Case c, UnaryOperator<NDArray> f) {
        return Quadrature.integral(
                x -> {
                    NDArray logP = c.d().logProb(x);
                    return Np.where(logP.eq(-INF), 0.0, Np.exp(logP).times(f.apply(x)));
                },
                c.breaks().stream().mapToDouble(x -> x).toArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void momentsAreIntegralsOfTheDensity(Case c) {
        double mean = expect(c, x -> x);
        double variance = expect(c, x -> Np.square(x.minus(mean)));
        assertThat(c.d().mean().item()).isCloseTo(mean, within(1e-12 * Math.max(1, Math.abs(mean))));
        assertThat(c.d().variance().item()).isCloseTo(variance, within(1e-10 * variance));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void entropiesAreIntegralsOfTheDensity(Case c) {
        assertThat(c.d().entropy().item()).isCloseTo(expect(c, x -> c.d().logProb(x).unaryMinus()), within(1e-11));
    }

    /// Values of mpmath with 30 digits, from the logistic noise; the density is too steep at the ends to be integrated.
    @ParameterizedTest
    @CsvSource({
        "0.05, -1, 0.26931360549741993, 0.18696048362326029, -27.567059805462437",
        "0.5, -3, 0.065299750761989368, 0.032592228630149387, -3.589229228637629",
        "20, 1, 0.51247186190654665, 0.00051048357534397062, -2.3847035156657784"
    })
    void aRelaxedBernoulliVariable(double temperature, double logits, double mean, double variance, double entropy) {
        var d = new RelaxedBernoulliLogits(temperature, logits);
        assertThat(d.mean().item()).isCloseTo(mean, within(1e-13));
        assertThat(d.variance().item()).isCloseTo(variance, within(1e-12 * variance));
        assertThat(d.entropy().item()).isCloseTo(entropy, within(1e-12 * Math.abs(entropy)));
    }

    /// Of t^−2 on a short interval [a, b] the mean is a b log(b/a) / (b − a), and the variance nearly (b − a)²/12.
    @Test
    void aPowerLawOnAShortInterval() {
        double a = 2;
        double b = 2.0001;
        var d = new DoublyTruncatedPowerLaw(-2, a, b);
        assertThat(d.mean().item()).isCloseTo(a * b * Math.log1p((b - a) / a) / (b - a), within(1e-14));
        assertThat(d.variance().item()).isCloseTo((b - a) * (b - a) / 12, within(1e-8 * (b - a) * (b - a) / 12));
        assertThat(d.entropy().item()).isCloseTo(Math.log(b - a), within(1e-9));
    }

    /// They are made of operations, so they have derivatives and compile.
    @Test
    void momentsDifferentiateAndCompile() {
        UnaryOperator<NDArray> mean = a -> new LeftTruncatedDistribution(new Logistic(a, 2), 3).mean();
        double h = 1e-5;
        double slope = (mean.apply(NDArray.as(1 + h)).item() - mean.apply(NDArray.as(1 - h)).item()) / (2 * h);
        assertThat(Functions.grad((NDArray a) -> mean.apply(a)).apply(NDArray.as(1.0)).item()).isCloseTo(slope, within(1e-8));
        assertThat(Functions.jit((NDArray a) -> mean.apply(a)).apply(NDArray.as(1.0)).item())
                .isCloseTo(mean.apply(NDArray.as(1.0)).item(), within(1e-13));
    }

    /// Values of mpmath with 40 digits: the integral of the density from −π, divided by that up to π.
    @ParameterizedTest
    @CsvSource({
        "0, 0.01, 1, 0.660495978288618215",
        "0.5, 1, -2, 0.05590082122859389787",
        "1, 5, 1.5, 0.8587753271519729712",
        "-3, 2, 3, 0.9302679274379305078",
        "0.3, 50, 0.1, 0.07952431606837710426",
        "2, 10000, 2.01, 0.8413407130332346962",
        "3, 1000, -3.1, 3.848287339893613672e-6"
    })
    void theVonMisesDistributionFunction(double loc, double concentration, double x, double want) {
        var d = new VonMises(loc, concentration);
        assertThat(d.cdf(NDArray.as(x)).item()).isCloseTo(want, within(1e-14));
        assertThat(d.cdf(NDArray.of(-Math.PI, Math.PI)).toDoubleArray()).containsExactly(new double[] {0, 1}, within(1e-15));
        double slope = Functions.grad((NDArray v) -> d.cdf(v)).apply(NDArray.as(x)).item();
        double density = Math.exp(d.logProb(x).item());
        assertThat(d.icdf(NDArray.as(want)).item()).isCloseTo(x, within(1e-14 / density + 1e-14));
        assertThat(slope).isCloseTo(density, within(1e-12 * Math.max(1, density)));
    }

    /// Values of mpmath with 40 digits: sums of the masses.
    @ParameterizedTest
    @CsvSource({
        "0.7, 6, 2.5, 0, 0.7796938660283732577",
        "0.7, 6, 2.5, 3, 0.9869048823517963053",
        "3, 6, 2.5, 10, 0.9926271261630332685",
        "3, 0.5, 2, 1000, 0.9214185595031855967",
        "200, 300, 50, 33, 0.528453670502672625",
        "0.2, 1.5, 0.1, 4, 0.998690991463345753"
    })
    void theBetaNegativeBinomialDistributionFunction(double a, double b, double n, double k, double want) {
        var d = new BetaNegativeBinomial(a, b, n);
        assertThat(d.cdf(NDArray.as(k)).item()).isCloseTo(want, within(1e-12));
        assertThat(d.cdf(NDArray.of(-1, k + 0.5)).toDoubleArray()).containsExactly(new double[] {0, want}, within(1e-12));
    }

    static List<String[]> tails() throws IOException {
        return Rows.of("beta-negative-binomial-tails.csv");
    }

    /// Against `tools/beta-negative-binomial-tails.py`.
    @ParameterizedTest
    @MethodSource("tails")
    void theBetaNegativeBinomialTail(String a, String b, String n, String count, String probability) {
        double k = Double.parseDouble(count);
        double want = Double.parseDouble(probability);
        var d = new BetaNegativeBinomial(Double.valueOf(a), Double.valueOf(b), Double.valueOf(n));
        NDArray at = NDArray.of(k, -1, Double.POSITIVE_INFINITY, k + 0.5);
        double[] all = {want, 1, 0, want};
        assertThat(d.sf(at).toDoubleArray()).containsExactly(all, within(2e-12 * want));
        assertThat(Functions.jit((NDArray x) -> d.sf(x)).apply(at).toDoubleArray()).isEqualTo(d.sf(at).toDoubleArray());
        if (k < 1e6) {
            assertThat(d.cdf(at).toDoubleArray()).containsExactly(new double[] {1 - want, 0, 1, 1 - want}, within(1e-12));
            assertThat(Functions.jit((NDArray x) -> d.cdf(x)).apply(at).toDoubleArray()).isEqualTo(d.cdf(at).toDoubleArray());
        }
    }

    /// What a search for quantiles does outside of (0, 1): the ends of the support, and NaN.
    @Test
    void quantilesAtTheEnds() {
        NDArray q = NDArray.of(-0.1, 0, 1, 1.1, Double.NaN);
        assertThat(new Poisson(3).icdf(q).toDoubleArray()).containsExactly(Double.NaN, 0, INF, Double.NaN, Double.NaN);
        assertThat(new Binomial(7, 0.3).icdf(q).toDoubleArray()).containsExactly(Double.NaN, 0, 7, Double.NaN, Double.NaN);
        assertThat(new VonMises(1, 2).icdf(q).toDoubleArray()).containsExactly(Double.NaN, -Math.PI, Math.PI, Double.NaN, Double.NaN);
    }

    /// Categories are numbered. The mean of an ordered one is the sum of the probabilities to lie above each cut.
    @Test
    void momentsOfCategories() {
        var three = new Categorical(NDArray.of(new double[][] {{0.2, 0.3, 0.5}, {0, 1, 0}}));
        assertThat(three.mean().toDoubleArray()).containsExactly(new double[] {1.3, 1}, within(1e-15));
        assertThat(three.variance().toDoubleArray()).containsExactly(new double[] {0.61, 0}, within(1e-15));
        assertThat(new CategoricalLogits(NDArray.of(0, Math.log(3))).mean().item()).isCloseTo(0.75, within(1e-15));
        double above = 1 / (1 + Math.exp(-1.5)) + 1 / (1 + Math.exp(-0.3)) + 1 / (1 + Math.exp(0.5));
        assertThat(new OrderedLogistic(0.5, NDArray.of(-1, 0.2, 1)).mean().item()).isCloseTo(above, within(1e-14));
    }

    /// Published: the median of Poisson(λ) is λ for integers (Choi 1994), quantiles of Binomial(20, 0.3) from its table.
    @Test
    void quantilesOfCounts() {
        for (int rate : new int[] {1, 2, 10, 1000, 1_000_000}) {
            assertThat(new Poisson(rate).icdf(NDArray.as(0.5)).item()).isEqualTo(rate);
        }
        assertThat(new Binomial(20, 0.3).icdf(NDArray.of(0.05, 0.25, 0.5, 0.9, 0.99)).toDoubleArray()).containsExactly(3, 5, 6, 9, 11);
        assertThatThrownBy(() -> new Delta(NDArray.of(1.5, 2), NDArray.as(0), 1).icdf(NDArray.as(0.5)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Delta: icdf(q) is not available for this distribution");
        assertThat(new Delta(1.5).icdf(NDArray.of(-0.1, 0, 0.5, 1)).toDoubleArray()).containsExactly(Double.NaN, 1.5, 1.5, 1.5);
        assertThat(new Delta(1.5).cdf(NDArray.of(1, 1.5, 2)).toDoubleArray()).containsExactly(0, 1, 1);
    }

    /// The entropy is −E log p, here by the trapezoidal rule over the plane; that of a finite support is a sum.
    @Test
    void entropiesOfSeveralNumbers() {
        var student = new MultivariateStudentT(NDArray.as(30), NDArray.of(0.5, -1),
                NDArray.of(new double[][] {{1.5, 0}, {-0.4, 0.7}}));
        assertThat(student.entropy().item())
                .isCloseTo(Quadrature.expectation(student, x -> student.logProb(x).unaryMinus(), 22, 401), within(1e-9));
        var walk = new GaussianRandomWalk(NDArray.as(0.7), 2);
        assertThat(walk.entropy().item())
                .isCloseTo(Quadrature.expectation(walk, x -> walk.logProb(x).unaryMinus(), 12, 401), within(1e-10));
        var matrix = new MatrixNormal(NDArray.of(new double[][] {{1, 2}}), NDArray.of(new double[][] {{1.3}}),
                NDArray.of(new double[][] {{1.5, 0}, {-0.4, 0.7}}));
        assertThat(matrix.entropy().item())
                .isCloseTo(Quadrature.expectation(matrix, x -> matrix.logProb(x).unaryMinus(), 22, 401), within(1e-10));
        for (Distribution d : List.of(new Binomial(7, 0.3), new BetaBinomial(2, 3, 9), new Binomial(4, 0.0))) {
            double want = 0;
            for (int k = 0; k <= 9; k++) {
                double p = Math.exp(d.logProb(k).item());
                want -= p > 0 ? p * Math.log(p) : 0;
            }
            assertThat(d.entropy().item()).isCloseTo(want, within(1e-13));
        }
        assertThat(new Binomial(7, NDArray.of(0.1, 0.5)).entropy().shape()).isEqualTo(Shape.of(2));
    }
}
