package kiln.func;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.math.Elementary;
import kiln.math.Gamma;
import org.junit.jupiter.api.Test;

/// A compiled function is traced once for every combination of structure, shapes, element types and settings.
class JitTest {
    private final AtomicInteger traces = new AtomicInteger();

    private <P> Function<P, NDArray> counted(Function<P, NDArray> f) {
        return Functions.jit(p -> {
            traces.incrementAndGet();
            return f.apply(p);
        });
    }

    @Test
    void tracesOncePerShapeAndType() {
        Function<NDArray, NDArray> f = counted(x -> x.times(2).sum());
        assertThat(f.apply(NDArray.of(1.0, 2)).item()).isEqualTo(6);
        assertThat(f.apply(NDArray.of(3.0, 4)).item()).isEqualTo(14);
        assertThat(traces).hasValue(1);
        assertThat(f.apply(NDArray.of(1.0, 2, 3)).item()).isEqualTo(12);
        assertThat(traces).hasValue(2);
        assertThat(f.apply(NDArray.of(1f, 2f)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(traces).hasValue(3);
        assertThat(f.apply(Np.zeros(1, 2)).item()).isZero();
        assertThat(f.apply(NDArray.of(5.0, 6)).item()).isEqualTo(22);
        assertThat(traces).hasValue(4);
    }

    /// Functions of one operand that stand in one loop are computed by one call, for arrays of one tile and of several. The expected bits
    /// are those of the scalar functions, which ElementaryAccuracyTest and SpecialAccuracyTest hold to references.
    @Test
    void functionsWithTheirDerivatives() {
        Function<NDArray, NDArray> f = counted(x -> {
            NDArray gamma = Np.lgamma(x).times(Np.digamma(x));
            NDArray both = Np.sigmoid(x).minus(Np.softplus(x)).times(Np.sigmoid(x.unaryMinus()));
            return Np.stack(List.of(gamma, both), 0);
        });
        for (int n : new int[] {2, 480, 1001}) {
            double[] x = Np.linspace(-3.3, 9, n).toDoubleArray();
            double[][] want = new double[2][n];
            for (int i = 0; i < n; i++) {
                want[0][i] = Gamma.lgamma(x[i]) * Gamma.digamma(x[i]);
                want[1][i] = (Elementary.sigmoid(x[i]) - Elementary.softplus(x[i])) * Elementary.sigmoid(-x[i]);
            }
            assertThat(f.apply(Np.array(x)).toDoubleArray()).containsExactly(Np.array(want).toDoubleArray());
        }
    }

    /// Powers run on tiles; a base or an exponent that all elements share, known or not, is repeated there. The expected bits are those of
    /// the scalar function, which ElementaryAccuracyTest holds to decimal arithmetic.
    @Test
    void powersOfArraysAndScalars() {
        Function<NDArray, NDArray> f = counted(x -> {
            NDArray shared = x.get(0);
            NDArray sum = Np.pow(x, x).plus(Np.pow(x, 2.3)).plus(Np.pow(1.7, x));
            return sum.plus(Np.pow(shared, x)).plus(Np.pow(x, shared));
        });
        for (int n : new int[] {2, 480, 1001}) {
            double[] x = Np.linspace(0.3, 4, n).toDoubleArray();
            double[] want = new double[n];
            for (int i = 0; i < n; i++) {
                double sum = Elementary.pow(x[i], x[i]) + Elementary.pow(x[i], 2.3) + Elementary.pow(1.7, x[i]);
                want[i] = sum + Elementary.pow(x[0], x[i]) + Elementary.pow(x[i], x[0]);
            }
            assertThat(f.apply(Np.array(x)).toDoubleArray()).containsExactly(want);
            NDArray single = f.apply(Np.array(x).astype(DType.FLOAT32));
            assertThat(single.dtype()).isEqualTo(DType.FLOAT32);
            for (int i = 0; i < n; i++) {
                assertThat(single.toDoubleArray()[i]).isCloseTo(want[i], within(4e-6 * want[i]));
            }
        }
        assertThat(traces).hasValue(6);
    }

    record Settings(NDArray x, String mode, int power) {}

    @Test
    void settingsAreStatic() {
        Function<Settings, NDArray> f = counted(s -> {
            NDArray y = s.x();
            for (int i = 1; i < s.power(); i++) {
                y = y.times(s.x());
            }
            return s.mode().equals("sum") ? y.sum() : y.max();
        });
        NDArray x = NDArray.of(2.0, 3);
        assertThat(f.apply(new Settings(x, "sum", 2)).item()).isEqualTo(13);
        assertThat(f.apply(new Settings(x.times(2), "sum", 2)).item()).isEqualTo(52);
        assertThat(traces).hasValue(1);
        assertThat(f.apply(new Settings(x, "max", 2)).item()).isEqualTo(9);
        assertThat(f.apply(new Settings(x, "sum", 3)).item()).isEqualTo(35);
        assertThat(traces).hasValue(3);
    }

    /// Java numbers in the function become float32 or float64 by the setting, so the setting is part of what was traced.
    @Test
    void theDefaultTypeIsPartOfTheKey() {
        Function<NDArray, NDArray> f = counted(x -> Np.exp(x));
        assertThat(f.apply(Np.arange(3)).dtype()).isEqualTo(DType.FLOAT64);
        DType.withDefault(DType.FLOAT32, () -> {
            assertThat(f.apply(Np.arange(3)).dtype()).isEqualTo(DType.FLOAT32);
        });
        assertThat(traces).hasValue(2);
    }

    @Test
    void aFailingFunctionIsNotCached() {
        Function<NDArray, NDArray> f = counted(x -> {
            if (traces.get() == 1) {
                throw new IllegalStateException("first time");
            }
            return x.sum();
        });
        assertThatThrownBy(() -> f.apply(NDArray.of(1.0, 2))).hasMessage("first time");
        assertThat(f.apply(NDArray.of(1.0, 2)).item()).isEqualTo(3);
        assertThat(f.apply(NDArray.of(1.0, 2)).item()).isEqualTo(3);
        assertThat(traces).hasValue(2);
    }

    @Test
    void resultsMayBeArgumentsConstantsAndReshapes() {
        Function<NDArray, List<NDArray>> f = Functions.jit(x -> List.of(x, x.reshape(2, 1), NDArray.of(7.0, 8), x.sum(), Np.scalar(1.5), x.reshape(2, 1), Np.full(Shape.of(2, 2), 3)));
        List<NDArray> out = f.apply(NDArray.of(1.0, 2));
        assertThat(out.stream().map(NDArray::toString)).containsExactly("[1. 2.]", "[[1.]\n [2.]]", "[7. 8.]", "3.0", "1.5", "[[1.]\n [2.]]", "[[3. 3.]\n [3. 3.]]");
        assertThat(f.apply(NDArray.of(5.0, 6)).getFirst().toString()).isEqualTo("[5. 6.]");
        assertThat(out.getFirst().toString()).as("earlier results are not overwritten").isEqualTo("[1. 2.]");
    }

    @Test
    void insideAnotherTraceItIsThePlainFunction() {
        Function<NDArray, NDArray> f = counted(x -> Np.square(x).sum());
        assertThat(Functions.grad(f).apply(NDArray.of(1.0, 2)).toDoubleArray()).containsExactly(2, 4);
        assertThat(Functions.vmap(f).apply(NDArray.of(new double[][] {{1, 2}, {3, 4}})).toDoubleArray()).containsExactly(5, 25);
    }

    /// A known argument, but a captured value that is being traced: the function cannot be compiled on its own.
    @Test
    void capturedTracedValues() {
        NDArray g = Functions.grad((NDArray x) -> Functions.<NDArray, NDArray>jit(c -> c.times(x).sum()).apply(NDArray.of(3.0, 4))).apply(NDArray.of(1.0, 1));
        assertThat(g.toDoubleArray()).containsExactly(3, 4);
    }

    @Test
    void emptyArraysAndRepeatedScalars() {
        Function<NDArray, NDArray> f = Functions.jit(x -> Np.exp(Np.broadcastTo(x.sum(), Shape.of(0))).plus(x));
        assertThat(f.apply(Np.zeros(0)).shape()).isEqualTo(Shape.of(0));
        Function<NDArray, NDArray> logic = Functions.jit(x -> Np.where(Np.any(x.gt(1)), x.sum(), Np.scalar(-1.0)));
        assertThat(logic.apply(NDArray.of(0.0, 2)).item()).isEqualTo(2);
        assertThat(logic.apply(NDArray.of(0.0, 1)).item()).isEqualTo(-1);
    }

    /// Elementwise results, sums and functions of 100,000 elements, which are cut into blocks, by any number of threads.
    @Test
    void threadsGiveTheSameBits() {
        NDArray x = PRNGKey.key(2).normal(100_000);
        NDArray y = PRNGKey.key(3).normal(100_000);
        BiFunction<NDArray, NDArray, List<NDArray>> f = (a, b) -> List.of(a.times(b).minus(1), Np.exp(a).plus(b), Np.log1p(a.times(a)).times(b).sum());
        List<NDArray> want = Functions.jit(f).apply(x, y);
        for (int threads : new int[] {1, 2, 4}) {
            BiFunction<NDArray, NDArray, List<NDArray>> shared = Functions.jit(f, threads);
            for (int round = 0; round < 5; round++) {
                List<NDArray> out = shared.apply(x, y);
                for (int k = 0; k < want.size(); k++) {
                    assertThat(out.get(k).known().sameAs(want.get(k).known())).as("result %d, %d threads", k, threads).isTrue();
                }
            }
        }
        assertThat(Functions.jit((NDArray a) -> Np.exp(a).sum(), 2).apply(x).item()).isEqualTo(Np.exp(x).sum().item());
    }
}
