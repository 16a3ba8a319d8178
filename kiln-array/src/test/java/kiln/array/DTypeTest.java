package kiln.array;

import static kiln.array.DType.BOOL;
import static kiln.array.DType.FLOAT32;
import static kiln.array.DType.FLOAT64;
import static kiln.array.DType.INT32;
import static kiln.array.DType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// In which type operands meet: JAX's rules with 64-bit types enabled; a Java number gives way to an array.
class DTypeTest {
    private static NDArray one(DType dtype) {
        return Np.ones(2).astype(dtype);
    }

    @Test
    void arraysMeetInTheWiderOrHigherType() {
        DType[] types = {BOOL, INT32, INT64, FLOAT32, FLOAT64};
        DType[][] table = {
            {BOOL, INT32, INT64, FLOAT32, FLOAT64},
            {INT32, INT32, INT64, FLOAT32, FLOAT64},
            {INT64, INT64, INT64, FLOAT32, FLOAT64},
            {FLOAT32, FLOAT32, FLOAT32, FLOAT32, FLOAT64},
            {FLOAT64, FLOAT64, FLOAT64, FLOAT64, FLOAT64}
        };
        for (int i = 0; i < types.length; i++) {
            for (int j = 0; j < types.length; j++) {
                assertThat(one(types[i]).times(one(types[j])).dtype()).as(types[i] + " and " + types[j]).isEqualTo(table[i][j]);
            }
        }
    }

    /// JAX's lattice (docs.jax.dev, *Type promotion semantics*): `i*` and `f*` are Python's numbers, here Java's.
    @Test
    void theWholeTableOfJavaNumbers() {
        DType[] types = {BOOL, INT32, INT64, FLOAT32, FLOAT64};
        DType[] withInt = {INT64, INT32, INT64, FLOAT32, FLOAT64};
        for (DType floating : new DType[] {FLOAT64, FLOAT32}) {
            DType[] withDouble = {floating, floating, floating, FLOAT32, FLOAT64};
            DType.withDefault(floating, () -> {
                for (int i = 0; i < types.length; i++) {
                    NDArray x = one(types[i]);
                    for (Number n : new Number[] {2, 2L, (short) 2, (byte) 2}) {
                        assertThat(x.times(n).dtype()).as(types[i] + " and an integer").isEqualTo(withInt[i]);
                        assertThat(Np.add(n, x).dtype()).as("an integer and " + types[i]).isEqualTo(withInt[i]);
                        assertThat(Np.where(NDArray.of(true), x, n).dtype()).isEqualTo(withInt[i]);
                    }
                    for (Number n : new Number[] {1.5, 1.5f}) {
                        assertThat(x.times(n).dtype()).as(types[i] + " and a double").isEqualTo(withDouble[i]);
                        assertThat(Np.add(n, x).dtype()).as("a double and " + types[i]).isEqualTo(withDouble[i]);
                        assertThat(Np.where(NDArray.of(true), n, x).dtype()).isEqualTo(withDouble[i]);
                        assertThat(Functions.jit((NDArray y) -> y.times(n)).apply(x).dtype()).isEqualTo(withDouble[i]);
                    }
                }
                assertThat(Np.add(1, 2).dtype()).isEqualTo(INT64);
                assertThat(Np.add(1, 2.5).dtype()).isEqualTo(floating);
                assertThat(Np.add(1, 2.5).aval().weak()).isTrue();
            });
        }
        assertThat(Np.arange(3).plus(1.5).dtype()).isEqualTo(FLOAT64);
        assertThat(NDArray.of(1, 2).plus(1.5).times(one(FLOAT32)).dtype()).as("the number brought the kind, which gives way").isEqualTo(FLOAT32);
        assertThat(NDArray.of(1, 2).plus(1).aval().weak()).isFalse();
        assertThat(NDArray.of(1, 2).lt(1.5).aval().weak()).isFalse();
    }

    /// A double keeps its digits beside a float64 array also where the default is float32.
    @Test
    void javaNumbersTakeTheTypeDirectly() {
        DType.withDefault(FLOAT32, () -> {
            Expect.array(one(FLOAT64).times(0.1), FLOAT64, Shape.of(2), 0.1, 0.1);
            Expect.array(Np.where(NDArray.of(true, false), 1e-300, one(FLOAT64)), FLOAT64, Shape.of(2), 1e-300, 1);
        });
    }

    @Test
    void javaNumbersGiveWay() {
        assertThat(one(FLOAT32).plus(1.5).dtype()).isEqualTo(FLOAT32);
        assertThat(one(FLOAT32).plus(1).dtype()).isEqualTo(FLOAT32);
        assertThat(one(INT32).plus(1L).dtype()).isEqualTo(INT32);
        assertThat(one(INT32).plus(1.5).dtype()).isEqualTo(FLOAT64);
        assertThat(one(BOOL).plus(1).dtype()).isEqualTo(INT64);
        assertThat(NDArray.as(1).plus(2).plus(one(INT32)).dtype()).isEqualTo(INT32);
        assertThat(NDArray.as(1).times(0.5).plus(one(FLOAT32)).dtype()).isEqualTo(FLOAT32);
        assertThat(Np.scalar(0.5).plus(one(FLOAT32)).dtype()).isEqualTo(FLOAT64);
    }

    @Test
    void choicesBetweenJavaNumbersGiveWayToo() {
        NDArray chosen = Np.where(NDArray.of(true, false), 1.0, 0.25);
        Expect.array(NDArray.of(2f, 2f).times(chosen), FLOAT32, Shape.of(2), 2, 0.5);
        Expect.array(NDArray.of(3, 3).plus(Np.where(NDArray.of(true, false), 1, 2)), INT32, Shape.of(2), 4, 5);
    }

    @Test
    void float32StaysFloat32ThroughGradients() {
        NDArray x = NDArray.of(0.5f, 2f, 1f);
        for (var f : java.util.List.<java.util.function.Function<NDArray, NDArray>>of(
                v -> Np.maximum(v, 1).sum(), v -> Np.pow(v, 2.5).sum(), v -> Np.xlogy(v, 2).sum(), v -> Np.clip(v, 0, 1.5).sum(), v -> Np.abs(v).max(), v -> Np.logsumexp(v))) {
            assertThat(Functions.grad(f).apply(x).dtype()).isEqualTo(FLOAT32);
        }
        Expect.array(Functions.grad((NDArray v) -> Np.maximum(v, 1).sum()).apply(x), FLOAT32, Shape.of(3), 0, 1, 0.5);
    }

    /// By zero as jnp of JAX 0.10.2 printed it.
    @Test
    void integersWrapAndDivideTowardsMinusInfinity() {
        Expect.array(NDArray.of(Integer.MAX_VALUE).plus(1), INT32, Shape.of(1), Integer.MIN_VALUE);
        NDArray a = NDArray.of(7L, -7, 7, -7);
        NDArray b = NDArray.of(2L, 2, -2, -2);
        Expect.ints(Np.floorDivide(a, b), Shape.of(4), 3, -4, -4, 3);
        Expect.ints(a.rem(b), Shape.of(4), 1, 1, -1, -1);
        Expect.doubles(NDArray.of(1, 2).div(NDArray.of(2, 4)), Shape.of(2), 0.5, 0.5);
        Expect.ints(NDArray.of(2L, -3).pow(NDArray.of(10L, 3)), Shape.of(2), 1024, -27);
        Expect.ints(Np.floorDivide(NDArray.of(5L, -5, 0), 0), Shape.of(3), -2, -2, -1);
        Expect.ints(NDArray.of(5L, -5, 0).rem(0), Shape.of(3), 0, 0, 0);
    }

    /// The ends of the ranges, eagerly and compiled alike: two's complement as in Java and XLA.
    @Test
    void theEndsOfTheIntegers() {
        NDArray low = NDArray.of(Integer.MIN_VALUE);
        NDArray wide = NDArray.of(Long.MIN_VALUE);
        for (boolean compiled : new boolean[] {false, true}) {
            ints(compiled, low, x -> x.unaryMinus(), Integer.MIN_VALUE);
            ints(compiled, low, x -> Np.abs(x), Integer.MIN_VALUE);
            ints(compiled, low, x -> x.minus(1), Integer.MAX_VALUE);
            ints(compiled, low, x -> x.times(x), 0);
            ints(compiled, low, x -> Np.floorDivide(x, -1), Integer.MIN_VALUE);
            ints(compiled, low, x -> x.rem(-1), 0);
            ints(compiled, low, x -> Np.floorDivide(x, 0), -2);
            ints(compiled, low, x -> x.rem(0), 0);
            ints(compiled, wide, x -> x.unaryMinus(), Long.MIN_VALUE);
            ints(compiled, wide, x -> Np.floorDivide(x, -1), Long.MIN_VALUE);
            ints(compiled, wide, x -> x.plus(x), 0);
            ints(compiled, NDArray.of(46341, 46341), x -> Np.square(x), -2147479015, -2147479015);
            ints(compiled, NDArray.of(Integer.MAX_VALUE, 1), x -> x.sum(), Integer.MIN_VALUE);
            ints(compiled, NDArray.of(65536, 65536), x -> Np.prod(x), 0);
            ints(compiled, NDArray.of(3, -3), x -> Np.pow(x, 21), 1870418611, -1870418611);
        }
    }

    private static void ints(boolean compiled, NDArray x, Function<NDArray, NDArray> f, long... want) {
        NDArray got = (compiled ? Functions.jit(f) : f).apply(x);
        assertThat(got.dtype()).isEqualTo(x.dtype());
        assertThat(got.toLongArray()).containsExactly(want);
    }

    @Test
    void floatingQuotientsAreFlooredToo() {
        Expect.doubles(Np.floorDivide(NDArray.of(7.5, -7.5), 2.0), Shape.of(2), 3, -4);
        Expect.doubles(NDArray.of(7.5, -7.5, 7.5, -7.5, -4).rem(NDArray.of(2.0, 2, -2, -2, 2)), Shape.of(5), 1.5, 0.5, -0.5, -1.5, 0);
    }

    @Test
    void conversions() {
        Expect.array(NDArray.of(1.9, -1.9, Double.NaN, 1e300).astype(INT32), INT32, Shape.of(4), 1, -1, 0, Integer.MAX_VALUE);
        Expect.array(NDArray.of(0.0, 2, Double.NaN).astype(BOOL), BOOL, Shape.of(3), 0, 1, 1);
        Expect.array(NDArray.of(1L << 40).astype(INT32), INT32, Shape.of(1), 0);
        Expect.array(NDArray.of(true, false).astype(FLOAT32), FLOAT32, Shape.of(2), 1, 0);
    }

    @Test
    void aProgramMayRunInFloat32() {
        DType.withDefault(FLOAT32, () -> {
            assertThat(Np.zeros(2).dtype()).isEqualTo(FLOAT32);
            assertThat(Np.exp(Np.arange(2)).dtype()).isEqualTo(FLOAT32);
            assertThat(Np.arange(2).div(2).dtype()).isEqualTo(FLOAT32);
        });
        assertThat(Np.zeros(2).dtype()).isEqualTo(FLOAT64);
    }
}
