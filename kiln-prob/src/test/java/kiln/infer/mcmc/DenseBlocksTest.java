package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Metrics with full blocks for groups of sites: the arithmetic against a full matrix, what the warm-up finds, and who is refused.
class DenseBlocksTest {
    private static final double[][] FIRST = {{2, 0.7}, {0.7, 1}};
    private static final double[][] SECOND = {{1.5, -0.3, 0.2}, {-0.3, 0.9, 0.1}, {0.2, 0.1, 0.4}};
    private static final int[][] BLOCKS = {{1, 4}, {0, 3, 6}};

    private static BlockMetric blocks() {
        return new BlockMetric(new double[] {1, 1, 0.25, 1, 1, 3, 1}, new int[][] {BLOCKS[0].clone(), BLOCKS[1].clone()},
                List.of(new DenseMetric(FIRST), new DenseMetric(SECOND)));
    }

    /// A full matrix with zeros outside the blocks is the same metric; the same normals give the same momentum.
    @Test
    void theArithmeticIsThatOfAFullMatrix() {
        BlockMetric metric = blocks();
        double[][] s = metric.inverseMassMatrix();
        assertThat(s[4][1]).isEqualTo(0.7);
        assertThat(s[6][0]).isEqualTo(0.2);
        assertThat(s[5][5]).isEqualTo(3);
        assertThat(s[0][1]).isZero();
        Metric full = Metric.dense(s);
        var random = new ChainRandom(1);
        double[] x = random(random);
        double[] g = random(random);
        double[][] mine = new double[8][7];
        double[][] want = new double[8][7];
        int row = 0;
        for (Metric m : List.of(metric, full)) {
            double[][] out = row++ == 0 ? mine : want;
            m.scale(x, out[0]);
            m.scaleTransposed(x, out[1]);
            m.sampleMomentum(new ChainRandom(3), out[2]);
            out[3][0] = m.velocity(out[2], out[4]);
            Step step = Step.of(m, 0.3, x, out[2], g);
            out[3][1] = step.kinetic();
            out[5] = step.end().position;
            out[6] = step.end().momentum;
            out[7] = step.end().velocity;
        }
        for (int k = 0; k < mine.length; k++) {
            assertThat(mine[k]).as("result %d", k).containsExactly(want[k], within(1e-14));
        }
    }

    private static double[] random(ChainRandom random) {
        double[] x = new double[7];
        java.util.Arrays.setAll(x, i -> random.normal());
        return x;
    }

    @Test
    void aSavedMetricIsTheSame() {
        var state = new ChainState.Builder("test");
        blocks().save(state);
        assertThat(Metric.of(state.build(), 7)).isEqualTo(blocks()).hasSameHashCodeAs(blocks());
    }

    private static final Model MODEL = () -> {
        var c = sample("c", new Normal(0, 5));
        sample("ab", MultivariateNormal.covariance(NDArray.of(0.0, 0), NDArray.of(new double[][] {{4, 1.8}, {1.8, 1}})));
        sample("d", new Normal(c.times(0.5), 1));
    };

    /// Scores make the block exact, where the posterior is normal, but for the ridge of [GeometricMean], 1e-5 on a diagonal of 1, which moves a
    /// variance by 1e-5/(1 − ρ²) of itself at most; ρ = 0.9 here. Variances have their sampling error: 475 draws of the last windows, each
    /// entry within five standard errors of independent ones, doubled for their dependence. Sites that are in no group have no covariance.
    @ParameterizedTest
    @CsvSource({"FISHER, 2.2e-4", "FISHER_DIAGONAL, 2.2e-4", "VARIANCE, 2"})
    void theWarmupFindsTheBlocks(MetricAdaptation adaptation, double tolerance) {
        PosteriorDensity density = PosteriorDensity.of(MODEL, key(0));
        Chain chain = new NUTS().denseMass(List.of(List.of("ab"))).metricAdaptation(adaptation).start(density, new double[4], 3, 1000);
        double[] q = new double[4];
        for (int i = 0; i < 1000; i++) {
            chain.next(q);
        }
        double[][] s = chain.metric().inverseMassMatrix();
        assertThat(s[1][1]).isCloseTo(4, within(tolerance));
        assertThat(s[1][2]).isCloseTo(1.8, within(tolerance));
        assertThat(s[2][2]).isCloseTo(1, within(tolerance));
        assertThat(s[2][1]).isEqualTo(s[1][2]).isNotZero();
        for (int i : new int[] {0, 3}) {
            for (int j = 0; j < 4; j++) {
                if (i != j) {
                    assertThat(s[i][j]).isZero();
                }
            }
        }
        assertThat(s[0][0]).isPositive();
    }

    /// The sites of a group need not be neighbours.
    @Test
    void groupsTakeSitesFromAnywhere() {
        Chain chain = new NUTS().denseMass(List.of(List.of("d", "c"), List.of("ab"))).metricAdaptation(MetricAdaptation.FISHER)
                .start(PosteriorDensity.of(MODEL, key(0)), new double[4], 3, 300);
        double[] q = new double[4];
        for (int i = 0; i < 300; i++) {
            chain.next(q);
        }
        double[][] s = chain.metric().inverseMassMatrix();
        // c ~ N(0, 25), d = c/2 + N(0, 1): ρ² = 0.862, and the ridge again.
        double ridge = 25 * 1e-5 / 0.138;
        assertThat(s[0][0]).isCloseTo(25, within(ridge));
        assertThat(s[0][3]).isCloseTo(12.5, within(ridge));
        assertThat(s[3][3]).isCloseTo(7.25, within(ridge));
    }

    /// `c`, `ab` and `d` are the coordinates 0, 1 and 2, 3.
    @Test
    void sitesMayStartWithMetricsOfTheirOwn() {
        PosteriorDensity density = PosteriorDensity.of(MODEL, key(0));
        NUTS nuts = new NUTS().adaptMassMatrix(false).inverseMassMatrix(Map.of(
                List.of("d", "c"), Metric.dense(new double[][] {{7, 12}, {12, 25}}), List.of("ab"), Metric.diagonal(4, 2)));
        Chain chain = nuts.start(density, new double[4], 3, 20);
        double[][] want = {{25, 0, 0, 12}, {0, 4, 0, 0}, {0, 0, 2, 0}, {12, 0, 0, 7}};
        assertThat(chain.metric().inverseMassMatrix()).isDeepEqualTo(want);
        chain.next(new double[4]);
        Chain resumed = nuts.resume(density, chain.state());
        assertThat(resumed.metric()).isEqualTo(chain.metric());
        assertThat(nuts.inverseMassMatrix(Map.of(List.of("ab"), Metric.diagonal(4, 2))).start(density, new double[4], 3, 20).metric())
                .isEqualTo(Metric.diagonal(1, 4, 2, 1));
        assertThat(nuts.description()).contains("siteMetrics={[ab]=Metric.diagonal[4.0, 2.0], [d, c]=Metric.dense[[7.0, 12.0], [12.0, 25.0]]}");
        assertThat(nuts.inverseMassMatrix(Metric.identity(4)).settings().siteMetrics()).isEmpty();
    }

    @Test
    void metricsOfSitesThatDoNotFitAreRefused() {
        PosteriorDensity density = PosteriorDensity.of(MODEL, key(0));
        assertThatThrownBy(() -> new NUTS().inverseMassMatrix(Map.of(List.of("e"), Metric.identity(1))).start(density, new double[4], 1, 10))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("inverseMassMatrix: a group must consist of sites that gradients move, each in one group.")
                .hasMessageContaining("Got:      \"e\" in [[e]]")
                .hasMessageContaining("Fix:      leave the name out: what is not named starts with variance 1.");
        assertThatThrownBy(() -> new NUTS().inverseMassMatrix(Map.of(List.of("ab", "c"), Metric.identity(2))).start(density, new double[4], 1, 10))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("inverseMassMatrix: a part does not have the size of its sites.")
                .hasMessageContaining("Expected: 3 unconstrained coordinates of [ab, c]")
                .hasMessageContaining("Got:      a metric of 2");
    }

    @Test
    void whatIsNoGroupIsRefused() {
        PosteriorDensity density = PosteriorDensity.of(MODEL, key(0));
        assertThatThrownBy(() -> new NUTS().denseMass(List.of(List.of("ab", "e"))).start(density, new double[4], 1, 10))
                .isInstanceOf(HandlerException.class)
                .hasMessageContaining("denseMass: a group must consist of sites that gradients move, each in one group.")
                .hasMessageContaining("Got:      \"e\" in [[ab, e]]");
        assertThatThrownBy(() -> new NUTS().denseMass(List.of(List.of("ab"), List.of("c", "ab"))).start(density, new double[4], 1, 10))
                .hasMessageContaining("Got:      \"ab\" in [[ab], [c, ab]]");
        assertThatThrownBy(() -> new NUTS().denseMass(List.of(List.of("ab"))).start(Targets.banana(), new double[2], 1, 10))
                .hasMessageContaining("names of continuous random variables of the model");
        assertThat(new NUTS().denseMass(List.of(List.of("ab"))).denseMass(true).settings().denseBlocks()).isEmpty();
    }

    /// A small step never turns back: every trajectory is as deep as it may be.
    @Test
    void theWarmupMayHaveAnotherTreeDepth() {
        NUTS nuts = new NUTS().stepSize(1e-3).adaptStepSize(false).adaptMassMatrix(false).maxTreeDepth(2, 5);
        Chain chain = nuts.start(Targets.banana(), new double[] {0.3, 0.2}, 1, 5);
        double[] q = new double[2];
        for (int i = 0; i < 10; i++) {
            chain.next(q);
            assertThat(chain.treeDepth()).isEqualTo(i < 5 ? 2 : 5);
        }
        assertThat(nuts.description()).startsWith("NUTS: maxTreeDepth=5, maxWarmupTreeDepth=2, ");
        assertThat(new NUTS().description()).startsWith("NUTS: maxTreeDepth=10, HMCSettings");
        assertThatThrownBy(() -> nuts.maxTreeDepth(0, 5)).hasMessageContaining("maxTreeDepth must lie in 1…30");
    }
}
