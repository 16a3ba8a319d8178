package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.PowerTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.SimplexToOrderedTransform;
import kiln.dist.transform.SoftplusTransform;
import kiln.dist.transform.StickBreakingTransform;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Densities of one number and their derivatives far out and at the ends, under parameters that are hardly any: a scale of 10⁻³⁰⁰, a
/// concentration of 10⁻⁸ or 10⁸, a probability next to 0 or 1. Nothing is NaN as long as the standardised value is a double (of a Dagum
/// distribution, by the quantile of an asymmetric Laplace distribution, and of distributions made of others: as long as its derivative is one).
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

    /// Distributions made of others: truncated, folded, censored, mixed, inflated, behind a hurdle, masked.
    static Stream<Case> composites() {
        List<Case> out = new ArrayList<>();
        NDArray yes = Np.scalar(true);
        List<BiFunction<Double, Double, Symmetric>> symmetric = List.of(
                Normal::new, Cauchy::new, Laplace::new, Logistic::new, SoftLaplace::new, (m, s) -> new StudentT(3, m, s));
        for (double s : SCALES) {
            for (double m : new double[] {0, 1e6}) {
                for (var f : symmetric) {
                    Symmetric base = f.apply(m, s);
                    NDArray weights = NDArray.of(0.3, 0.7);
                    Stream.of(
                                    new LeftTruncatedDistribution(base, m), new LeftTruncatedDistribution(base, m + 1),
                                    new LeftTruncatedDistribution(base, m + 3 * s), new RightTruncatedDistribution(base, m - 1),
                                    new RightTruncatedDistribution(base, m - 3 * s), new TwoSidedTruncatedDistribution(base, m, m + 1),
                                    new TwoSidedTruncatedDistribution(base, m - 1, m + 1),
                                    new TwoSidedTruncatedDistribution(base, m + 1, m + 2), new FoldedDistribution(base),
                                    new RightCensoredDistribution(base, yes), new LeftCensoredDistribution(base, yes),
                                    new RightCensoredDistribution(base, Np.scalar(false)), new Masked(base, Np.scalar(false)),
                                    new HurdleProbs(new FoldedDistribution(base), NDArray.as(0.3)),
                                    new HurdleLogits(new FoldedDistribution(base), NDArray.as(-700.0)),
                                    new MixtureGeneral(new CategoricalLogits(NDArray.of(0.3, 800)), List.of(base, base)),
                                    new TransformedDistribution(base, new AffineTransform(NDArray.as(1.0), NDArray.as(2.0))))
                            .forEach(d -> out.add(new Case(d, m, s * Math.min(s, 1))));
                    double least = Math.min(s, 1);
                    out.add(new Case(new MixtureGeneral(new Categorical(weights), List.of(base, new Normal(0, 1))), m, least * least));
                    out.add(new Case(new TransformedDistribution(base, new ExpTransform()), m, least * least));
                }
            }
            NDArray nowhere = NDArray.of(s, 2 * s);
            Stream.of(
                            new MixtureGeneral(
                                    new Categorical(NDArray.of(0.3, 0.7)), List.of(new Uniform(0, s), new Uniform(0, 2 * s)),
                                    Constraints.real),
                            new MixtureSameFamily(new Categorical(NDArray.of(0.3, 0.7)), new Exponential(Np.reciprocal(nowhere))),
                            new MixtureGeneral(new Categorical(NDArray.of(0.0, 1.0)), List.of(new HalfNormal(s), new HalfCauchy(s))),
                            new MixtureGeneral(new CategoricalLogits(NDArray.of(-800, 0.0)), List.of(new HalfNormal(s), new HalfCauchy(s))),
                            new HurdleProbs(new HalfNormal(s), NDArray.as(0.3)), new HurdleLogNormal(1e-300, 0, s))
                    .forEach(d -> out.add(new Case(d, s * Math.min(s, 1))));
            List<Distribution> survival = new ArrayList<>(List.of(new HalfNormal(s), new Exponential(1 / s), new LogNormal(0, s)));
            for (double c : CONCENTRATIONS) {
                Distribution weibull = new Weibull(s, c);
                Distribution gompertz = new Gompertz(c, 1 / s);
                survival.addAll(List.of(weibull, gompertz, new Gamma(c, 1 / s)));
                Stream.of(
                                weibull, gompertz, new Gompertz(s, c), new HurdleProbs(weibull, NDArray.as(0.3)),
                                new HurdleProbs(gompertz, NDArray.as(1e-300)), new Masked(weibull, Np.scalar(false)),
                                new MixtureGeneral(new Categorical(NDArray.of(0.3, 0.7)), List.of(weibull, gompertz)),
                                new ZeroInflatedProbs(new NegativeBinomial2(s, c), NDArray.as(0.3)),
                                new ZeroInflatedLogits(new NegativeBinomial2(s, c), NDArray.as(-700.0)),
                                HurdleNegativeBinomial2.of(s, c, 0.3))
                        .forEach(d -> out.add(new Case(d, s * Math.min(s, 1) / Math.max(c, 1))));
            }
            for (Distribution d : survival) {
                out.add(new Case(new RightCensoredDistribution(d, yes), s * Math.min(s, 1)));
                if (s < 1e150) { // else 1e-300 in scales is 0, where a power has an infinite slope
                    out.add(new Case(new LeftCensoredDistribution(d, yes), s * Math.min(s, 1)));
                }
            }
            for (double p : new double[] {0, 1e-300, 1e-12, 0.5, 1 - 0x1p-53, 1}) {
                NDArray weights = NDArray.of(p, 1 - p);
                Stream.of(
                                new ZeroInflatedPoisson(p, s), new HurdlePoisson(p, s), new HurdleGamma(p, 2, 1 / s),
                                new MixtureGeneral(new Categorical(weights), List.of(new HalfNormal(s), new Exponential(1 / s))),
                                new MixtureSameFamily(new Categorical(weights), new Poisson(nowhere)),
                                new ZeroInflatedProbs(new Geometric(0.5), NDArray.as(p)),
                                new HurdleProbs(new Binomial(10, 0.3), NDArray.as(p)))
                        .forEach(d -> out.add(new Case(d, s * Math.min(s, 1))));
            }
        }
        return out.stream();
    }

    /// Densities that are 0, infinite or steep at an end of their support, beside others, behind a hurdle, censored.
    static Stream<Case> ends() {
        List<Distribution> bases = new ArrayList<>(List.of(
                new Levy(0, 1), new HalfCauchy(1), new DoublyTruncatedPowerLaw(1.5, 0, 1), new RelaxedBernoulli(2, 0.3), new Uniform(0, 1),
                new BetaProportion(0.3, 4), new TruncatedPolyaGamma(Shape.SCALAR), new Gumbel(0, 1e-3), new InverseGamma(2, 1)));
        for (double c : new double[] {0.5, 1, 1.5, 2, 3}) {
            bases.addAll(List.of(
                    new Gamma(c, 1), new Weibull(1, c), new Dagum(c, 2, 1), new Beta(c, 2), new Beta(2, c), new Kumaraswamy(c, 2),
                    new Kumaraswamy(2, c)));
        }
        for (Distribution d : List.of(new Normal(0, 1), new Logistic(0, 1), new Cauchy(0, 1), new Laplace(0, 1), new StudentT(3, 0, 1))) {
            bases.add(new TransformedDistribution(d, new SigmoidTransform()));
        }
        bases.add(new TransformedDistribution(new Normal(0, 1), new SoftplusTransform()));
        bases.add(new TransformedDistribution(new Exponential(1), new PowerTransform(NDArray.as(2.0))));
        Categorical weights = new Categorical(NDArray.of(0.3, 0.7));
        List<Case> out = new ArrayList<>();
        for (Distribution d : bases) {
            Stream.of(
                            d, new MixtureGeneral(weights, List.of(d, new Normal(0, 1)), Constraints.real),
                            new MixtureGeneral(weights, List.of(new Exponential(1), d), Constraints.positive),
                            new HurdleProbs(Check.reachesBelow(d.support(), 0) ? new FoldedDistribution(d) : d, 0.3),
                            new RightCensoredDistribution(d, Np.scalar(true)), new Masked(d, Np.scalar(false)))
                    .forEach(e -> out.add(new Case(e, 1)));
        }
        List<Distribution> counts = List.of(
                new Poisson(0), new Binomial(10, 0), new Binomial(10, 1), new Bernoulli(0), new Bernoulli(1), new BernoulliLogits(-800),
                new Geometric(1), new GeometricLogits(800), new BinomialLogits(10, -800), new NegativeBinomial(3, 0), new DiscreteUniform(1, 5),
                new Categorical(NDArray.of(1.0, 0)), new Categorical(NDArray.of(0.0, 1)), new ZeroInflatedPoisson(1, 3));
        for (Distribution d : counts) {
            for (double p : new double[] {0, 0.3, 1}) {
                out.add(new Case(new HurdleProbs(d, p), 1));
                out.add(new Case(new ZeroInflatedProbs(d, p), 1));
            }
            for (double logit : new double[] {-800, 800}) {
                out.add(new Case(new HurdleLogits(d, logit), 1));
                out.add(new Case(new ZeroInflatedLogits(d, logit), 1));
            }
        }
        return out.stream();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void nothingIsNaNAtAnEnd(Case c) {
        double[] values = c.d().isDiscrete() ? new double[] {0, 1, 2, 10} : new double[] {0, 1, -1, 2, 0.5, 1 - 0x1p-53};
        check(c.d(), values, values);
    }

    @ParameterizedTest
    @MethodSource({"cases", "composites"})
    void nothingIsNaN(Case c) {
        Distribution d = c.d();
        double slope = c.scale() * Math.min(c.scale(), 1);
        check(d, d.isDiscrete() ? COUNTS : far(c, c.scale()), d.isDiscrete() ? COUNTS : far(c, slope));
    }

    private static double[] far(Case c, double scale) {
        return Arrays.stream(FAR).filter(x -> Double.isFinite((Math.abs(x) + c.loc()) / scale)).toArray();
    }

    /// @param steady values whose standardised value has a derivative by the scale that is a double: forwards it comes before what makes nothing of it
    private static void check(Distribution d, double[] values, double[] steady) {
        assertThat(d.logProb(NDArray.of(values)).toDoubleArray()).as("log density at %s", Arrays.toString(values)).doesNotContain(Double.NaN);
        if (!d.isDiscrete()) {
            double[] slope = Functions.grad((NDArray y) -> d.logProb(y).sum()).apply(NDArray.of(values)).toDoubleArray();
            assertThat(slope).as("derivative at %s", Arrays.toString(values)).doesNotContain(Double.NaN);
            double[] forwards = tangents(d::logProb, NDArray.of(values));
            for (int i = 0; i < values.length; i++) {
                if (Double.isFinite(slope[i])) {
                    assertThat(forwards[i]).as("derivative forwards at %s", values[i]).isNotNaN();
                }
            }
        }
        // All values at once; each for itself where infinite parts may have cancelled.
        if (Pytree.leaves(d).stream().allMatch(p -> p.dtype().isFloating()) && !hasParts(d, NDArray.of(values))) {
            for (double v : values) {
                assertThat(hasParts(d, NDArray.of(v))).as("derivative by the parameters at %s is a number", v).isTrue();
            }
        }
        List<NDArray> parameters = Pytree.leaves(d);
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            if (parameters.get(k).dtype().isFloating()) {
                assertThat(tangents(p -> with(d, parameter, p).logProb(NDArray.of(steady)), parameters.get(k)))
                        .as("derivative forwards by parameter %s at %s", k, Arrays.toString(steady))
                        .doesNotContain(Double.NaN);
            }
        }
    }

    private static Distribution with(Distribution d, int parameter, NDArray p) {
        List<NDArray> moved = new ArrayList<>(Pytree.leaves(d));
        moved.set(parameter, p);
        return Pytree.withLeaves(d, moved);
    }

    private static double[] tangents(Function<NDArray, NDArray> f, NDArray x) {
        return Functions.jvp(f, x, Np.full(x.shape(), 1.0)).tangent().toDoubleArray();
    }

    private static boolean hasParts(Distribution d, NDArray x) {
        return Pytree.leaves(Functions.grad((Distribution p) -> p.logProb(x).sum()).apply(d)).stream()
                .noneMatch(part -> Np.any(Np.isnan(part)).isTrue());
    }

    /// @param values arrays of the shape of the event
    record Vectors(Distribution d, List<NDArray> values) {
        Vectors(Distribution d, NDArray... values) {
            this(d, List.of(values));
        }

        @Override
        public String toString() {
            return d.toString();
        }
    }

    /// Families of vectors and matrices under scales and concentrations that are hardly any, far out and at the ends.
    static Stream<Vectors> vectors() {
        List<Vectors> out = new ArrayList<>();
        NDArray zero = NDArray.of(0.0, 0, 0);
        NDArray factor = NDArray.of(new double[][] {{1, 0, 0}, {0.4, 0.7, 0}, {-0.2, 0.1, 2}});
        NDArray adjacency = NDArray.of(new double[][] {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}});
        for (double s : new double[] {1e-150, 1e-8, 1, 1e8, 1e150}) {
            NDArray scaled = factor.times(s);
            NDArray[] points = Stream.of(0.0, s, -1e3 * s, 1e8 * s).map(x -> NDArray.of(0.3, -1, 0.2).times(x)).toArray(NDArray[]::new);
            NDArray[] matrices = Stream.of(points).map(x -> Np.broadcastTo(x, Shape.of(2, 3))).toArray(NDArray[]::new);
            Stream.of(
                            new MultivariateNormal(zero, scaled), new MultivariateStudentT(NDArray.as(3.0), zero, scaled),
                            new MultivariateStudentT(NDArray.as(1e-3), zero, scaled), new MultivariateStudentT(NDArray.as(1e8), zero, scaled),
                            new GaussianRandomWalk(s, 3), new CAR(zero, 0.7, 1 / (s * s), adjacency),
                            new MixtureSameFamily(
                                    new Categorical(NDArray.of(0.3, 0.7)),
                                    new MultivariateNormal(Np.zeros(2, 3), Np.stack(List.of(scaled, factor), 0))))
                    .forEach(d -> out.add(new Vectors(d, points)));
            // Farther out the derivative by a variance of 10⁻³⁰⁰ is no double.
            out.add(new Vectors(
                    new LowRankMultivariateNormal(zero, NDArray.of(new double[][] {{1}, {0.5}, {0}}).times(s), NDArray.of(1, 2, 0.5).times(s * s)),
                    List.of(points).subList(0, 3)));
            out.add(new Vectors(
                    new MatrixNormal(Np.zeros(2, 3), NDArray.of(new double[][] {{1, 0}, {0.5, 2}}), scaled), matrices));
            NDArray square = scaled.matmul(Np.transpose(scaled));
            out.add(new Vectors(new Wishart(NDArray.as(4.5), scaled), square, square.times(1e-3), square.times(1e3)));
            out.add(new Vectors(new InverseWishart(NDArray.as(4.5), scaled), square, square.times(1e-3), square.times(1e3)));
            out.add(new Vectors(new WishartCholesky(NDArray.as(4.5), scaled), scaled, scaled.times(1e-3), scaled.times(1e3)));
            out.add(new Vectors(new InverseWishartCholesky(NDArray.as(4.5), scaled), scaled, scaled.times(1e-3), scaled.times(1e3)));
        }
        NDArray[] shares = Stream.of(new double[] {0.2, 0.3, 0.5}, new double[] {1e-300, 0.5, 0.5}, new double[] {0.5, 0.5, 0})
                .map(NDArray::of).toArray(NDArray[]::new);
        NDArray[] counts = Stream.of(new double[] {10, 0, 0}, new double[] {0, 3, 7}).map(NDArray::of).toArray(NDArray[]::new);
        double near = 1 - 0x1p-53;
        NDArray[] correlations = DoubleStream.of(0, 0.5, near, -near)
                .mapToObj(r -> NDArray.of(new double[][] {{1, 0}, {r, Math.sqrt((1 - r) * (1 + r))}})).toArray(NDArray[]::new);
        NDArray[] directions = Stream.of(new double[] {1, 0, 0}, new double[] {0.6, 0, -0.8}).map(NDArray::of).toArray(NDArray[]::new);
        NDArray[] angles = Stream.of(new double[] {0, Math.PI}, new double[] {-Math.PI, 1}).map(NDArray::of).toArray(NDArray[]::new);
        for (double c : CONCENTRATIONS) {
            NDArray weights = NDArray.of(c, 1, 2);
            out.add(new Vectors(new Dirichlet(weights), shares));
            out.add(new Vectors(
                    new MixtureSameFamily(new Categorical(NDArray.of(0.3, 0.7)), new Dirichlet(NDArray.of(new double[][] {{c, 1, 2}, {2, 2, 2}}))),
                    shares));
            out.add(new Vectors(new DirichletMultinomial(10, weights), counts));
            out.add(new Vectors(new LKJCholesky(2, c), correlations));
            out.add(new Vectors(
                    new LKJ(2, c), Stream.of(correlations).map(l -> l.matmul(Np.transpose(l))).limit(2).toArray(NDArray[]::new)));
            out.add(new Vectors(new ProjectedNormal(NDArray.of(Math.min(c, 1e3), 0, -1)), directions));
            out.add(new Vectors(new SineBivariateVonMises(0, 0.3, Math.min(c, 1e3), 1, 0), angles));
            out.add(new Vectors(new SineSkewed(new VonMises(NDArray.of(0, 0.3), NDArray.as(c)).toEvent(1), NDArray.of(0.3, -0.7)), angles));
        }
        for (double p : PROBABILITIES) {
            out.add(new Vectors(new Multinomial(10, NDArray.of(p, (1 - p) / 2, (1 - p) / 2)), counts));
            out.add(new Vectors(new MultinomialLogits(10, NDArray.of(Math.log(p), 0, 800)), counts));
        }
        for (Distribution d : List.of(new Normal(0, 1), new Logistic(0, 1), new Cauchy(0, 1))) {
            out.add(new Vectors(
                    new TransformedDistribution(d.expand(2), new StickBreakingTransform()),
                    Stream.concat(Stream.of(shares), Stream.of(NDArray.of(1.0, 0, 0), NDArray.of(0.0, 1, 0), NDArray.of(0.0, 0, 1))).toArray(NDArray[]::new)));
        }
        out.add(new Vectors(
                new TransformedDistribution(new Dirichlet(NDArray.of(1.0, 2, 3)), new SimplexToOrderedTransform(0)), NDArray.of(-800.0, 800),
                NDArray.of(-40.0, 40), NDArray.of(0, 1e-300)));
        return out.stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void nothingIsNaNOfVectors(Vectors c) {
        Distribution d = c.d();
        for (NDArray x : c.values()) {
            assertThat(d.logProb(x).toDoubleArray()).as("log density at %s", x).doesNotContain(Double.NaN);
            if (!d.isDiscrete()) {
                assertThat(Functions.grad((NDArray y) -> d.logProb(y).sum()).apply(x).toDoubleArray()).as("derivative at %s", x).doesNotContain(Double.NaN);
            }
            if (Pytree.leaves(d).stream().allMatch(p -> p.dtype().isFloating())) {
                assertThat(hasParts(d, x)).as("derivative by the parameters at %s is a number", x).isTrue();
            }
        }
    }

    /// Zeros among the data of a mixture of beta distributions: the component that has none of them has no part in the derivative either.
    @Test
    void aMixtureWithZerosInItsData() {
        NDArray zeros = NDArray.of(0.0, 0);
        UnaryOperator<NDArray> f = a -> new MixtureGeneral(
                        new Categorical(NDArray.of(0.3, 0.7)), List.of(new Beta(a, NDArray.as(2.0)), new Beta(1, 3)))
                .logProb(zeros).sum();
        assertThat(f.apply(NDArray.as(1.5)).item()).isCloseTo(2 * Math.log(0.7 * 3), within(1e-14));
        assertThat(slope(f, 1.5)).isZero();
        assertThat(Functions.jit(Functions.grad((NDArray a) -> f.apply(a))).apply(NDArray.as(1.5)).item()).isZero();
    }

    /// Where the base is always 0 in the limit, what is behind the hurdle is 1: `log P(1) / (1 − P(0))` goes to 0.
    @Test
    void aHurdleBeforeCountsThatAreAlwaysZero() {
        for (Distribution base : List.of(new Poisson(0), new BernoulliLogits(-800), new GeometricLogits(800))) {
            assertThat(new HurdleProbs(base, 0.25).logProb(1).item()).as("%s", base).isCloseTo(Math.log(0.75), within(1e-14));
        }
        assertThat(new HurdleProbs(new GeometricLogits(800), 0.25).logProb(2).item()).isCloseTo(Math.log(0.75) - 800, within(1e-12));
        assertThat(new HurdleProbs(new Binomial(10, 0), 0.25).logProb(1).item()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /// A sigmoid of a logistic variable is uniform, also at the ends, to which it is rounded; a power has no probability below 0.
    @Test
    void transformsAtTheEndOfTheirImage() {
        var uniform = new TransformedDistribution(new Logistic(0, 1), new SigmoidTransform());
        assertThat(uniform.logProb(NDArray.of(0.0, 0.3, 1)).toDoubleArray()).containsExactly(new double[3], within(1e-12));
        assertThat(uniform.cdf(NDArray.of(-1.0, 0, 0.3, 1, 2)).toDoubleArray()).containsExactly(new double[] {0, 0, 0.3, 1, 1}, within(1e-15));
        var squared = new TransformedDistribution(new Exponential(1), new PowerTransform(NDArray.as(2.0)));
        assertThat(squared.cdf(NDArray.of(-1.0, 0, 4)).toDoubleArray()).containsExactly(new double[] {0, 0, 1 - Math.exp(-2)}, within(1e-15));
        assertThat(squared.logSf(NDArray.of(-1.0, 4)).toDoubleArray()).containsExactly(new double[] {0, -2}, within(1e-14));
    }

    /// Logarithms of the densities by mpmath (`tools/distribution-values.py extremes`), where the square of the standardised value is no double.
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

    /// `−t²/2 − log(2π)/2 − log(erfc(z/√2)/2)` at t = z + 1/(2z) beyond the cut z, and its derivatives by location and scale, by mpmath
    /// (`tools/distribution-values.py extremes`). At z = 10³ the series takes over; the last one is the cut of a normal distribution of scale 10⁻³⁰⁰ at 1.
    @ParameterizedTest
    @CsvSource({
        "999, 6.406755655405948, -0.0005004984945058138, -0.9999977455178329", "1001, 6.4087556525933191, -0.0004994985055264086, -0.999997754559153",
        "2000, 7.1009026781900627, -0.0002499997499493808, -0.9999994372968982", "1e5, 11.012926023385612, -5.000005581278835e-6, -1.000001116430767",
        "1e8, 18.420680743952366, -9.999999999999998e-9, -2.0"
    })
    void tailsOfNormalDistributions(double z, double want, double byLoc, double byScale) {
        NDArray x = NDArray.as(z + 0.5 / z);
        double tolerance = z < 1e3 ? 1e-10 : 1e-14; // below, two squares of 5·10⁵ cancel
        for (Function<Normal, Truncated> cut : List.<Function<Normal, Truncated>>of(
                d -> new LeftTruncatedDistribution(d, z), d -> new TwoSidedTruncatedDistribution(d, z, z + 1))) {
            Truncated d = cut.apply(new Normal(0, 1));
            assertThat(d.logProb(x).item()).isCloseTo(want, within(tolerance * want));
            assertThat(new RightTruncatedDistribution(new Normal(0, 1), -z).logProb(x.unaryMinus()).item())
                    .isCloseTo(want, within(tolerance * want));
            assertThat(slope(m -> cut.apply(new Normal(m, NDArray.as(1.0))).logProb(x), 0)).isCloseTo(byLoc, within(1e-9 * Math.abs(byLoc)));
            assertThat(slope(s -> cut.apply(new Normal(NDArray.as(0.0), s)).logProb(x), 1)).isCloseTo(byScale, within(1e-9));
        }
    }

    /// At the cut the log density is `log(1 / 1e-300²)`, and falls by `2 / scale` with the scale.
    @Test
    void aCutWhoseSquareIsNoDouble() {
        NDArray one = NDArray.as(1.0);
        assertThat(new LeftTruncatedDistribution(new Normal(0, 1e-300), 1).logProb(1).item()).isCloseTo(1381.5510557964274, within(1e-12));
        assertThat(slope(s -> new LeftTruncatedDistribution(new Normal(NDArray.as(0.0), s), 1).logProb(one), 1e-300))
                .isCloseTo(-2e300, within(1e286));
        assertThat(new LeftTruncatedDistribution(new Normal(0, 1e-300), 1).logProb(1.5).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new TwoSidedTruncatedDistribution(new Normal(1e6, 1e-150), 1e6 - 1, 1e6 + 1).logProb(1e6).item())
                .isCloseTo(-0.5 * Math.log(2 * Math.PI) + 150 * Math.log(10), within(1e-12));
    }

    /// `log(I(3/(3 + z²); 3/2, 1/2) / 2)` by mpmath (`tools/distribution-values.py extremes`).
    @ParameterizedTest
    @CsvSource({
        "-1e-10, -0.69314718063345583", "-2e-9, -0.6931471820301557", "-0.5, -1.1217049359318676", "-10, -6.8455323781935003",
        "-1e8, -55.164318792812497", "-1e9, -62.072074071794633", "-3e9, -65.367910937798963", "-1e12, -82.795339908741045",
        "-1e150, -1036.065568408276"
    })
    void tailsOfStudentsT(double z, double want) {
        assertThat(new StudentT(3, 0, 1).logBelow(NDArray.as(z)).item()).isCloseTo(want, within(4e-15 * Math.abs(want)));
        assertThat(new StudentT(3, 0, 1).cdf(NDArray.as(z)).item()).isCloseTo(Math.exp(want), within(4e-15 * Math.abs(want) * Math.exp(want)));
    }

    /// Half of Student's t: the mass of a half does not depend on the scale, so the derivative is that of the whole,
    /// `((ν + 1) z² / (ν + z²) − 1) / scale`. By the cut, half the mass lies behind it, and 2 f(0) of it goes per unit.
    @Test
    void studentsTCutAtItsCentre() {
        NDArray x = NDArray.as(1.0);
        double z2 = 0.25;
        assertThat(slope(s -> new LeftTruncatedDistribution(new StudentT(NDArray.as(3.0), NDArray.as(0.0), s), NDArray.as(0.0)).logProb(x), 2))
                .isCloseTo((4 * z2 / (3 + z2) - 1) / 2, within(1e-14));
        assertThat(slope(c -> new LeftTruncatedDistribution(new StudentT(3, 0, 1), c).logProb(x), 0))
                .isCloseTo(2 * 2 / (Math.PI * Math.sqrt(3)), within(1e-14));
    }

    /// Where no component has any density, there is none, and nothing to follow.
    @Test
    void aMixtureOfNothing() {
        var d = new MixtureGeneral(
                new Categorical(NDArray.of(0.3, 0.7)), List.of(new Uniform(0, 1), new Uniform(0, 2)), Constraints.real);
        assertThat(d.logProb(5).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(slope(d::logProb, 5)).isZero();
        Pytree.leaves(Functions.grad((MixtureGeneral p) -> p.logProb(5)).apply(d))
                .forEach(part -> assertThat(Np.abs(part).toDoubleArray()).containsOnly(0));
    }

    /// A component that is −∞ with an infinite slope has no part in the derivative of the others.
    @Test
    void aMixtureWithAComponentOffTheDoubles() {
        var d = new MixtureGeneral(new Categorical(NDArray.of(0.3, 0.7)), List.of(new Weibull(1e-3, 1000), new Exponential(2)));
        assertThat(d.logProb(5).item()).isCloseTo(Math.log(0.7 * 2) - 10, within(1e-14));
        assertThat(slope(d::logProb, 5)).isEqualTo(-2);
        assertThat(new Weibull(1e-3, 1000).logProb(5).item()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /// A wide distribution cut to a short interval is uniform; its mass is not a difference of two halves.
    @Test
    void aWideDistributionCutShort() {
        for (double scale : new double[] {1e3, 1e8, 1e150}) {
            for (Symmetric base : List.of(new Normal(0, scale), new Cauchy(0, scale), new Laplace(0.1, scale), new Logistic(0.1, scale), new StudentT(3, 0.1, scale))) {
                assertThat(new TwoSidedTruncatedDistribution(base, -1, 1).logProb(0.25).item())
                        .as("%s", base)
                        .isCloseTo(-Math.log(2), within((base instanceof Laplace ? 1 / scale : 1 / (scale * scale)) + 1e-13));
            }
        }
    }

    /// Derivatives at an end where the exponent of the distance is 0: the density has its limit there, and a slope.
    @Test
    void exponentsThatAreZero() {
        assertThat(slope(new Beta(1, 1)::logProb, 1)).isZero();
        assertThat(slope(new Beta(3, 1)::logProb, 1)).isEqualTo(2);
        assertThat(slope(new Beta(1, 3)::logProb, 0)).isEqualTo(-2);
        assertThat(slope(new Kumaraswamy(1, 1)::logProb, 1)).isZero();
    }

    private static double slope(UnaryOperator<NDArray> f, double x) {
        return Functions.grad((NDArray y) -> f.apply(y)).apply(NDArray.as(x)).item();
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
