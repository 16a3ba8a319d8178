package kiln.func;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.TracedValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

/// Keys as arguments of transforms: draws under `jit` and `vmap` are the draws outside, to the bit.
class TracedKeyTest {
    enum Program {
        NORMAL(k -> k.normal(2, 3)),
        OF_SPLITS(k -> Np.concatenate(List.of(k.split(3)[2].uniform(4), k.split()[0].foldIn(7).exponential(Shape.of(2))), 0)),
        GAMMA(k -> k.gamma(NDArray.of(0.3, 2, 9), Shape.of(3))),
        ONE_GAMMA(k -> k.gamma(2.5, 3, Shape.of(3))),
        LOCATED(k -> k.normal(Shape.of(4), NDArray.as(0.5), NDArray.as(2))),
        BETA(k -> k.beta(2, 0.5, Shape.of(5))),
        TRUNCATED(k -> k.truncatedNormal(-1, 2, Shape.of(4))),
        CATEGORICAL(k -> k.categorical(NDArray.of(0.1, 0.5, 2), Shape.of(6))),
        BERNOULLI(k -> k.bernoulli(0.3, Shape.of(9)).astype(DType.INT32)),
        INTEGERS(k -> k.randint(Shape.of(5), -3, 12)),
        SUBSET(k -> k.subset(20, 6)),
        PERMUTATION(k -> k.permutation(7)),
        ORTHOGONAL(k -> k.orthogonal(3, Shape.SCALAR));

        @SuppressWarnings("ImmutableEnumChecker") // none of them keeps anything
        final Function<PRNGKey, NDArray> draw;

        Program(Function<PRNGKey, NDArray> draw) {
            this.draw = draw;
        }
    }

    @ParameterizedTest
    @EnumSource
    void compiledDrawsAreThoseOutside(Program p) {
        Function<PRNGKey, NDArray> compiled = Functions.jit(p.draw);
        for (PRNGKey k : List.of(key(0), key(-5), PRNGKey.original(3), PRNGKey.fast(3))) {
            assertSame(compiled.apply(k), p.draw.apply(k));
        }
    }

    @ParameterizedTest
    @EnumSource
    void mappedDrawsAreThoseOfALoop(Program p) {
        mapped(p, key(1));
        mapped(p, PRNGKey.fast(1));
    }

    private static void mapped(Program p, PRNGKey key) {
        PRNGKey[] keys = key.split(3);
        NDArray mapped = Functions.<NDArray, NDArray>vmap(d -> p.draw.apply(key.withKeyData(d))).apply(key.splitKeyData(3));
        for (int i = 0; i < keys.length; i++) {
            assertSame(mapped.get(i), p.draw.apply(keys[i]));
        }
    }

    /// Keys and shapes mapped over in either order: a slice has the key that a loop would give it.
    @Test
    void mappedTwice() {
        NDArray keys = Np.stack(List.of(key(1).keyData(), key(2).keyData()), 0);
        NDArray shapes = NDArray.of(Shape.of(3, 2), 0.5, 1, 2, 3, 4, 5);
        var keysOutside = Functions.<NDArray, NDArray>vmap(
                        k -> Functions.<NDArray, NDArray>vmap(a -> key(0).withKeyData(k).gamma(a, Shape.of(2))).apply(shapes))
                .apply(keys);
        var shapesOutside = Functions.<NDArray, NDArray>vmap(
                        a -> Functions.<NDArray, NDArray>vmap(k -> key(0).withKeyData(k).gamma(a, Shape.of(2))).apply(keys))
                .apply(shapes);
        for (int k = 0; k < 2; k++) {
            for (int a = 0; a < 3; a++) {
                NDArray alone = key(k + 1).gamma(shapes.get(a), Shape.of(2));
                assertSame(keysOutside.get(k, a), alone);
                assertSame(shapesOutside.get(a, k), alone);
            }
        }
    }

    /// The implicit derivative of a draw whose key is traced is that of the draw outside.
    @Test
    void gradientThroughADraw() {
        Function<NDArray, NDArray> outside = Functions.grad((NDArray a) -> key(4).gamma(a, Shape.of(8)).sum());
        var compiled = Functions.jit((PRNGKey k, NDArray a) -> Functions.grad((NDArray b) -> k.gamma(b, Shape.of(8)).sum()).apply(a));
        assertSame(compiled.apply(key(4), NDArray.as(2.5)), outside.apply(NDArray.as(2.5)));
    }

    private static void assertSame(NDArray actual, NDArray expected) {
        assertThat(actual.aval()).isEqualTo(expected.aval());
        assertThat(actual.toDoubleArray()).isEqualTo(expected.toDoubleArray());
    }

    @Test
    void whatNeedsTheNumbersSaysSo() {
        assertThatThrownBy(() -> Functions.jit((PRNGKey k) -> NDArray.as(k.bits())).apply(key(0)))
                .isInstanceOf(TracedValueException.class)
                .hasMessageContaining("the random key is an argument of a function that is being traced, so it has no numbers yet");
    }
}
