package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import org.junit.jupiter.api.Test;

/// Draws that NumPyro builds from JAX's generators equal NumPyro's for the same key (`oracles/prng.json`).
class NumPyroDrawsTest {
    private static final Categorical FOUR = new Categorical(NDArray.of(0.15, 0.05, 0.5, 0.3));

    private static long[] draws(PRNGKey key, int n) {
        return DType.withDefault(DType.FLOAT32, () -> FOUR.sample(key, Shape.of(n))).toLongArray();
    }

    @Test
    void categoricalByProbabilities() {
        assertThat(draws(PRNGKey.original(0), 7)).containsExactly(2, 2, 2, 3, 0, 3, 1);
        assertThat(draws(PRNGKey.original(42), 7)).containsExactly(2, 2, 2, 2, 3, 2, 0);
        assertThat(draws(PRNGKey.original(1234), 7)).containsExactly(1, 2, 2, 3, 0, 2, 3);
        assertThat(draws(PRNGKey.original(4294967295L), 7)).containsExactly(3, 2, 3, 0, 3, 2, 3);
        assertThat(draws(PRNGKey.key(0), 7)).containsExactly(3, 3, 2, 2, 2, 1, 2);
        assertThat(draws(PRNGKey.key(42), 7)).containsExactly(2, 2, 2, 2, 2, 2, 0);
        assertThat(draws(PRNGKey.key(1234), 7)).containsExactly(3, 3, 2, 3, 0, 2, 3);
        assertThat(draws(PRNGKey.key(4294967295L), 7)).containsExactly(2, 2, 2, 3, 2, 2, 0);
    }

    @Test
    void bernoulliIsAnInteger() {
        long[] x = DType.withDefault(DType.FLOAT32, () -> new Bernoulli(0.5).sample(PRNGKey.original(0), Shape.of(12))).toLongArray();
        assertThat(x).containsExactly(0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 0);
    }

    @Test
    void categoricalByLogits() {
        var d = new CategoricalLogits(NDArray.of(0.1f, -1.5f, 2f, 0.7f));
        long[] x = DType.withDefault(DType.FLOAT32, () -> d.sample(PRNGKey.original(0), Shape.of(7))).toLongArray();
        assertThat(x).containsExactly(2, 2, 2, 3, 2, 2, 2);
    }
}
