package kiln.dist;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.StickBreakingTransform;

/// The table of distributions under test: one row each, from which the generic tests check everything that holds for all.
///
/// A row names the records of the oracle, says how to make the distribution from their parameters, and gives an example with a
/// batch for shapes, laws and draws.
final class DistributionCases {
    /// One row.
    ///
    /// @param oracle  `dist` of the oracle's records
    /// @param make    the distribution with the parameters of a record
    /// @param example a distribution of this kind, with a batch
    /// @param draws   whether it can be sampled
    /// @param fit     how its draws are compared with it
    record Row(String oracle, Function<Params, Distribution> make, Distribution example, boolean draws, Fit fit) {
        /// Draws are compared by their moments: there is no distribution function in closed form.
        Row byMoments() {
            return new Row(oracle, make, example, draws, Fit.MOMENTS);
        }

        /// Draws are compared by their mean.
        Row byMean() {
            return new Row(oracle, make, example, draws, Fit.MEAN);
        }

        /// Draws are compared with the density.
        Row byDensity() {
            return new Row(oracle, make, example, draws, Fit.DENSITY);
        }

        /// Draws are not random.
        Row fixed() {
            return new Row(oracle, make, example, draws, Fit.NONE);
        }

        /// Draws are those of the base, to which the density does not belong.
        Row censored() {
            return fixed();
        }

        /// There are no draws.
        Row improper() {
            return new Row(oracle, make, example, false, Fit.NONE);
        }

        /// Angles: draws are compared by their mean direction and its length.
        Row circular() {
            return new Row(oracle, make, example, draws, Fit.CIRCLE);
        }

        /// Integers: draws are counted.
        Row counted() {
            return new Row(oracle, make, example, draws, Fit.COUNTS);
        }

        @Override
        public String toString() {
            return oracle;
        }
    }

    enum Fit {
        /// Kolmogorov–Smirnov with the closed distribution function.
        CDF,
        /// χ² of the counts of values.
        COUNTS,
        /// Mean, and variance, of every element.
        MOMENTS,
        /// Mean of every element.
        MEAN,
        /// The mean of the inverse density is the size of a bounded support, and of coordinates times it that of the coordinates.
        DENSITY,
        /// Mean of sine and cosine of the difference to the mean direction: 0, and 1 less the variance.
        CIRCLE,
        NONE
    }

    private static Row of(String oracle, Function<Params, Distribution> make, Distribution example) {
        return new Row(oracle, make, example, true, Fit.CDF);
    }

    private static NDArray v(double... values) {
        return NDArray.of(values);
    }

    private static NDArray n(long... values) {
        return NDArray.of(values);
    }

    private static final NDArray TRIL = NDArray.of(new double[][] {{1.5, 0, 0}, {-0.4, 0.7, 0}, {0.2, 1.1, 2}});
    private static final NDArray TABLE = NDArray.of(new double[][] {{0.1, 0.2, 0.3, 0.4}, {0.25, 0.25, 0.4, 0.1}});

    private static final NDArray PATH = NDArray.of(new double[][] {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}});

    private static final NDArray CORRELATION = NDArray.of(new double[][] {{1, 0.5}, {0.5, 1}});

    static final List<Row> ROWS = List.of(
            of("Normal", p -> new Normal(p.of("loc"), p.of("scale")), new Normal(v(0.5, -1, 3), 2)),
            of("HalfNormal", p -> new HalfNormal(p.of("scale")), new HalfNormal(v(0.5, 3))),
            of("Cauchy", p -> new Cauchy(p.of("loc"), p.of("scale")), new Cauchy(v(0.5, -1, 3), 2)),
            of("HalfCauchy", p -> new HalfCauchy(p.of("scale")), new HalfCauchy(v(0.5, 3))),
            of("Laplace", p -> new Laplace(p.of("loc"), p.of("scale")), new Laplace(1, v(0.5, 3))),
            of("Logistic", p -> new Logistic(p.of("loc"), p.of("scale")), new Logistic(1, v(0.5, 3))),
            of("Gumbel", p -> new Gumbel(p.of("loc"), p.of("scale")), new Gumbel(1, v(0.5, 3))),
            of("LogNormal", p -> new LogNormal(p.of("loc"), p.of("scale")), new LogNormal(v(0.5, -1), 0.7)),
            of("StudentT", p -> new StudentT(p.of("df"), p.of("loc"), p.of("scale")), new StudentT(v(9, 30, 80), 1, 2)).byMoments(),
            of("Uniform", p -> new Uniform(p.of("low"), p.of("high")), new Uniform(v(-1, 2), 5)),
            of("Exponential", p -> new Exponential(p.of("rate")), new Exponential(v(0.5, 4))),
            of("Weibull", p -> new Weibull(p.of("scale"), p.of("concentration")), new Weibull(v(0.5, 4), 1.7)),
            of("Gamma", p -> new Gamma(p.of("concentration"), p.of("rate")), new Gamma(v(0.5, 2, 30), 3)).byMoments(),
            of("InverseGamma", p -> new InverseGamma(p.of("concentration"), p.of("rate")), new InverseGamma(v(9, 20), 3)).byMoments(),
            of("Chi2", p -> new Chi2(p.of("df")), new Chi2(v(1, 7))).byMoments(),
            of("Beta", p -> new Beta(p.of("concentration1"), p.of("concentration0")), new Beta(v(0.5, 2, 8), 3)).byMoments(),
            of("AsymmetricLaplace", p -> new AsymmetricLaplace(p.of("loc"), p.of("scale"), p.of("asymmetry")),
                    new AsymmetricLaplace(1, 2, v(0.5, 3))),
            of("AsymmetricLaplaceQuantile", p -> new AsymmetricLaplaceQuantile(p.of("loc"), p.of("scale"), p.of("quantile")),
                    new AsymmetricLaplaceQuantile(1, 2, v(0.1, 0.7))),
            of("SoftLaplace", p -> new SoftLaplace(p.of("loc"), p.of("scale")), new SoftLaplace(1, v(0.5, 3))),
            of("Kumaraswamy", p -> new Kumaraswamy(p.of("concentration1"), p.of("concentration0")), new Kumaraswamy(v(0.5, 2, 8), 3)),
            of("BetaProportion", p -> new BetaProportion(p.of("mean"), p.of("concentration")), new BetaProportion(v(0.1, 0.6), 3)),
            of("Gompertz", p -> new Gompertz(p.of("concentration"), p.of("rate")), new Gompertz(v(0.2, 3), 0.7)),
            of("Pareto", p -> new Pareto(p.of("scale"), p.of("alpha")), new Pareto(2, v(0.7, 3))),
            of("LowerTruncatedPowerLaw", p -> new LowerTruncatedPowerLaw(p.of("alpha"), p.of("low")),
                    new LowerTruncatedPowerLaw(v(-1.7, -4), 2)),
            of("DoublyTruncatedPowerLaw", p -> new DoublyTruncatedPowerLaw(p.of("alpha"), p.of("low"), p.of("high")),
                    new DoublyTruncatedPowerLaw(v(-1, -2.5, 3), 2, 9)),
            of("Levy", p -> new Levy(p.of("loc"), p.of("scale")), new Levy(1, v(0.5, 3))),
            of("Dagum", p -> new Dagum(p.of("concentration"), p.of("sharpness"), p.of("scale")), new Dagum(v(0.5, 3), 2.5, 2)),
            of("LogUniform", p -> new LogUniform(p.of("low"), p.of("high")), new LogUniform(v(0.5, 3), 7)),
            of("RelaxedBernoulliLogits", p -> new RelaxedBernoulliLogits(p.of("temperature"), p.of("logits")),
                    new RelaxedBernoulliLogits(v(0.5, 2), 0.7)),
            of("RelaxedBernoulli", p -> new RelaxedBernoulli(p.of("temperature"), p.of("probs")), new RelaxedBernoulli(v(0.5, 2), 0.7)),
            of("VonMises", p -> new VonMises(p.of("loc"), p.of("concentration")), new VonMises(v(1, -3), 2)).circular(),
            of("Dirichlet", p -> new Dirichlet(p.of("concentration")), new Dirichlet(v(0.7, 2, 5))).byMoments(),
            of("BernoulliProbs", p -> new Bernoulli(p.of("probs")), new Bernoulli(v(0.1, 0.5, 0.8))).counted(),
            of("BernoulliLogits", p -> new BernoulliLogits(p.of("logits")), new BernoulliLogits(v(-1, 2))).counted(),
            of("BinomialProbs", p -> new Binomial(p.of("total_count"), p.of("probs")), new Binomial(60, v(0.02, 0.3, 0.9))).counted(),
            of("BinomialLogits", p -> new BinomialLogits(p.of("total_count"), p.of("logits")), new BinomialLogits(7, v(-1, 2))).counted(),
            of("Poisson", p -> new Poisson(p.of("rate")), new Poisson(v(0.3, 4, 40))).counted(),
            of("GeometricProbs", p -> new Geometric(p.of("probs")), new Geometric(v(0.2, 0.9))).counted(),
            of("GeometricLogits", p -> new GeometricLogits(p.of("logits")), new GeometricLogits(v(-1, 2))).counted(),
            of("CategoricalProbs", p -> new Categorical(p.of("probs")), new Categorical(TABLE)).counted(),
            of("CategoricalLogits", p -> new CategoricalLogits(p.of("logits")), new CategoricalLogits(TABLE.times(5))).counted(),
            of("DiscreteUniform", p -> new DiscreteUniform(p.of("low"), p.of("high")), new DiscreteUniform(n(-2, 1), n(3, 6))).counted(),
            of("BetaBinomial", p -> new BetaBinomial(p.of("concentration1"), p.of("concentration0"), p.of("total_count")),
                    new BetaBinomial(v(0.7, 3), 2, 9)).counted(),
            of("BetaNegativeBinomial", p -> new BetaNegativeBinomial(p.of("concentration1"), p.of("concentration0"), p.of("n")),
                    new BetaNegativeBinomial(v(0.7, 3), 6, 2.5)).counted(),
            of("GammaPoisson", p -> new GammaPoisson(p.of("concentration"), p.of("rate")), new GammaPoisson(v(0.7, 30), 2)).counted(),
            of("NegativeBinomialProbs", p -> new NegativeBinomial(p.of("total_count"), p.of("probs")),
                    new NegativeBinomial(v(1.5, 9), 0.4)).counted(),
            of("NegativeBinomialLogits", p -> new NegativeBinomialLogits(p.of("total_count"), p.of("logits")),
                    new NegativeBinomialLogits(v(1.5, 9), 0.4)).counted(),
            of("NegativeBinomial2", p -> new NegativeBinomial2(p.of("mean"), p.of("concentration")),
                    new NegativeBinomial2(v(1.5, 9), 0.8)).counted(),
            of("MultinomialProbs", p -> new Multinomial(p.of("total_count"), p.of("probs")), new Multinomial(n(5, 9), TABLE)).byMoments(),
            of("MultinomialLogits", p -> new MultinomialLogits(p.of("total_count"), p.of("logits")),
                    new MultinomialLogits(8, TABLE.times(5))).byMoments(),
            of("DirichletMultinomial", p -> new DirichletMultinomial(p.of("total_count"), p.of("concentration")),
                    new DirichletMultinomial(n(5, 9), TABLE.times(9))).byMoments(),
            of("OrderedLogistic", p -> new OrderedLogistic(p.of("predictor"), p.of("cutpoints")),
                    new OrderedLogistic(v(0.5, -2), v(-1, 0.2, 1))).counted(),
            of("TruncatedNormal", p -> TruncatedNormal.of(p.of("loc"), p.of("scale"), p.orNull("low"), p.orNull("high")),
                    TruncatedNormal.of(v(1, -2, 30), 2, -1, 4)).byMoments(),
            of("TruncatedCauchy", p -> TruncatedCauchy.of(p.of("loc"), p.of("scale"), p.orNull("low"), p.orNull("high")),
                    TruncatedCauchy.of(v(1, -2, 30), 2, -1, 4)),
            of("LeftTruncatedDistribution", p -> new LeftTruncatedDistribution((Symmetric) p.base(), p.of("low")),
                    new LeftTruncatedDistribution(new Logistic(v(1, -20), 2), 3)),
            of("RightTruncatedDistribution", p -> new RightTruncatedDistribution((Symmetric) p.base(), p.of("high")),
                    new RightTruncatedDistribution(new Laplace(v(1, 20), 2), v(3, 3))),
            of("TwoSidedTruncatedDistribution", p -> new TwoSidedTruncatedDistribution((Symmetric) p.base(), p.of("low"), p.of("high")),
                    new TwoSidedTruncatedDistribution(new SoftLaplace(v(1, 20), 2), 3, 7)),
            of("TruncatedPolyaGamma", p -> new TruncatedPolyaGamma(), new TruncatedPolyaGamma(Shape.of(2))),
            of("FoldedDistribution", p -> new FoldedDistribution(p.base()), new FoldedDistribution(new Normal(v(0, 1, -3), 2))),
            of("LeftCensoredDistribution", p -> new LeftCensoredDistribution(p.base(), p.flag("censored")),
                    new LeftCensoredDistribution(new Normal(v(0, 1), 2), NDArray.of(true, false))).censored(),
            of("RightCensoredDistribution", p -> new RightCensoredDistribution(p.base(), p.flag("censored")),
                    new RightCensoredDistribution(new Normal(v(0, 1), 2), NDArray.of(true, false))).censored(),
            of("IntervalCensoredDistribution",
                    p -> new IntervalCensoredDistribution(p.base(), p.flag("left_censored"), p.flag("right_censored")),
                    new IntervalCensoredDistribution(new Normal(v(0, 1, 2), 2), NDArray.of(true, false, false),
                            NDArray.of(false, true, false)))
                    .censored(),
            of("ZeroInflatedProbs", p -> new ZeroInflatedProbs(p.base(), p.of("gate")),
                    new ZeroInflatedProbs(new Poisson(v(0.3, 4)), 0.3)).counted(),
            of("ZeroInflatedLogits", p -> new ZeroInflatedLogits(p.base(), p.of("gate_logits")),
                    new ZeroInflatedLogits(new Binomial(5, 0.6), v(-1, 1))).counted(),
            of("ZeroInflatedPoisson", p -> new ZeroInflatedPoisson(p.of("gate"), p.of("rate")),
                    new ZeroInflatedPoisson(0.2, v(1, 6))).counted(),
            of("ZeroInflatedNegativeBinomial2", DistributionCases::zeroInflatedNegativeBinomial,
                    ZeroInflatedNegativeBinomial2.of(v(1, 6), 2, 0.1)).counted(),
            of("HurdleProbs", p -> new HurdleProbs(p.base(), p.of("gate")), new HurdleProbs(new Poisson(v(0.01, 0.5, 4)), 0.3)).counted(),
            of("HurdleLogits", p -> new HurdleLogits(p.base(), p.of("gate_logits")),
                    new HurdleLogits(new NegativeBinomial2(3, 2), v(-1, 1))).counted(),
            of("HurdlePoisson", p -> new HurdlePoisson(p.of("gate"), p.of("rate")), new HurdlePoisson(0.2, v(1, 6))).counted(),
            of("HurdleNegativeBinomial2", p -> HurdleNegativeBinomial2.of(p.of("mean"), p.of("concentration"), p.of("gate")),
                    HurdleNegativeBinomial2.of(v(1, 6), 2, 0.1)).counted(),
            of("HurdleGamma", p -> new HurdleGamma(p.of("gate"), p.of("concentration"), p.of("rate")),
                    new HurdleGamma(0.2, v(0.7, 6), 3)).byMoments(),
            of("HurdleLogNormal", p -> new HurdleLogNormal(p.of("gate"), p.of("loc"), p.of("scale")),
                    new HurdleLogNormal(0.2, v(1, 2), 0.4)).byMoments(),
            of("MixtureSameFamily", p -> new MixtureSameFamily(p.part("mixing_distribution"), p.part("component_distribution")),
                    new MixtureSameFamily(new Categorical(TABLE), new Normal(v(-3, 0, 1, 5), v(1, 2, 3, 0.5)))),
            of("MixtureGeneral", p -> new MixtureGeneral(p.part("mixing_distribution"), p.parts("component_distributions")),
                    new MixtureGeneral(new Categorical(v(0.3, 0.7)), List.of(new Normal(v(-3, 0), 1), new Laplace(2, 0.5)))),
            of("MultivariateNormal", DistributionCases::multivariateNormal, new MultivariateNormal(v(1, -2, 0.5), TRIL)).byMoments(),
            of("LowRankMultivariateNormal", p -> new LowRankMultivariateNormal(p.of("loc"), p.of("cov_factor"), p.of("cov_diag")),
                    new LowRankMultivariateNormal(
                            NDArray.of(new double[][] {{1, 2, 3}, {4, 5, 6}}), NDArray.of(Shape.of(3, 1), 1, 0.5, -2), v(0.5, 1, 2)))
                    .byMoments(),
            of("MultivariateStudentT", p -> new MultivariateStudentT(p.of("df"), p.of("loc"), p.of("scale_tril")),
                    new MultivariateStudentT(v(9, 30), v(1, -2, 0.5), TRIL)).byMoments(),
            of("GaussianRandomWalk", p -> new GaussianRandomWalk(p.of("scale"), p.integer("num_steps")),
                    new GaussianRandomWalk(v(0.5, 2), 4)).byMoments(),
            of("GaussianStateSpace", DistributionCases::stateSpace,
                    new GaussianStateSpace(3, TRIL.times(0.3), TRIL, NDArray.of(new double[][] {{1, 2, 3}, {4, 5, 6}}))).byMoments(),
            of("CAR", p -> new CAR(p.of("loc"), p.of("correlation"), p.of("conditional_precision"), p.of("adj_matrix")),
                    new CAR(v(0, 1, 2), v(0.5, -0.3), 2, PATH)).byMoments(),
            of("CirculantNormal", p -> p.has("covariance_row")
                    ? CirculantNormal.row(p.of("loc"), p.of("covariance_row"))
                    : new CirculantNormal(p.of("loc"), p.of("covariance_rfft")),
                    new CirculantNormal(v(0, 1, 2, 3), NDArray.of(new double[][] {{3, 1, 0.5}, {1, 2, 3}}))).byMoments(),
            of("ZeroSumNormal", p -> new ZeroSumNormal(p.of("scale"), Shape.of(p.dims("event_shape"))),
                    new ZeroSumNormal(v(0.5, 2), Shape.of(3, 4))).byMoments(),
            of("MatrixNormal", p -> new MatrixNormal(p.of("loc"), p.of("scale_tril_row"), p.of("scale_tril_column")),
                    new MatrixNormal(NDArray.of(Shape.of(2, 2, 3), 1, 2, 3, 4, 5, 6, 0, 0, 0, 1, 1, 1),
                            NDArray.of(Shape.of(2, 2), 1, 0, 3, 2), TRIL))
                    .byMoments(),
            of("LKJCholesky", p -> new LKJCholesky(p.integer("dimension"), p.of("concentration")), new LKJCholesky(3, v(0.7, 4))).byMoments(),
            of("LKJ", p -> new LKJ(p.integer("dimension"), p.of("concentration")), new LKJ(4, v(0.7, 4))).byMoments(),
            of("Wishart", p -> p.has("scale_matrix") ? Wishart.scale(p.of("concentration"), p.of("scale_matrix"))
                    : p.has("rate_matrix") ? Wishart.rate(p.of("concentration"), p.of("rate_matrix"))
                    : new Wishart(p.of("concentration"), p.of("scale_tril")), new Wishart(v(4, 9), TRIL)).byMoments(),
            of("WishartCholesky", p -> p.has("scale_matrix") ? WishartCholesky.scale(p.of("concentration"), p.of("scale_matrix"))
                    : p.has("rate_matrix") ? WishartCholesky.rate(p.of("concentration"), p.of("rate_matrix"))
                    : new WishartCholesky(p.of("concentration"), p.of("scale_tril")), new WishartCholesky(v(4, 9), TRIL)).byMoments(),
            of("InverseWishart", p -> p.has("scale_matrix") ? InverseWishart.scale(p.of("concentration"), p.of("scale_matrix"))
                    : p.has("rate_matrix") ? InverseWishart.rate(p.of("concentration"), p.of("rate_matrix"))
                    : new InverseWishart(p.of("concentration"), p.of("scale_tril")), new InverseWishart(v(14, 20), TRIL)).byMoments(),
            of("InverseWishartCholesky",
                    p -> p.has("scale_matrix") ? InverseWishartCholesky.scale(p.of("concentration"), p.of("scale_matrix"))
                    : p.has("rate_matrix") ? InverseWishartCholesky.rate(p.of("concentration"), p.of("rate_matrix"))
                    : new InverseWishartCholesky(p.of("concentration"), p.of("scale_tril")),
                    new InverseWishartCholesky(v(6, 20), TRIL)).byMean(),
            of("ProjectedNormal", p -> new ProjectedNormal(p.of("concentration")),
                    new ProjectedNormal(NDArray.of(new double[][] {{1, 0.5, -0.5}, {0, 0, 0.2}}))).byDensity(),
            of("SineBivariateVonMises", DistributionCases::sineBivariateVonMises,
                    new SineBivariateVonMises(v(0.5, 2), -1, v(0.4, 1), 0.7, v(0.6, -1.5))).byDensity(),
            of("SineSkewed", p -> new SineSkewed(p.base(), p.of("skewness")),
                    new SineSkewed(new VonMises(v(0.5, -1), v(0.6, 1)).toEvent(1), v(-0.3, 0.5))).byDensity(),
            of("GaussianCopula", p -> p.has("correlation_matrix")
                    ? GaussianCopula.correlation(p.part("marginal_dist"), p.of("correlation_matrix"))
                    : new GaussianCopula(p.part("marginal_dist"), p.of("correlation_cholesky")),
                    GaussianCopula.correlation(new Gamma(v(2, 5), v(0.5, 1)), CORRELATION)).byMoments(),
            of("GaussianCopulaBeta", p -> p.has("correlation_matrix")
                    ? GaussianCopulaBeta.correlation(p.marginal("concentration1"), p.marginal("concentration0"), p.of("correlation_matrix"))
                    : new GaussianCopulaBeta(p.marginal("concentration1"), p.marginal("concentration0"), p.of("correlation_cholesky")),
                    GaussianCopulaBeta.correlation(v(2, 5), v(0.5, 1), CORRELATION)).byMoments(),
            of("EulerMaruyama", p -> new EulerMaruyama(p.of("t"), p.sde(), p.part("init_dist")),
                    new EulerMaruyama(v(0, 0.5, 0.75), (x, t) -> new Sde.Terms(x.times(-1).plus(t), NDArray.as(0.5)),
                            new Normal(v(0, 1), 2)))
                    .fixed(),
            of("Delta", DistributionCases::delta, new Delta(v(1.5, -2), v(0, 0.5), 0)).fixed(),
            of("Unit", p -> new Unit(p.of("log_factor")), new Unit(v(-3.25, 1))).fixed(),
            of("ImproperUniform", p -> new ImproperUniform(
                    p.support(), Shape.of(p.dims("batch_shape")), Shape.of(p.dims("event_shape"))),
                    new ImproperUniform(Constraints.positive, Shape.of(2), Shape.of(3))).improper(),
            of("Independent", p -> p.base().toEvent((int) p.of("reinterpreted_batch_ndims").item()),
                    new Independent(new Normal(NDArray.of(new double[][] {{1, 2, 3}, {4, 5, 6}}), 2), 1)).byMoments(),
            of("Expanded", p -> p.base().expand(p.dims("batch_shape")), new Expanded(new Normal(v(1, 5), 2), Shape.of(3, 2))),
            of("MaskedDistribution", p -> p.base().mask(p.node().get("mask").asBoolean()),
                    new Masked(new Normal(v(1, 5), 2), NDArray.of(true, false))),
            of("TransformedDistribution", p -> new TransformedDistribution(p.base(), p.transforms()),
                    new TransformedDistribution(
                            new Normal(v(0.3, 1), 0.7), new AffineTransform(1, -0.5), new ExpTransform())));

    private DistributionCases() {}

    static Distribution make(String oracle, Params params) {
        return ROWS.stream().filter(r -> r.oracle().equals(oracle)).findFirst().orElseThrow().make().apply(params);
    }

    private static Distribution multivariateNormal(Params p) {
        if (p.has("scale_tril")) {
            return new MultivariateNormal(p.of("loc"), p.of("scale_tril"));
        }
        return p.has("covariance_matrix")
                ? MultivariateNormal.covariance(p.of("loc"), p.of("covariance_matrix"))
                : MultivariateNormal.precision(p.of("loc"), p.of("precision_matrix"));
    }

    private static Distribution zeroInflatedNegativeBinomial(Params p) {
        return p.has("gate")
                ? ZeroInflatedNegativeBinomial2.of(p.of("mean"), p.of("concentration"), p.of("gate"))
                : ZeroInflatedNegativeBinomial2.logits(p.of("mean"), p.of("concentration"), p.of("gate_logits"));
    }

    private static Distribution stateSpace(Params p) {
        int n = p.integer("num_steps");
        GaussianStateSpace d = p.has("covariance_matrix")
                ? GaussianStateSpace.covariance(n, p.of("transition_matrix"), p.of("covariance_matrix"))
                : p.has("precision_matrix")
                        ? GaussianStateSpace.precision(n, p.of("transition_matrix"), p.of("precision_matrix"))
                        : new GaussianStateSpace(n, p.of("transition_matrix"), p.of("scale_tril"));
        return p.has("initial_value") ? d.from(p.of("initial_value")) : d;
    }

    private static Distribution sineBivariateVonMises(Params p) {
        return p.has("correlation")
                ? new SineBivariateVonMises(p.of("phi_loc"), p.of("psi_loc"), p.of("phi_concentration"), p.of("psi_concentration"),
                        p.of("correlation"))
                : SineBivariateVonMises.weighted(p.of("phi_loc"), p.of("psi_loc"), p.of("phi_concentration"), p.of("psi_concentration"),
                        p.of("weighted_correlation"));
    }

    private static Distribution delta(Params p) {
        int eventDim = p.has("event_dim") ? p.node().get("event_dim").asInt() : 0;
        return new Delta(p.of("v"), p.of("log_density"), eventDim);
    }

    /// A distribution whose transform changes the length of the event.
    static Distribution logisticNormal() {
        return new TransformedDistribution(new Normal(Np.zeros(2, 3), 1), new StickBreakingTransform());
    }
}
