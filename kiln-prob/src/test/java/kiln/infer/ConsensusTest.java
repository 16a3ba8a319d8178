package kiln.infer;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.ShapeException;
import org.junit.jupiter.api.Test;

/// Shards whose draws have exactly known moments: the joined posterior is the product of their Gaussians.
class ConsensusTest {
    /// Four points with mean 0 and covariance I (divisor 3).
    private static final NDArray UNIT = NDArray.of(new double[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}).times(Math.sqrt(1.5));

    private static SequencedMap<String, NDArray> sites(NDArray draws) {
        var out = new LinkedHashMap<String, NDArray>();
        out.put("a", Np.take(draws, NDArray.of(0), 1).reshape(draws.size(0)));
        out.put("b", Np.take(draws, NDArray.of(1), 1));
        return out;
    }

    /// Draws with a given mean and precision.
    private static SequencedMap<String, NDArray> shard(NDArray mean, NDArray precision) {
        NDArray factor = Linalg.cholesky(Linalg.inv(precision));
        return sites(Np.matmul(UNIT, Np.swapaxes(factor, 0, 1)).plus(mean));
    }

    private static List<SequencedMap<String, NDArray>> two() {
        return List.of(
                shard(NDArray.of(1.0, 0), NDArray.of(new double[][] {{2, 1}, {1, 2}})),
                shard(NDArray.of(0.0, 1), NDArray.of(new double[][] {{1, -1}, {-1, 2}})));
    }

    /// P₁ + P₂ = diag(3, 4), P₁ m₁ + P₂ m₂ = (2, 1) + (−1, 2): mean (1/3, 3/4), covariance diag(1/3, 1/4).
    @Test
    void parametricIsTheProductOfTheGaussians() {
        Consensus.Gaussian g = Consensus.parametric(two(), false);
        assertThat(g.mean().toDoubleArray()).containsExactly(new double[] {1 / 3.0, 3 / 4.0}, within(1e-12));
        assertThat(g.covariance().toDoubleArray()).containsExactly(new double[] {1 / 3.0, 0, 0, 1 / 4.0}, within(1e-12));
    }

    /// Variances (2/3, 2/3) and (2, 1): precisions (3/2, 3/2) and (1/2, 1), sums (2, 5/2), means (3/4, 2/5).
    @Test
    void theDiagonalLeavesCorrelationsOut() {
        Consensus.Gaussian g = Consensus.parametric(two(), true);
        assertThat(g.covariance().toDoubleArray()).containsExactly(new double[] {1 / 2.0, 2 / 5.0}, within(1e-12));
        assertThat(g.mean().toDoubleArray()).containsExactly(new double[] {3 / 4.0, 2 / 5.0}, within(1e-12));
    }

    /// Variances 2 and 8 weigh 4/5 and 1/5.
    @Test
    void consensusAveragesDrawByDraw() {
        List<Map<String, NDArray>> shards = List.of(Map.of("x", NDArray.of(0.0, 2)), Map.of("x", NDArray.of(3.0, 7)));
        for (boolean diagonal : new boolean[] {true, false}) {
            NDArray x = java.util.Objects.requireNonNull(Consensus.consensus(shards, diagonal).get("x"));
            assertThat(x.toDoubleArray()).containsExactly(new double[] {0.6, 3.0}, within(1e-12));
        }
    }

    /// The average of draws is the average of means: the mean of the joined draws is that of the product.
    @Test
    void consensusHasTheMeanOfTheProduct() {
        SequencedMap<String, NDArray> x = Consensus.consensus(two(), false);
        assertThat(x.get("b")).isNotNull().extracting(b -> b.shape().dims()).isEqualTo(new int[] {4, 1});
        assertThat(Np.mean(x.firstEntry().getValue()).item()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(Np.mean(x.lastEntry().getValue()).item()).isCloseTo(3 / 4.0, within(1e-12));
        assertThat(Consensus.consensus(two(), true, 1000, key(3)).firstEntry().getValue().shape().dims()).containsExactly(1000);
    }

    /// Each mean and variance lies within four standard errors; false alarm 6e-5 each, eight of them.
    @Test
    void parametricDrawsHaveItsMoments() {
        int n = 20_000;
        for (boolean diagonal : new boolean[] {true, false}) {
            Consensus.Gaussian g = Consensus.parametric(two(), diagonal);
            int i = 0;
            for (NDArray x : Consensus.parametricDraws(two(), diagonal, n, key(4)).values()) {
                double mean = g.mean().get(i).item();
                double variance = diagonal ? g.covariance().get(i).item() : g.covariance().get(i, i).item();
                assertThat(Np.mean(x).item()).isCloseTo(mean, within(4 * Math.sqrt(variance / n)));
                assertThat(Np.var(x).item()).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / n)));
                i++;
            }
        }
    }

    @Test
    void shardsThatDifferAreRefused() {
        assertThatThrownBy(() -> Consensus.consensus(List.of(Map.of("x", Np.zeros(3)), Map.of("x", Np.zeros(4))), true))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("Consensus: the shards differ.\n  Expected: the sites of the first shard, {x=[3]}\n"
                        + "  Got:      a shard with {x=[4]}");
    }
}
