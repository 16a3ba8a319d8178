package kiln.dist;

import static kiln.dist.KL.klDivergence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Divergences in closed form against deterministic integrals and sums of `p (log p − log q)`.
class KLTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /// @param check the divergence by integration
    record Row(Distribution p, Distribution q, ToDoubleBiFunction<Distribution, Distribution> check) {
        @Override
        public String toString() {
            return p.getClass().getSimpleName() + " " + q.getClass().getSimpleName();
        }
    }

    private static Row line(Distribution p, Distribution q, double... breaks) {
        return new Row(p, q, (a, b) -> Quadrature.integral(x -> difference(a, b, x).times(Np.exp(a.logProb(x))), breaks));
    }

    /// Matrices of one element.
    private static Row cells(Distribution p, Distribution q) {
        return new Row(p, q, (a, b) -> Quadrature.integral(
                x -> {
                    NDArray cells = x.reshape(-1, 1, 1);
                    return difference(a, b, cells).times(Np.exp(a.logProb(cells)));
                },
                0, INF));
    }

    private static Row counts(Distribution p, Distribution q, int from, int to) {
        return new Row(p, q, (a, b) -> Quadrature.sum(x -> difference(a, b, x).times(Np.exp(a.logProb(x))), from, to));
    }

    /// The trapezoidal rule on the torus, exact for smooth periodic functions.
    private static Row torus(Distribution p, Distribution q) {
        int n = 200;
        NDArray angle = Np.arange(n).times(2 * Math.PI / n).minus(Math.PI);
        NDArray all = Np.stack(Np.broadcastArrays(Np.expandDims(angle, 1), angle), -1);
        return new Row(p, q, (a, b) -> difference(a, b, all).times(Np.exp(a.logProb(all))).sum().item() * Math.pow(2 * Math.PI / n, 2));
    }

    private static Row grid(Distribution p, Distribution q, double half, int points) {
        return new Row(p, q, (a, b) -> Quadrature.expectation(a, x -> difference(a, b, x), half, points));
    }

    private static NDArray difference(Distribution p, Distribution q, NDArray x) {
        return p.logProb(x).minus(q.logProb(x));
    }

    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    private static NDArray m(double a, double b, double c, double d) {
        return NDArray.of(Shape.of(2, 2), a, b, c, d);
    }

    /// All vectors of counts of two trials with three outcomes.
    private static Row multinomial(Distribution p, Distribution q) {
        NDArray all = NDArray.of(new double[][] {{2, 0, 0}, {0, 2, 0}, {0, 0, 2}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}});
        return new Row(p, q, (a, b) -> difference(a, b, all).times(Np.exp(a.logProb(all))).sum().item());
    }

    static List<Row> rows() {
        return List.of(
                line(new Normal(0.5, 2), new Normal(-1, 0.7), -INF, INF),
                line(new LogNormal(0.5, 0.9), new LogNormal(-1, 0.7), 0, INF),
                line(new HalfNormal(2), new HalfNormal(0.7), 0, INF),
                line(new Gamma(0.6, 2), new Gamma(3, 0.7), 0, INF),
                line(new Exponential(2), new Exponential(0.7), 0, INF),
                line(new Exponential(2), new Gamma(3, 0.7), 0, INF),
                line(new Chi2(5), new Exponential(0.7), 0, INF),
                line(new Chi2(5), new Chi2(2.5), 0, INF),
                line(new InverseGamma(2.6, 2), new InverseGamma(3, 0.7), 0, INF),
                line(new Beta(0.6, 2), new Beta(3, 0.7), 0, 1),
                line(new BetaProportion(0.3, 4), new Beta(3, 0.7), 0, 1),
                line(new Laplace(0.5, 2), new Laplace(-1, 0.7), -INF, -1, 0.5, INF),
                line(new AsymmetricLaplace(0.5, 2, 0.6), new AsymmetricLaplace(-1, 0.7, 1.4), -INF, -1, 0.5, INF),
                line(new AsymmetricLaplace(-1, 2, 0.6), new AsymmetricLaplaceQuantile(0.5, 0.7, 0.4), -INF, -1, 0.5, INF),
                line(new AsymmetricLaplace(0.5, 2, 0.6), new Laplace(-1, 0.7), -INF, -1, 0.5, INF),
                line(new Laplace(0.5, 2), new AsymmetricLaplace(0.5, 0.7, 0.8), -INF, 0.5, INF),
                line(new Cauchy(0.5, 2), new Cauchy(-1, 0.7), -INF, INF),
                line(new HalfCauchy(2), new HalfCauchy(0.7), 0, INF),
                line(new Levy(0.5, 2), new Levy(0.5, 0.7), 0.5, INF),
                line(new Levy(1.5, 0.3), new Levy(0.5, 0.7), 1.5, INF),
                line(TruncatedNormal.of(0.5, 2, -1, 3), TruncatedNormal.of(-1, 0.7, -1, 3), -1, 0, 3),
                line(TruncatedNormal.of(0.5, 2, -1, 3), TruncatedNormal.of(-1, 0.7, -2, null), -1, 0, 3),
                line(TruncatedNormal.of(0.5, 2, 1, null), TruncatedNormal.of(-1, 1.7, 1, null), 1, INF),
                line(TruncatedNormal.of(0.5, 2, null, -2), TruncatedNormal.of(-1, 1.7, null, 0), -INF, -2),
                line(new Gumbel(0.5, 1.2), new Gumbel(-0.3, 1.7), -INF, INF),
                line(new Weibull(1.4, 1.7), new Weibull(0.8, 2.2), 0, INF),
                line(new Weibull(1.4, 1.7), new Gamma(2, 0.8), 0, INF),
                line(new Weibull(1.4, 0.7), new Exponential(0.8), 0, INF),
                line(new Gamma(2, 0.8), new Weibull(1.4, 1.7), 0, INF),
                line(new Exponential(0.8), new Weibull(1.4, 0.7), 0, INF),
                line(new Gompertz(0.2, 0.7), new Gompertz(3, 0.7), 0, INF),
                line(new Gompertz(2, 0.5), new Gompertz(0.4, 1.1), 0, INF),
                line(new Pareto(2, 3), new Pareto(1.5, 2), 2, INF),
                line(new LowerTruncatedPowerLaw(-2.5, 2), new LowerTruncatedPowerLaw(-4, 2), 2, INF),
                line(new DoublyTruncatedPowerLaw(-2.5, 2, 9), new DoublyTruncatedPowerLaw(1.2, 2, 9), 2, 9),
                line(new DoublyTruncatedPowerLaw(-1, 2, 9), new DoublyTruncatedPowerLaw(0.7, 1, 10), 2, 9),
                line(new Uniform(0, 1), new Uniform(-1, 4), 0, 1),
                line(new LogUniform(1, 2), new LogUniform(0.5, 4), 1, 2),
                line(new VonMises(0.5, 2), new VonMises(-1, 0.7), -Math.PI, 0.5, Math.PI),
                line(new Kumaraswamy(0.4, 0.9), new Beta(3, 0.7), 0, 1),
                line(new Kumaraswamy(3, 8), new Beta(0.6, 2), 0, 1),
                line(new Kumaraswamy(0.4, 0.9), new Kumaraswamy(3, 0.7), 0, 1),
                line(new Kumaraswamy(3, 8), new Kumaraswamy(3, 2), 0, 1),
                line(new HurdleGamma(0.2, 0.6, 2), new HurdleGamma(0.2, 3, 0.7), 0, INF),
                line(new HurdleLogNormal(0.2, 0.5, 0.9), new HurdleLogNormal(0.2, -1, 0.7), 0, INF),
                counts(new HurdlePoisson(0.2, 2), new HurdlePoisson(0.6, 0.7), 0, 80),
                counts(new HurdleLogits(new Poisson(0.02), 0.2), new HurdlePoisson(0.6, 0.7), 0, 80),
                counts(new HurdleProbs(new GammaPoisson(3.5, 0.7), NDArray.as(0.4)),
                        new HurdleProbs(new GammaPoisson(3.5, 1.7), NDArray.as(0.1)), 0, 1000),
                counts(new Bernoulli(0.2), new Bernoulli(0.7), 0, 1),
                counts(new Bernoulli(0.2), new Binomial(1, 0.7), 0, 1),
                counts(new BetaBinomial(0.7, 2, 9), new BetaBinomial(3, 1.5, 9), 0, 9),
                counts(new OrderedLogistic(0.5, v(-1, 0.2, 1)), new Categorical(v(0.1, 0.2, 0.3, 0.4)), 0, 3),
                counts(new Binomial(9, 0.3), new Poisson(2), 0, 9),
                counts(new ZeroInflatedLogits(new Binomial(5, 0.6), 0.5), new Binomial(5, 0.3), 0, 5),
                counts(new Geometric(0.4), new NegativeBinomial(1, 0.3), 0, 400),
                counts(new BernoulliLogits(0.2), new Bernoulli(0.7), 0, 1),
                counts(new Bernoulli(0.2), new BernoulliLogits(-3), 0, 1),
                counts(new Bernoulli(1), new BernoulliLogits(-3), 0, 1),
                counts(new Binomial(9, 0.2), new BinomialLogits(9, 0.7), 0, 9),
                counts(new BinomialLogits(9, 0.2), new Binomial(9, 0.7), 0, 9),
                counts(new Poisson(2), new Poisson(0.7), 0, 80),
                counts(new Geometric(0.4), new Geometric(0.7), 0, 400),
                counts(new GeometricLogits(0.4), new Geometric(0.7), 0, 400),
                counts(new NegativeBinomial(3.5, 0.4), new NegativeBinomialLogits(3.5, 0.7), 0, 1000),
                counts(new NegativeBinomial2(2, 3.5), new GammaPoisson(3.5, 0.7), 0, 1000),
                counts(new Categorical(v(0.2, 0.5, 0.3)), new Categorical(v(0.6, 0.1, 0.3)), 0, 2),
                counts(new CategoricalLogits(v(0.2, 0.5, -0.3)), new Categorical(v(0.6, 0.1, 0.3)), 0, 2),
                counts(new Categorical(v(0.2, 0.8, 0)), new CategoricalLogits(v(0.6, 0.1, 0.3)), 0, 2),
                counts(new DiscreteUniform(2, 4), new DiscreteUniform(1, 9), 2, 4),
                multinomial(new Multinomial(NDArray.of(2L), v(0.2, 0.5, 0.3)), new MultinomialLogits(NDArray.of(2L), v(0.6, 0.1, 0.3))),
                multinomial(new MultinomialLogits(NDArray.of(2L), v(0.6, 0.1, 0.3)), new Multinomial(NDArray.of(2L), v(0.2, 0.5, 0.3))),
                torus(new SineBivariateVonMises(0.5, -1, 2, 0.7, 0.6), new SineBivariateVonMises(0.5, -1, 0.9, 1.7, -0.4)),
                grid(new Dirichlet(v(2, 1.5, 3)), new Dirichlet(v(1, 4, 0.7)), 30, 200),
                grid(new MultivariateNormal(v(0.5, -1), m(1, 0, 0.4, 0.7)), new MultivariateNormal(v(0, 1), m(2, 0, -1, 1)), 14, 120),
                grid(new LowRankMultivariateNormal(v(0.5, -1), NDArray.of(Shape.of(2, 1), 1, 0.5), v(0.4, 0.7)),
                        new MultivariateNormal(v(0, 1), m(2, 0, -1, 1)), 14, 120),
                grid(new Normal(v(0.5, -1), v(0.6, 1.1)).toEvent(1), new MultivariateNormal(v(0, 1), m(2, 0, -1, 1)), 14, 120),
                grid(new MultivariateNormal(v(0.5, -1), m(1, 0, 0.4, 0.7)), new Normal(v(0.5, -1), v(0.6, 1.1)).toEvent(1), 14, 120),
                grid(new CirculantNormal(v(0.5, -1), v(2, 0.7)), new CirculantNormal(v(0, 1), v(0.9, 1.7)), 14, 120),
                grid(new CirculantNormal(v(0.5, -1, 0), v(2, 0.7)), new CirculantNormal(v(0, 1, 0.4), v(0.9, 1.7)), 10, 60),
                grid(new Normal(v(0.5, -1, 0), v(0.6, 1.1, 0.9)).toEvent(1), new CirculantNormal(v(0, 1, 0.4), v(0.9, 1.7)), 10, 60),
                grid(new MatrixNormal(NDArray.of(Shape.of(1, 2), 0.5, -1), NDArray.of(Shape.of(1, 1), 0.8), m(1, 0, 0.4, 0.7)),
                        new MatrixNormal(NDArray.of(Shape.of(1, 2), 0.0, 0.2), NDArray.of(Shape.of(1, 1), 1.1), m(0.7, 0, -0.4, 0.9)), 12, 120),
                grid(new CAR(v(0.5, -1), 0.4, 2, m(0, 1, 1, 0)), new CAR(v(0, 0.2), -0.3, 1.5, m(0, 1, 1, 0)), 12, 120),
                grid(new CAR(v(0.5, -1), 0.4, 2, m(0, 1, 1, 0)), new MultivariateNormal(v(0, 1), m(2, 0, -1, 1)), 12, 120),
                grid(new GaussianStateSpace(2, NDArray.of(Shape.of(1, 1), 0.8), NDArray.of(Shape.of(1, 1), 0.7)).from(v(0.6)),
                        new GaussianStateSpace(2, NDArray.of(Shape.of(1, 1), -0.3), NDArray.of(Shape.of(1, 1), 1.1)).from(v(-1)), 12, 120),
                grid(new GaussianStateSpace(3, NDArray.of(Shape.of(1, 1), 0.8), NDArray.of(Shape.of(1, 1), 0.7)),
                        new GaussianStateSpace(3, NDArray.of(Shape.of(1, 1), 0.5), NDArray.of(Shape.of(1, 1), 0.9)).from(v(1)), 9, 60),
                grid(new GaussianRandomWalk(0.8, 2), new GaussianRandomWalk(1.1, 2), 12, 120),
                grid(new ZeroSumNormal(NDArray.as(0.8), Shape.of(3)), new ZeroSumNormal(NDArray.as(1.1), Shape.of(3)), 12, 120),
                grid(new Wishart(NDArray.as(4.5), m(1, 0, 0.4, 0.7)), new Wishart(NDArray.as(3), m(1.2, 0, -0.3, 0.9)), 8, 110),
                grid(new WishartCholesky(NDArray.as(4.5), m(1, 0, 0.4, 0.7)),
                        new WishartCholesky(NDArray.as(3), m(1.2, 0, -0.3, 0.9)), 8, 110),
                cells(new InverseWishart(NDArray.as(7.5), NDArray.of(Shape.of(1, 1), 0.8)),
                        new InverseWishart(NDArray.as(3), NDArray.of(Shape.of(1, 1), 1.3))),
                cells(new InverseWishartCholesky(NDArray.as(7.5), NDArray.of(Shape.of(1, 1), 0.8)),
                        new InverseWishartCholesky(NDArray.as(3), NDArray.of(Shape.of(1, 1), 1.3))),
                grid(new LKJ(2, NDArray.as(1.5)), new LKJ(2, NDArray.as(4)), 15, 400),
                grid(new LKJCholesky(3, NDArray.as(1.5)), new LKJCholesky(3, NDArray.as(4)), 9, 72));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theClosedFormIsTheIntegral(Row row) {
        double want = row.check().applyAsDouble(row.p(), row.q());
        assertThat(klDivergence(row.p(), row.q()).item()).isCloseTo(want, within(1e-9 * Math.max(1, want)));
        assertThat(want).isGreaterThan(1e-3);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void equalDistributionsHaveNone(Row row) {
        assertThat(klDivergence(row.p(), row.p()).item()).isCloseTo(0, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void derivativesAndCompiledCode(Row row) {
        if (List.of(BetaBinomial.class, Binomial.class, ZeroInflatedLogits.class).contains(row.p().getClass())
                && !(row.q() instanceof BinomialLogits)) {
            // How many values there are must be known.
            return;
        }
        NDArray compiled = Functions.jit((List<Distribution> d) -> klDivergence(d.getFirst(), d.get(1)))
                .apply(List.of(row.p(), row.q()));
        assertThat(compiled.item()).isCloseTo(klDivergence(row.p(), row.q()).item(), within(1e-11 * Math.max(1, compiled.item())));
        if (Pytree.leaves(List.of(row.p(), row.q())).stream().allMatch(x -> x.dtype().isFloating())) {
            var slopes = Functions.grad((List<Distribution> d) -> klDivergence(d.getFirst(), d.get(1)).sum()).apply(List.of(row.p(), row.q()));
            assertThat(Pytree.leaves(slopes)).allSatisfy(s -> assertThat(s.toDoubleArray()).doesNotContain(Double.NaN));
        }
    }

    @Test
    void thePairsAreCounted() {
        var pairs = rows().stream().map(Row::toString).distinct().toList();
        System.out.println(pairs.size() + " pairs of types with a divergence in closed form, and those of wrappers");
        assertThat(pairs).hasSizeGreaterThan(75);
        // What NumPyro 0.21 registers, but for the wrappers of the next test.
        assertThat(pairs).contains(
                "Normal Normal", "MultivariateNormal MultivariateNormal", "Independent CirculantNormal", "Beta Beta", "Categorical Categorical",
                "Dirichlet Dirichlet", "Gamma Gamma", "Weibull Gamma", "Kumaraswamy Beta");
    }

    /// The value in NumPyro's tests, which is computed in single precision, and the exact one.
    @Test
    void thePrintedValueOfNumPyro() {
        var p = new MultivariateNormal(Np.zeros(2), Np.eye(2));
        var q = MultivariateNormal.covariance(Np.ones(2), m(2, 0.8, 0.8, 0.5));
        assertThat(klDivergence(p, q).item()).isCloseTo(3.21138, within(2e-5));
        assertThat(klDivergence(p, q).item()).isCloseTo(0.5 * (2.5 / 0.36 + 0.9 / 0.36 - 2 + Math.log(0.36)), within(1e-13));
    }

    /// The pairs of NumPyro 0.21's registry that are not families: delta, expanded, independent, masked distributions.
    @Test
    void wrappersPassTheDivergenceOn() {
        var p = new Normal(v(0.5, 1, -2), 1.5);
        var q = new Normal(0, v(1, 2, 3));
        NDArray each = klDivergence(p, q);
        assertThat(each.shape()).isEqualTo(Shape.of(3));
        NDArray wide = Np.broadcastTo(each, Shape.of(2, 3));
        assertThat(klDivergence(p.expand(2, 3), q).toDoubleArray()).containsExactly(wide.toDoubleArray());
        assertThat(klDivergence(p, q.expand(2, 3)).toDoubleArray()).containsExactly(wide.toDoubleArray());
        assertThat(klDivergence(p.expand(2, 3), q.expand(2, 3)).toDoubleArray()).containsExactly(wide.toDoubleArray());
        assertThat(klDivergence(p.toEvent(1), q.toEvent(1)).item()).isCloseTo(each.sum().item(), within(1e-15));
        assertThat(klDivergence(p.expand(2, 3).toEvent(2), q.expand(2, 3).toEvent(2)).item())
                .isCloseTo(2 * each.sum().item(), within(1e-14));
        NDArray mask = NDArray.of(true, false, true);
        assertThat(klDivergence(p.mask(mask), q.mask(mask)).toDoubleArray())
                .containsExactly(each.get(0).item(), 0, each.get(2).item());
        var dot = new Delta(v(0.5, 1), v(0.25, 0), 0);
        assertThat(klDivergence(dot, new Normal(0, 1)).toDoubleArray()).containsExactly(
                new double[] {0.25 + 0.125 + 0.9189385332046727, 0.5 + 0.9189385332046727}, within(1e-15));
        assertThat(klDivergence(dot, new Normal(0, 1).expand(2)).shape()).isEqualTo(Shape.of(2));
    }

    @Test
    void whereNoMassIsTheDivergenceIsInfinite() {
        assertThat(klDivergence(new Uniform(0, 1), new Uniform(0.5, 4)).item()).isEqualTo(INF);
        assertThat(klDivergence(new Levy(0, 1), new Levy(0.5, 4)).item()).isEqualTo(INF);
        assertThat(klDivergence(TruncatedNormal.of(0, 1, -1, null), TruncatedNormal.of(0, 1, -1, 9)).item()).isEqualTo(INF);
        assertThat(klDivergence(new DoublyTruncatedPowerLaw(1, 0, 2), new DoublyTruncatedPowerLaw(1, 1, 2)).item()).isEqualTo(INF);
        assertThat(klDivergence(new HurdlePoisson(0.5, 2), new HurdlePoisson(0, 2)).item()).isEqualTo(INF);
        assertThat(klDivergence(new Pareto(1, 3), new Pareto(2, 3)).item()).isEqualTo(INF);
        assertThat(klDivergence(new Bernoulli(0.5), new Bernoulli(0)).item()).isEqualTo(INF);
        assertThat(klDivergence(new Bernoulli(0), new Bernoulli(0)).item()).isZero();
        assertThat(klDivergence(new DiscreteUniform(0, 5), new DiscreteUniform(1, 5)).item()).isEqualTo(INF);
    }

    /// With first parameter 1 a Kumaraswamy distribution is a beta distribution, also where its density piles up at 1; with second
    /// parameter 1 too.
    @Test
    void kumaraswamyMeetsBeta() {
        var q = new Beta(v(3, 0.4), v(0.7, 2.5));
        for (double b : new double[] {0.05, 0.3, 1, 7, 300}) {
            double[] want = klDivergence(new Beta(1, b), q).toDoubleArray();
            double[] got = klDivergence(new Kumaraswamy(1, b), q).toDoubleArray();
            for (int i = 0; i < want.length; i++) {
                assertThat(got[i]).isCloseTo(want[i], within(1e-12 * Math.max(1, want[i])));
            }
        }
        assertThat(klDivergence(new Kumaraswamy(5, 1), new Beta(5, 1)).item()).isCloseTo(0, within(1e-13));
    }

    /// The divergence of matrices is that of their inverses.
    @Test
    void inverseWishartMatricesAreInverse() {
        NDArray a = NDArray.of(new double[][] {{1.5, 0, 0}, {-0.4, 0.7, 0}, {0.2, 1.1, 2}});
        NDArray b = NDArray.of(new double[][] {{1, 0, 0}, {0.3, 1.2, 0}, {0.1, -0.5, 0.8}});
        double want = klDivergence(Wishart.rate(NDArray.as(6.5), square(a)), Wishart.rate(NDArray.as(4.2), square(b))).item();
        assertThat(klDivergence(new InverseWishart(NDArray.as(6.5), a), new InverseWishart(NDArray.as(4.2), b)).item())
                .isCloseTo(want, within(1e-11 * want));
        assertThat(klDivergence(new InverseWishartCholesky(NDArray.as(6.5), a), new InverseWishartCholesky(NDArray.as(4.2), b)).item())
                .isCloseTo(want, within(1e-11 * want));
    }

    private static NDArray square(NDArray lower) {
        return lower.matmul(Np.matrixTranspose(lower));
    }

    /// A matrix of independent columns is a long vector: the Kronecker product of the covariances.
    @Test
    void matrixNormalsAreLongVectors() {
        NDArray tril = NDArray.of(new double[][] {{1.5, 0, 0}, {-0.4, 0.7, 0}, {0.2, 1.1, 2}});
        var p = new MatrixNormal(Np.arange(6).times(0.3).reshape(2, 3), m(1, 0, 0.4, 0.7), tril);
        var q = new MatrixNormal(Np.zeros(2, 3), m(0.8, 0, -0.2, 1.3), Np.eye(3));
        var a = new MultivariateNormal(Np.arange(6).times(0.3), kiln.array.Linalg.kron(m(1, 0, 0.4, 0.7), tril));
        var b = new MultivariateNormal(Np.zeros(6), kiln.array.Linalg.kron(m(0.8, 0, -0.2, 1.3), Np.eye(3)));
        assertThat(klDivergence(p, q).item()).isCloseTo(klDivergence(a, b).item(), within(1e-12));
    }

    /// Around the same hurdle the divergence is that of the values behind it, for the share of them.
    @Test
    void twoHurdlesAndTheirValues() {
        NDArray gates = klDivergence(new Bernoulli(0.2), new Bernoulli(0.7));
        NDArray values = klDivergence(new Gamma(0.6, 2), new Gamma(3, 0.7));
        assertThat(klDivergence(new HurdleGamma(0.2, 0.6, 2), new HurdleGamma(0.7, 3, 0.7)).item())
                .isCloseTo(gates.item() + 0.8 * values.item(), within(1e-13));
    }

    @Test
    void sineDistributionsWithOtherDirectionsAreRefused() {
        assertThatThrownBy(() -> klDivergence(new SineBivariateVonMises(0.5, -1, 2, 1, 0.5), new SineBivariateVonMises(0, -1, 2, 1, 0.5)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("KL: the two distributions have different directions")
                .hasMessageContaining("0.5 and 0");
    }

    @Test
    void anUnknownPairIsRefused() {
        assertThatThrownBy(() -> klDivergence(new StudentT(3, 0, 1), new Normal(0, 1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith(
                        """
                        KL: the divergence of this pair is not known in closed form.
                          Expected: two members of one exponential family, or a pair listed in the documentation of KL
                          Got:      StudentT and Normal
                        """)
                .hasMessageContaining("Fix:      estimate it: x = p.sample(key, Shape.of(10_000)); p.logProb(x).minus(q.logProb(x)).mean(0).");
        assertThatThrownBy(() -> klDivergence(new Binomial(3, 0.5), new Binomial(4, 0.5)))
                .hasMessageContaining("KL: the two distributions count different numbers of trials.");
        assertThatThrownBy(() -> klDivergence(
                        new Normal(0, 1).mask(NDArray.of(true, false)), new Normal(1, 1).mask(NDArray.of(true, true))))
                .hasMessageContaining("KL: the two distributions have different masks.");
    }
}
