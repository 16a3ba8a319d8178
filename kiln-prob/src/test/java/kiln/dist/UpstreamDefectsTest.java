package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import kiln.array.DType;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.transform.SimplexToOrderedTransform;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// Where NumPyro 0.21 is wrong (verified by running it), Kiln is right; and what the new distributions refuse.
class UpstreamDefectsTest {
    private static final NDArray NO = Np.scalar(false);

    private static double interval(double low, double high) {
        return new IntervalCensoredDistribution(new Normal(0, 1), NO, NO).logProb(NDArray.of(low, high)).item();
    }

    /// NumPyro gives −∞ in the upper tail. The values are log(Φ(−9) − Φ(−10)) and log(Φ(−40) − Φ(−41)) from mpmath with 50 digits.
    @Test
    void anIntervalInTheUpperTailHasTheMassOfItsMirrorImage() {
        assertThat(interval(9, 10)).isCloseTo(LOG_9_10, within(1e-11 * 43));
        assertThat(interval(-10, -9)).isCloseTo(LOG_9_10, within(1e-11 * 43));
        assertThat(interval(40, 41)).isCloseTo(LOG_40_41, within(1e-11 * 800));
        NDArray slope = Functions.grad((NDArray x) -> new IntervalCensoredDistribution(new Normal(0, 1), NO, NO).logProb(x))
                .apply(NDArray.of(40.0, 41.0));
        assertThat(Np.all(Np.isfinite(slope)).isTrue()).isTrue();
    }

    private static final double LOG_9_10 = -43.628216632280822;
    private static final double LOG_40_41 = -804.60844201375379;

    /// NumPyro gives log 1 = 0 where both ends are equal.
    @Test
    void anExactObservationHasItsDensity() {
        assertThat(interval(0.5, 0.5)).isEqualTo(new Normal(0, 1).logProb(0.5).item());
    }

    /// NumPyro's float32 value stops at −15.94 with derivative 0; log Φ(−6) is a published value.
    @Test
    void rightCensoringGoesOnInTheTail() {
        var d = new RightCensoredDistribution(new Normal(0, 1), Np.scalar(true));
        NDArray six = NDArray.of(6f);
        assertThat(d.logProb(six).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(d.logProb(six).toDoubleArray()[0]).isCloseTo(-20.736768949, within(2e-5));
        assertThat(Functions.grad((NDArray x) -> d.logProb(x).sum()).apply(six).toDoubleArray()[0]).isCloseTo(-6.1584826, within(1e-4));
        assertThat(d.logProb(60.0).item()).isCloseTo(new Normal(0, 1).logSf(NDArray.as(60.0)).item(), within(1e-9));
    }

    /// NumPyro gives ∞ for the first and the mean of nothing; at 100 standard deviations the density is e^(−a t) with a about 100.
    @Test
    void aTruncatedNormalFarFromItsMean() {
        Distribution d = TruncatedNormal.of(0, 1, 100, 101);
        NDArray x = d.sample(PRNGKey.key(1), Shape.of(1000));
        assertThat(Np.all(d.support().check(x)).isTrue()).isTrue();
        assertThat(x.mean().minus(100).item()).isCloseTo(0.01, within(0.0015));
        assertThat(d.logProb(100.0).item()).isCloseTo(Math.log(100), within(1e-3));
        assertThat(d.cdf(d.icdf(NDArray.of(0.1, 0.5, 0.9))).toDoubleArray())
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(0.1, 0.5, 0.9);
    }

    /// The gradient of a draw by the location is its change with it, by central differences, in both tails and in the centre.
    @Test
    void drawsOfATruncatedNormalCanBeDifferentiated() {
        for (double loc : new double[] {-9, 0.3, 12}) {
            double h = 1e-5;
            NDArray slope = Functions.grad((NDArray m) -> truncatedDraws(m).sum()).apply(Np.scalar(loc));
            double change = truncatedDraws(Np.scalar(loc + h)).minus(truncatedDraws(Np.scalar(loc - h))).sum().item();
            assertThat(slope.item()).isCloseTo(change / (2 * h), within(1e-5));
        }
    }

    private static NDArray truncatedDraws(NDArray loc) {
        return TruncatedNormal.of(loc, 2, -1, 4).sample(PRNGKey.key(2), Shape.of(20));
    }

    /// A mass at 0 and a density elsewhere; NumPyro gives −∞ at 0 for a continuous base.
    @Test
    void aHurdleBeforeAContinuousVariableHasAMassAtZero() {
        assertThat(new HurdleProbs(new Gamma(2, 1), NDArray.as(0.3)).logProb(0.0).item()).isCloseTo(Math.log(0.3), within(1e-15));
    }

    /// NumPyro's determinant is that at another point when there is an anchor.
    @Test
    void theAnchorOfAnOrderedVectorMovesNoVolume() {
        NDArray x = NDArray.of(0.2, 0.3, 0.5);
        var plain = new SimplexToOrderedTransform(0);
        var moved = new SimplexToOrderedTransform(2);
        assertThat(moved.logAbsDetJacobian(x, moved.call(x)).item())
                .isCloseTo(plain.logAbsDetJacobian(x, plain.call(x)).item(), within(1e-14));
    }

    /// In NumPyro a Python float of 1 or less divides by zero.
    @Test
    void theMeanOfAnInverseGammaMayBeInfinite() {
        assertThat(new InverseGamma(0.5, 2).mean().item()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /// Defect 14: NumPyro's tests of the copula with beta marginals fail. Of uniform marginals it is the plain copula's density,
    /// `−½ log(1 − ρ²) − (ρ² (z² + w²) − 2 ρ z w) / (2 (1 − ρ²))` at `x = Φ(z), y = Φ(w)`; uncorrelated it is the product.
    @Test
    void aCopulaOfBetaVariables() {
        double r = 0.75;
        double z = -0.4;
        double w = 1.3;
        NDArray x = Np.stack(List.of(new Normal(0, 1).cdf(NDArray.as(z)), new Normal(0, 1).cdf(NDArray.as(w))), 0);
        NDArray one = NDArray.of(1.0, 1);
        double want = -0.5 * Math.log(1 - r * r) - (r * r * (z * z + w * w) - 2 * r * z * w) / (2 * (1 - r * r));
        assertThat(GaussianCopulaBeta.correlation(one, one, NDArray.of(new double[][] {{1, r}, {r, 1}})).logProb(x).item()).isCloseTo(want, within(1e-13));
        NDArray a = NDArray.of(7.0, 2);
        NDArray b = NDArray.of(4.0, 10);
        assertThat(GaussianCopulaBeta.correlation(a, b, Np.eye(2)).logProb(x).item()).isCloseTo(new Beta(a, b).logProb(x).sum().item(), within(1e-12));
    }

    @Test
    void refusalsNameTheOffender() {
        assertThatThrownBy(() -> new ZeroInflatedProbs(new Normal(0, 1), 0.5))
                .hasMessageContaining("ZeroInflatedProbs: the base must be a distribution of counts")
                .hasMessageContaining("Normal")
                .hasMessageContaining("use a hurdle distribution");
        assertThatThrownBy(() -> new MixtureSameFamily(new Categorical(NDArray.of(0.5, 0.5)), new Normal(Np.zeros(3), 1)))
                .hasMessageContaining("MixtureSameFamily: the weights do not belong to the components")
                .hasMessageContaining("a Categorical or CategoricalLogits of 3 categories")
                .hasMessageContaining("Categorical of 2");
        assertThatThrownBy(() -> new MixtureGeneral(new Normal(0, 1), List.of(new Normal(0, 1))))
                .hasMessageContaining("Normal");
        assertThatThrownBy(() -> new Wishart(1, Np.eye(3)))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("Wishart: concentration must be > 2")
                .hasMessageContaining("concentration = 1.0");
        assertThatThrownBy(() -> new TwoSidedTruncatedDistribution(new Normal(0, 1), 3, 2))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("high must be > 3");
        assertThatThrownBy(() -> new LKJCholesky(3, -1)).hasMessageContaining("LKJCholesky: concentration must be > 0");
    }

    /// Draws of distributions that the table cannot compare: a path with unit diffusion is a random walk, the rows of a factor have
    /// length 1 and give the correlation's moments, areas have the covariance that the precision says.
    @Test
    void drawsOfPathsFactorsAndMaps() {
        int n = 100_000;
        NDArray t = NDArray.of(0, 0.5, 2.0);
        var path = new EulerMaruyama(t, (x, time) -> new Sde.Terms(Np.full(Shape.SCALAR, 2), Np.scalar(3.0)), new Normal(1, 0.5));
        NDArray x = path.sample(PRNGKey.key(3), Shape.of(n));
        near(x.mean(0), NDArray.of(1, 2, 5), NDArray.of(0.25, 4.75, 18.25), n);
        near(Np.var(x, 1, 0), NDArray.of(0.25, 4.75, 18.25), Np.square(NDArray.of(0.25, 4.75, 18.25)).times(2), n);

        NDArray factor = new LKJCholesky(3, 2).sample(PRNGKey.key(4), Shape.of(n));
        assertThat(Np.all(new LKJCholesky(3, 2).support().check(factor)).isTrue()).isTrue();
        NDArray r = factor.matmul(Np.matrixTranspose(factor));
        NDArray off = NDArray.of(r.get(kiln.array.Index.ALL, kiln.array.Index.at(2), kiln.array.Index.at(1)).toDoubleArray());
        near(off.mean(0), Np.scalar(0.0), Np.scalar(1.0 / 6), n);
        near(Np.var(off, 1, 0), Np.scalar(1.0 / 6), Np.scalar(0.1), n);

        NDArray w = NDArray.of(new double[][] {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}});
        var car = new CAR(Np.zeros(3), 0.5, 2, w);
        NDArray v = Np.diagonal(kiln.array.Linalg.inv(car.precisionMatrix()));
        near(Np.var(car.sample(PRNGKey.key(5), Shape.of(n)), 1, 0), v, Np.square(v).times(2), n);
    }

    /// Within five standard errors; a correct sampler fails under another key with a probability of 6e-7 for each number.
    private static void near(NDArray got, NDArray want, NDArray variance, int n) {
        NDArray room = Np.sqrt(variance.div(n)).times(5);
        assertThat(Np.all(Np.abs(got.minus(want)).le(room)).isTrue()).as("%s, not %s", got, want).isTrue();
    }
}
