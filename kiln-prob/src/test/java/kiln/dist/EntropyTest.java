package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Entropies of vectors and matrices against `−E log p`, summed over a grid or over all values, and moments of matrices against grids.
class EntropyTest {
    private static final NDArray L = NDArray.of(new double[][] {{1, 0}, {0.4, 0.7}});
    private static final NDArray ONE = NDArray.of(new double[][] {{0.8}});

    /// @param half half the length of the grid in unconstrained coordinates, of `points` in each of them
    record Grid(Distribution d, double half, int points) {
        @Override
        public String toString() {
            return d.getClass().getSimpleName() + " " + d.eventShape();
        }
    }

    static List<Grid> grids() {
        NDArray pair = NDArray.of(new double[][] {{0, 1}, {1, 0}});
        return List.of(
                new Grid(new CAR(NDArray.of(0.5, -1), 0.4, 2, pair), 12, 120),
                new Grid(new GaussianStateSpace(2, ONE, NDArray.of(new double[][] {{0.7}})).from(NDArray.of(0.6)), 12, 120),
                new Grid(new ZeroSumNormal(NDArray.as(0.8), Shape.of(3)), 12, 120),
                new Grid(new Wishart(NDArray.as(4.5), L), 9, 120),
                new Grid(new WishartCholesky(NDArray.as(4.5), L), 9, 120),
                new Grid(new InverseWishart(NDArray.as(7.5), ONE), 30, 3000),
                new Grid(new InverseWishartCholesky(NDArray.as(7.5), ONE), 30, 3000),
                new Grid(new LKJ(2, NDArray.as(1.5)), 15, 400),
                new Grid(new LKJ(3, NDArray.as(2.5)), 9, 72),
                new Grid(new LKJCholesky(2, NDArray.as(0.7)), 25, 800),
                new Grid(new LKJCholesky(3, NDArray.as(1.5)), 9, 64),
                new Grid(GaussianCopula.correlation(new Gamma(NDArray.of(2.0, 5), NDArray.of(0.5, 1)),
                        NDArray.of(new double[][] {{1, 0.5}, {0.5, 1}})), 12, 120));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void entropyAndMomentsAreIntegrals(Grid g) {
        Quadrature.Rule rule = Quadrature.expectation(g.d(), g.half(), g.points());
        assertThat(rule.total(x -> Np.ones(x.size(0)))).as("mass").isCloseTo(1, within(1e-9));
        double want = rule.total(x -> g.d().logProb(x).unaryMinus());
        assertThat(g.d().entropy().item()).isCloseTo(want, within(1e-9 * Math.max(1, Math.abs(want))));
        assertThat(Functions.jit((Distribution d) -> d.entropy()).apply(g.d()).item()).isCloseTo(want, within(1e-9 * Math.max(1, Math.abs(want))));
        double[] mean = g.d().mean().toDoubleArray();
        double[] variance = g.d().variance().toDoubleArray();
        for (int i = 0; i < mean.length; i++) {
            NDArray entry = entry(g.d(), rule.x(), i);
            double m = rule.total(x -> entry);
            double v = rule.total(x -> Np.square(entry.minus(m)));
            assertThat(mean[i]).isCloseTo(m, within(1e-8 * Math.max(1, Math.abs(m))));
            assertThat(variance[i]).isCloseTo(v, within(1e-8 * Math.max(1, v)));
        }
    }

    /// One entry of every event, in row order.
    static NDArray entry(Distribution d, NDArray x, int i) {
        return x.reshape(Shape.of(x.size() / d.eventShape().size(), d.eventShape().size())).transpose().get(i);
    }

    /// By the determinants of 2 × 2 and 3 × 3 matrices the inverse has the entropy of the matrix less `(p + 1) E log det W`, here from draws
    /// (five standard errors: a correct entropy fails under another key with probability 6e-7 each).
    @Test
    void theInverseOfAWishartMatrix() {
        int n = 100_000;
        for (Distribution d : List.of(new InverseWishart(NDArray.as(7.5), L), new InverseWishartCholesky(NDArray.as(7.5), L))) {
            NDArray info = d.logProb(d.sample(PRNGKey.key(1), Shape.of(n))).unaryMinus();
            assertThat(d.entropy().item()).isCloseTo(info.mean().item(), within(5 * Np.std(info).item() / Math.sqrt(n)));
        }
        var d = new InverseWishartCholesky(NDArray.as(14), L);
        NDArray x = d.sample(PRNGKey.key(2), Shape.of(n));
        NDArray off = NDArray.of(x.get(kiln.array.Index.ALL, kiln.array.Index.at(1), kiln.array.Index.at(0)).toDoubleArray());
        NDArray square = Np.square(off.minus(d.mean().get(1, 0)));
        assertThat(d.variance().get(1, 0).item()).isCloseTo(square.mean().item(), within(5 * Np.std(square).item() / Math.sqrt(n)));
    }

    /// All vectors of counts of six draws of three categories.
    @Test
    void countsOfSeveralCategories() {
        List<double[]> all = new ArrayList<>();
        for (int a = 0; a <= 6; a++) {
            for (int b = 0; a + b <= 6; b++) {
                all.add(new double[] {a, b, 6 - a - b});
            }
        }
        NDArray x = NDArray.of(all.toArray(double[][]::new));
        NDArray p = NDArray.of(0.2, 0.5, 0.3);
        for (Distribution d : List.of(new Multinomial(NDArray.of(6L), p), new MultinomialLogits(NDArray.of(6L), p),
                new DirichletMultinomial(6, NDArray.of(0.4, 2, 3)), new Multinomial(6, NDArray.of(0.0, 0.4, 0.6)))) {
            NDArray logP = d.logProb(x);
            double want = Np.where(logP.eq(Double.NEGATIVE_INFINITY), 0.0, Np.exp(logP).times(logP)).sum().unaryMinus().item();
            assertThat(d.entropy().item()).isCloseTo(want, within(1e-13));
        }
        var batch = new Multinomial(NDArray.of(2L, 6), NDArray.of(new double[][] {{0.2, 0.5, 0.3}, {0.2, 0.5, 0.3}}));
        assertThat(batch.entropy().toDoubleArray())
                .usingComparatorWithPrecision(1e-13)
                .containsExactly(new Multinomial(2, p).entropy().item(), new Multinomial(6, p).entropy().item());
        assertThat(new DirichletMultinomial(6, NDArray.of(2.0)).entropy().item()).isZero();
    }

    /// A mass at 0 and a density elsewhere: the entropy of which of both, and that of the values for their share.
    @Test
    void hurdlesOfContinuousValues() {
        double gate = -0.2 * Math.log(0.2) - 0.8 * Math.log(0.8);
        assertThat(new HurdleGamma(0.2, 0.7, 3).entropy().item()).isCloseTo(gate + 0.8 * new Gamma(0.7, 3).entropy().item(), within(1e-14));
        assertThat(new HurdleGamma(0, 0.7, 3).entropy().item()).isCloseTo(new Gamma(0.7, 3).entropy().item(), within(1e-14));
        assertThat(new HurdlePoisson(1, 3).entropy().item()).isZero();
        assertThat(new ZeroInflatedPoisson(0, 3).entropy().item()).isCloseTo(new Poisson(3).entropy().item(), within(1e-14));
        assertThat(new Poisson(0).entropy().item()).isZero();
    }

    @Test
    void aMaskSwitchesTheEntropyOff() {
        assertThat(new Normal(0, NDArray.of(1.0, 2)).mask(NDArray.of(true, false)).entropy().toDoubleArray())
                .containsExactly(new Normal(0, 1).entropy().item(), 0);
    }

    /// The direction and the length of `E e^(ix)`, by the trapezoidal rule, which is exact for smooth periodic functions.
    @Test
    void aSkewedAngle() {
        int n = 400;
        NDArray angle = Np.arange(n).times(2 * Math.PI / n).minus(Math.PI);
        var d = new SineSkewed(new VonMises(NDArray.of(0.5), NDArray.of(0.8)).toEvent(1), NDArray.of(-0.6));
        NDArray p = Np.exp(d.logProb(Np.expandDims(angle, -1))).times(2 * Math.PI / n);
        double c = p.times(Np.cos(angle)).sum().item();
        double s = p.times(Np.sin(angle)).sum().item();
        assertThat(d.mean().item()).isCloseTo(Math.atan2(s, c), within(1e-13));
        assertThat(d.variance().item()).isCloseTo(1 - Math.hypot(s, c), within(1e-13));
    }
}
