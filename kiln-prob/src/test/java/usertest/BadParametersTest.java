package usertest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.ShapeException;
import kiln.dist.*;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.PowerTransform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole text of the error for each kind of bad parameter, and that every distribution refuses every bad parameter.
class BadParametersTest {
    private static void says(Supplier<?> bad, Class<? extends Throwable> type, String text) {
        Throwable t = catchThrowable(bad::get);
        assertThat(t).isExactlyInstanceOf(type);
        assertThat(String.valueOf(t.getMessage()).replaceAll("Test\\.java:\\d+", "Test.java:LINE")).isEqualTo(text.strip());
    }

    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    @Test
    void aScaleThatIsNotPositive() {
        says(() -> new Normal(0, v(1, 2, 0.5, -0.12, 3)), DomainException.class, """
                Normal: scale must be > 0.
                  Got:      scale[3] = -0.12 (1 of 5 values), shape [5]
                  At:       BadParametersTest.java:LINE
                  Fix:      keep scale positive: give it a HalfNormal prior, or pass exp(logScale).
                """);
    }

    @Test
    void aScalarIsNotIndexed() {
        says(() -> new HalfCauchy(-5), DomainException.class, """
                HalfCauchy: scale must be > 0.
                  Got:      scale = -5.0
                  At:       BadParametersTest.java:LINE
                  Fix:      keep scale positive: give it a HalfNormal prior, or pass exp(logScale).
                """);
    }

    @Test
    void aMeanThatIsNotFinite() {
        says(() -> new Normal(NDArray.of(new double[][] {{0, 1}, {Double.NaN, 2}}), 1), DomainException.class, """
                Normal: loc must be finite.
                  Got:      loc[1, 0] = NaN (1 of 4 values), shape [2, 2]
                  At:       BadParametersTest.java:LINE
                  Fix:      look where the infinity or NaN in loc comes from: a division by 0, or a logarithm of 0.
                """);
    }

    @Test
    void aProbabilityOutsideItsInterval() {
        says(() -> new Bernoulli(1.5), DomainException.class, """
                Bernoulli: probs must be in [0, 1].
                  Got:      probs = 1.5
                  At:       BadParametersTest.java:LINE
                  Fix:      keep probs in [0, 1]: give it a Beta prior, or pass sigmoid(x) of any real x.
                """);
    }

    @Test
    void probabilitiesThatDoNotSumToOne() {
        says(() -> new Categorical(NDArray.of(new double[][] {{0.5, 0.5}, {0.5, 0.75}})), DomainException.class, """
                Categorical: probs must be ≥ 0 and sum to 1 along the last axis.
                  Got:      probs[1] = [0.5  0.75] (1 of 2 values), shape [2, 2]
                  At:       BadParametersTest.java:LINE
                  Fix:      divide probs by its sum, give it a Dirichlet prior, or use logits, which need no normalising.
                """);
    }

    @Test
    void anUpperEndBelowTheLower() {
        says(() -> new Uniform(2, 1), DomainException.class, """
                Uniform: high must be > 2.0.
                  Got:      high = 1.0
                  At:       BadParametersTest.java:LINE
                  Fix:      let high be > 2.0.
                """);
    }

    @Test
    void aRateBelowZero() {
        says(() -> new Poisson(-1), DomainException.class, """
                Poisson: rate must be ≥ 0.
                  Got:      rate = -1.0
                  At:       BadParametersTest.java:LINE
                  Fix:      keep rate positive: give it a HalfNormal prior, or pass exp(logRate).
                """);
    }

    @Test
    void aCountThatIsNoInteger() {
        says(() -> new Binomial(2.5, 0.5), DomainException.class, """
                Binomial: totalCount must be an integer ≥ 0.
                  Got:      totalCount = 2.5
                  At:       BadParametersTest.java:LINE
                  Fix:      let totalCount be an integer ≥ 0.
                """);
    }

    @Test
    void anEndThatIsNoInteger() {
        says(() -> new DiscreteUniform(0.5, 3), DomainException.class, """
                DiscreteUniform: low must be an integer.
                  Got:      low = 0.5
                  At:       BadParametersTest.java:LINE
                  Fix:      let low be an integer.
                """);
    }

    @Test
    void aMatrixThatIsNoCholeskyFactor() {
        says(() -> new MultivariateNormal(Np.zeros(2), NDArray.of(new double[][] {{1, 0.5}, {0, 1}})), DomainException.class, """
                MultivariateNormal: scaleTril must be lower triangular with a positive diagonal.
                  Got:      scaleTril = [[1.  0.5] [0.  1. ]]
                  At:       BadParametersTest.java:LINE
                  Fix:      pass cholesky(covariance) as scaleTril, or give the distribution its covariance or precision matrix.
                """);
    }

    @Test
    void aCovarianceThatIsNotPositiveDefinite() {
        says(() -> MultivariateNormal.covariance(Np.zeros(2), NDArray.of(new double[][] {{1, 2}, {2, 1}})), DomainException.class, """
                MultivariateNormal: covarianceMatrix must be symmetric and positive definite.
                  Got:      covarianceMatrix = [[1. 2.] [2. 1.]]
                  At:       BadParametersTest.java:LINE
                  Fix:      add a small multiple of eye(n) to the diagonal of covarianceMatrix, or pass its Cholesky factor.
                """);
    }

    @Test
    void sizesThatDoNotMatch() {
        says(() -> new MultivariateNormal(Np.zeros(3), Np.eye(2)), ShapeException.class, """
                MultivariateNormal: loc and scaleTril do not have matching sizes.
                  Expected: loc […, n], or a number, and scaleTril […, n, n]
                  Got:      [3] and [2, 2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new MultivariateStudentT(5, Np.zeros(3), Np.eye(2)), ShapeException.class, """
                MultivariateStudentT: loc and scaleTril do not have matching sizes.
                  Expected: loc […, n], or a number, and scaleTril […, n, n]
                  Got:      [3] and [2, 2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new LowRankMultivariateNormal(Np.zeros(3), Np.ones(2, 1), v(1, 1, 1)), ShapeException.class, """
                LowRankMultivariateNormal: loc, covFactor and covDiag do not have matching sizes.
                  Expected: loc […, n], covFactor […, n, r] and covDiag […, n]
                  Got:      [3] and [2, 1] and [3]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new MatrixNormal(Np.zeros(2, 3), Np.eye(3), Np.eye(2)), ShapeException.class, """
                MatrixNormal: loc, scaleTrilRow and scaleTrilColumn do not have matching sizes.
                  Expected: loc […, n, p], scaleTrilRow […, n, n] and scaleTrilColumn […, p, p]
                  Got:      [2, 3] and [3, 3] and [2, 2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new CirculantNormal(Np.zeros(4), v(1, 1)), ShapeException.class, """
                CirculantNormal: loc and covarianceRfft do not have matching sizes.
                  Expected: loc […, n] and covarianceRfft […, n/2 + 1]
                  Got:      [4] and [2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new GaussianStateSpace(4, Np.eye(3), Np.eye(2)), ShapeException.class, """
                GaussianStateSpace: transitionMatrix, scaleTril and initialValue do not have matching sizes.
                  Expected: transitionMatrix […, d, d], scaleTril […, d, d] and initialValue […, d]
                  Got:      [3, 3] and [2, 2] and [2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new GaussianCopula(new Gamma(v(1, 2, 3), 1), Np.eye(2)), ShapeException.class, """
                GaussianCopula: marginalDist and correlationCholesky do not have matching sizes.
                  Expected: marginalDist with batch [] or […, n], of numbers, and correlationCholesky […, n, n]
                  Got:      [3] and [2, 2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new Normal(v(1, 2), v(1, 2, 3)), ShapeException.class, """
                Normal: the parameters loc and scale do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new Uniform(v(1, 2), v(3, 4, 5)), ShapeException.class, """
                Uniform: high does not broadcast with its bounds.
                  Expected: high must be > the lower bound
                  Got:      shape [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new MultivariateNormal(v(0, 0), Np.ones(2, 3)), ShapeException.class, """
                MultivariateNormal: loc and scaleTril do not have matching sizes.
                  Expected: loc […, n], or a number, and scaleTril […, n, n]
                  Got:      [2] and [2, 3]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> new Categorical(Np.scalar(1.0)), ShapeException.class, """
                Categorical: probs has too few axes.
                  Expected: at least 1 axis: probs must be ≥ 0 and sum to 1 along the last axis
                  Got:      shape []
                  At:       BadParametersTest.java:LINE
                """);
    }

    @Test
    void boundsThatLeaveNoRoom() {
        says(() -> Constraints.interval(2, v(3, 1)), DomainException.class, """
                Constraints.interval: the bounds must satisfy low < high.
                  Got:      low = 2, high = 1.0
                  At:       BadParametersTest.java:LINE
                  Fix:      swap the bounds, or look where they come from.
                """);
        says(() -> Constraints.integerInterval(2, 1), DomainException.class, """
                Constraints.integerInterval: the bounds must satisfy low ≤ high.
                  Got:      low = 2, high = 1
                  At:       BadParametersTest.java:LINE
                  Fix:      swap the bounds, or look where they come from.
                """);
    }

    @Test
    void aSupportWithoutAList() {
        says(() -> new Poisson(3).enumerateSupport(true), UnsupportedOperationException.class, """
                Poisson: there is no list of the values: the support is not finite, or differs within the batch.
                  Got:      Poisson with batch [] and event []
                  At:       BadParametersTest.java:LINE
                  Fix:      cut it where no mass is left: logProb(arange(n)) has the masses of 0, …, n − 1.
                """);
    }

    @Test
    void aMapWhoseNeighboursDoNotAgree() {
        says(() -> new CAR(v(0, 0), 0.5, 1, NDArray.of(new double[][] {{0, 1}, {0, 0}})), DomainException.class, """
                CAR: adjMatrix must be symmetric and ≥ 0, with a neighbour for every area.
                  Got:      adjMatrix[0, 1] = 1.0 and adjMatrix[1, 0] = 0.0
                  At:       BadParametersTest.java:LINE
                  Fix:      list each pair of neighbours in both directions, and give areas without neighbours a prior of their own.
                """);
        says(() -> new CAR(v(0, 0, 0), 0.5, 1, NDArray.of(new double[][] {{0, 1, 0}, {1, 0, 0}, {0, 0, 0}})), DomainException.class, """
                CAR: adjMatrix must be symmetric and ≥ 0, with a neighbour for every area.
                  Got:      area 2 has no neighbour
                  At:       BadParametersTest.java:LINE
                  Fix:      list each pair of neighbours in both directions, and give areas without neighbours a prior of their own.
                """);
        says(() -> new CAR(v(0, 0, 0), 0.5, 1, NDArray.of(new double[][] {{0, 1}, {1, 0}})), ShapeException.class, """
                CAR: loc and adjMatrix do not have matching sizes.
                  Expected: loc […, n], or a number, and adjMatrix […, n, n]
                  Got:      [3] and [2, 2]
                  At:       BadParametersTest.java:LINE
                """);
    }

    @Test
    void wrappersThatDoNotFit() {
        says(() -> new Normal(v(1, 2), 1).expand(3), ShapeException.class, """
                expand: the batch of the distribution does not broadcast to the new shape.
                  Expected: axes that are equal or 1, aligned at the last axis
                  Got:      Normal with batch [2], new shape [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      give the new shape the batch of the distribution at its end: d.expandBy(n) adds axes in front.
                """);
        says(() -> new Normal(0, 1).toEvent(1), ShapeException.class, """
                toEvent: the distribution does not have that many batch axes.
                  Expected: a number from 0 to 0
                  Got:      1, Normal with batch []
                  At:       BadParametersTest.java:LINE
                  Fix:      give the parameters a batch first: d.expand(n).toEvent(1).
                """);
    }

    @Test
    void basesThatDoNotFit() {
        says(() -> new HurdleProbs(new Normal(0, 1), 0.3), DomainException.class, """
                HurdleProbs: baseDist must have no values below 0.0.
                  Expected: a support within [0.0, ∞)
                  Got:      Normal with batch [] and event [], whose values are finite
                  At:       BadParametersTest.java:LINE
                  Fix:      fold the base (FoldedDistribution) or cut it at 0 (LeftTruncatedDistribution), or mix it with Delta(0).
                """);
        says(() -> new HurdleLogits(new Dirichlet(v(1, 2)), 0.3), ShapeException.class, """
                HurdleLogits: baseDist must be a distribution of single numbers.
                  Expected: event []
                  Got:      Dirichlet with batch [] and event [2]
                  At:       BadParametersTest.java:LINE
                  Fix:      wrap the distribution of the elements, then make its batch the event: new HurdleLogits(…).toEvent(n).
                """);
        says(() -> new ZeroInflatedProbs(new Poisson(v(1, 2)), v(0.1, 0.2, 0.3)), ShapeException.class, """
                ZeroInflatedProbs: the parameters baseDist and gate do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new RightCensoredDistribution(new Normal(v(0, 1), 1), NDArray.of(true, false, true)), ShapeException.class, """
                RightCensoredDistribution: the parameters baseDist and censored do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new LeftTruncatedDistribution(new Normal(v(0, 1), 1), v(1, 2, 3)), ShapeException.class, """
                LeftTruncatedDistribution: the parameters baseDist and low do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new FoldedDistribution(new Poisson(2)), DomainException.class, """
                FoldedDistribution: baseDist must have a density.
                  Expected: a distribution on the real line
                  Got:      Poisson with batch [] and event []
                  At:       BadParametersTest.java:LINE
                  Fix:      sum the masses of the two counts: logaddexp(d.logProb(k), d.logProb(k.unaryMinus())).
                """);
        says(() -> new Normal(v(0, 1), 1).mask(NDArray.of(true, false, true)), ShapeException.class, """
                Masked: the parameters baseDist and mask do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> new TransformedDistribution(new Normal(0, 1), new PowerTransform(0.5)), DomainException.class, """
                TransformedDistribution: baseDist must have no values below 0.0.
                  Expected: a support within [0.0, ∞)
                  Got:      Normal with batch [] and event [], whose values are finite
                  At:       BadParametersTest.java:LINE
                  Fix:      choose a base whose values lie in the domain of the first transform.
                """);
        says(() -> new ImproperUniform(Constraints.simplex), ShapeException.class, """
                ImproperUniform: the event has fewer axes than a value of the support.
                  Expected: an event of at least 1 axes: values are ≥ 0 and sum to 1 along the last axis
                  Got:      event []
                  At:       BadParametersTest.java:LINE
                  Fix:      give the shape of one value as eventShape: Shape.of(n), for matrices Shape.of(n, n).
                """);
    }

    @Test
    void componentsThatDoNotFit() {
        NDArray half = v(0.5, 0.5);
        says(() -> new MixtureSameFamily(new Categorical(half), new Normal(0, 1)), ShapeException.class, """
                MixtureSameFamily: the components need a batch axis to stand along.
                  Expected: a batch […, k] of k components
                  Got:      Normal with batch [] and event []
                  At:       BadParametersTest.java:LINE
                  Fix:      give the parameters one value for each component, or list different families: new MixtureGeneral(mixing, List.of(a, b)).
                """);
        says(() -> Mixture.of(new Categorical(half), List.of(new Normal(0, 1), new MultivariateNormal(v(0, 0), Np.eye(2)))), ShapeException.class, """
                MixtureGeneral: the events of componentDistributions do not have matching sizes.
                  Expected: components of one event shape
                  Got:      [] and [2]
                  At:       BadParametersTest.java:LINE
                """);
        says(() -> Mixture.of(new Categorical(half), List.of(new Normal(v(0, 1), 1), new Normal(v(0, 1, 2), 1))), ShapeException.class, """
                MixtureGeneral: the parameters mixingDistribution and componentDistributions do not broadcast.
                  Expected: sizes that are equal or 1, aligned at the last axis
                  Got:      [] and [2] and [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or reshape one of them.
                """);
        says(() -> Mixture.of(new Categorical(half), List.of(new Normal(0, 1), new Gamma(2, 1))), DomainException.class, """
                MixtureGeneral: componentDistributions do not have one support.
                  Got:      [Normal: finite, Gamma: > 0]
                  At:       BadParametersTest.java:LINE
                  Fix:      give the union of the supports: new MixtureGeneral(mixing, components, Constraints.real).
                """);
        says(() -> Mixture.of(new Categorical(half), List.of(new Uniform(0, 1), new Uniform(0, 3))), DomainException.class, """
                MixtureGeneral: componentDistributions do not have one support.
                  Got:      [Uniform: in [0.0, 1.0], Uniform: in [0.0, 3.0]]
                  At:       BadParametersTest.java:LINE
                  Fix:      give the union of the supports: new MixtureGeneral(mixing, components, Constraints.real).
                """);
        says(() -> new MixtureGeneral(new Categorical(half), List.of(new Normal(0, 1), new Poisson(1)), Constraints.real), DomainException.class, """
                MixtureGeneral: componentDistributions must all have densities, or all have masses.
                  Got:      [Normal (density), Poisson (counts)]
                  At:       BadParametersTest.java:LINE
                  Fix:      draw the kind of a value as a site of its own, or put new Delta(value) in the place of a mass at one value.
                """);
    }

    @Test
    void valuesThatAreNoDraws() {
        says(() -> new MultivariateNormal(Np.zeros(4), Np.eye(4)).logProb(v(1, 2, 3)), ShapeException.class, """
                MultivariateNormal: the value does not have the shape of a draw.
                  Expected: […] + [] + [4]: axes of the value that broadcast with the batch, then the event
                  Got:      [3]
                  At:       BadParametersTest.java:LINE
                  Fix:      pass events of shape [4], or change the parameters of the distribution.
                """);
        says(() -> new MultivariateNormal(Np.zeros(4), Np.eye(4)).logProb(0.5), ShapeException.class, """
                MultivariateNormal: the value does not have the shape of a draw.
                  Expected: […] + [] + [4]: axes of the value that broadcast with the batch, then the event
                  Got:      []
                  At:       BadParametersTest.java:LINE
                  Fix:      pass all 4 numbers of an event.
                """);
        says(() -> new Normal(v(0, 1, 2), 1).logProb(v(1, 2)), ShapeException.class, """
                Normal: the value does not have the shape of a draw.
                  Expected: […] + [3] + []: axes of the value that broadcast with the batch, then the event
                  Got:      [2]
                  At:       BadParametersTest.java:LINE
                  Fix:      add an axis of size 1 with expandDims, or give the distribution the batch of the value.
                """);
    }

    @Test
    void whatHasNoClosedFormSaysSo() {
        says(() -> new Dirichlet(v(1, 2)).icdf(v(0.5)), UnsupportedOperationException.class, """
                Dirichlet: icdf(q) is not available for this distribution.
                  Got:      Dirichlet with batch [] and event [2]
                  At:       BadParametersTest.java:LINE
                  Fix:      estimate it from draws: d.sample(key, Shape.of(100_000)).
                """);
        says(() -> new ImproperUniform(Constraints.positive).sample(PRNGKey.key(0)), UnsupportedOperationException.class, """
                ImproperUniform: a flat prior has no draws.
                  Got:      support: values that are > 0
                  At:       BadParametersTest.java:LINE
                  Fix:      give the site a value with substitute or condition, start MCMC from initial values, or use a proper prior.
                """);
        says(() -> Constraints.boolean_.bijection(), UnsupportedOperationException.class, """
                BooleanConstraint: there is no bijection from the real numbers onto this set.
                  Expected: a continuous set
                  Got:      values that are 0 or 1
                """);
    }

    /// Every parameter with a domain smaller than the real line, once outside of it.
    static Stream<Supplier<Distribution>> bad() {
        double nan = Double.NaN;
        return Stream.of(
                () -> new Cauchy(0, 0), () -> new Cauchy(nan, 1), () -> new HalfNormal(0), () -> new Laplace(0, -1),
                () -> new Logistic(0, -1), () -> new Gumbel(0, -1), () -> new LogNormal(0, -1), () -> new StudentT(0, 0, 1),
                () -> new StudentT(1, 0, 0), () -> new Uniform(nan, 1), () -> new Exponential(0), () -> new Weibull(0, 1),
                () -> new Weibull(1, 0), () -> new Gamma(0, 1), () -> new Gamma(1, 0), () -> new InverseGamma(0, 1),
                () -> new InverseGamma(1, 0), () -> new Chi2(0), () -> new Beta(0, 1), () -> new Beta(1, 0),
                () -> new Dirichlet(v(1, 0)), () -> Bernoulli.logits(nan), () -> new Binomial(-1, 0.5),
                () -> new Binomial(3, 1.5), () -> Binomial.logits(3, nan), () -> new Geometric(2), () -> Geometric.logits(nan),
                () -> Categorical.logits(v(0, nan)), () -> new DiscreteUniform(3, 2),
                () -> new MultivariateNormal(v(nan), Np.eye(1)), () -> MultivariateNormal.precision(v(0), v(-1).reshape(1, 1)),
                () -> new Delta(0, nan));
    }

    @ParameterizedTest
    @MethodSource
    void bad(Supplier<Distribution> parameter) {
        assertThat(catchThrowable(parameter::get)).isInstanceOf(DomainException.class).hasMessageContaining(" must be ");
    }

    @Test
    void theFirstOffendingElementIsNamedInRowOrder() {
        List<Double> all = List.of(1.0, -1.0, -2.0);
        NDArray scale = v(all.stream().mapToDouble(x -> x).toArray());
        assertThat(catchThrowable(() -> new Normal(0, scale))).hasMessageContaining("scale[1] = -1.0 (2 of 3 values)");
    }
}
