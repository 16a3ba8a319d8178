package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Float32 stays float32: every function of [Np] and [Linalg] that takes arrays and numbers only, with float32 arrays and with Java
/// numbers in every place but one.
class SinglePrecisionTest {
    /// Symmetric positive definite, elements in (0, 1).
    private static final NDArray MATRIX = Np.array(new float[][] {{0.9f, 0.3f, 0.2f}, {0.3f, 0.8f, 0.1f}, {0.2f, 0.1f, 0.7f}});

    private static final NDArray VECTOR = NDArray.of(0.25f, 0.5f, 0.75f);

    /// What makes arrays of its own, of the default type or of the type it is told.
    private static final Set<String> MAKERS = Set.of(
            "array", "asNDArray", "zeros", "ones", "eye", "scalar", "full", "linspace", "arange", "oneHot", "astype");

    private static final Set<Class<?>> PLAIN = Set.of(int.class, int[].class, double.class, boolean.class);

    private static List<Method> functions() {
        return Stream.of(Np.class, Linalg.class)
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(m -> Modifier.isStatic(m.getModifiers()) && !MAKERS.contains(m.getName()))
                .filter(m -> NDArray.class.isAssignableFrom(m.getReturnType()) || m.getReturnType().isRecord())
                .filter(m -> Arrays.stream(m.getParameterTypes())
                        .allMatch(t -> Number.class.isAssignableFrom(t) || PLAIN.contains(t)))
                .filter(m -> Arrays.stream(m.getParameterTypes()).anyMatch(Number.class::isAssignableFrom))
                .toList();
    }

    /// @param array  what stands for arrays
    /// @param number which of the `Number` parameters gets the array; the others get a Java number; −1 for all
    private static Object[] arguments(Method m, NDArray array, int number) {
        List<Object> out = new ArrayList<>();
        int numbers = 0;
        for (Class<?> t : m.getParameterTypes()) {
            if (t == NDArray.class) {
                out.add(array);
            } else if (t == Number.class) {
                out.add(number < 0 || number == numbers ? array : (Number) 0.5);
                numbers++;
            } else {
                out.add(t == int.class ? (Object) 1 : t == double.class ? (Object) 0.5 : t == boolean.class ? (Object) true : new int[0]);
            }
        }
        return out.toArray();
    }

    private static int numbers(Method m) {
        return (int) Arrays.stream(m.getParameterTypes()).filter(t -> t == Number.class).count();
    }

    /// Calls a function on matrices, or on vectors where it does not take matrices; null where it takes neither.
    private static @Nullable List<NDArray> call(Method m, int number) throws ReflectiveOperationException {
        for (NDArray array : List.of(MATRIX, VECTOR)) {
            try {
                return Pytree.leaves(m.invoke(null, arguments(m, array, number)));
            } catch (InvocationTargetException e) {
                assertThat(e.getCause()).as(m.toString()).isInstanceOf(IllegalArgumentException.class);
            }
        }
        return null;
    }

    @Test
    void everyFunction() throws ReflectiveOperationException {
        Set<String> tried = new LinkedHashSet<>();
        Set<String> refused = new TreeSet<>();
        Set<String> widened = new TreeSet<>();
        for (Method m : functions()) {
            boolean hasArray = Arrays.asList(m.getParameterTypes()).contains(NDArray.class);
            for (int number = -1; number < (hasArray || numbers(m) < 2 ? 0 : numbers(m)); number++) {
                List<NDArray> results = call(m, number);
                if (results == null) {
                    refused.add(m.getName());
                    continue;
                }
                tried.add(m.getName());
                if (results.stream().anyMatch(y -> y.dtype() == DType.FLOAT64)) {
                    widened.add(m.getName() + Arrays.toString(m.getParameterTypes()) + " with the array in place " + number);
                }
            }
        }
        System.out.println("Single precision: " + tried.size() + " functions; not for such arguments: " + refused);
        assertThat(widened).isEmpty();
        assertThat(tried.size()).isGreaterThan(150);
        // These take integers, or the parameters that a shape asks for.
        assertThat(refused)
                .containsExactly(
                        "bitwiseAnd", "bitwiseNot", "bitwiseOr", "bitwiseXor", "compress",
                        "leftShift", "repeat", "reshape", "rightShift", "take", "takeAlongAxis");
    }

    /// One function through many operations, with Java numbers between; its value, gradient and compiled form are float32.
    @Test
    void aLongChain() {
        NDArray x = MATRIX;
        for (var f : List.<Function<NDArray, NDArray>>of(SinglePrecisionTest::chain, Functions.jit(SinglePrecisionTest::chain))) {
            assertThat(f.apply(x).dtype()).isEqualTo(DType.FLOAT32);
            assertThat(Functions.grad(f).apply(x).dtype()).isEqualTo(DType.FLOAT32);
            assertThat(Functions.jvp(f, x, x).tangent().dtype()).isEqualTo(DType.FLOAT32);
        }
        NDArray wide = chain(x.astype(DType.FLOAT64));
        assertThat(chain(x).item()).isCloseTo(wide.item(), Offset.offset(1e-5 * Math.abs(wide.item())));
    }

    private static NDArray chain(NDArray x) {
        NDArray a = Np.exp(x.times(0.5)).plus(1).div(3).minus(0.25);
        NDArray b = Np.where(a.gt(0.5), Np.log1p(a), Np.tanh(a.times(2)));
        NDArray c = Linalg.cholesky(b.matmul(Np.matrixTranspose(b)).plus(Np.eye(3).astype(b.dtype())));
        NDArray d = Linalg.solveTriangular(c, Np.pow(b, 2.5), true, false);
        NDArray e = Np.clip(Np.cumsum(d, 0), -1, 1.5).plus(Np.softmax(d, -1)).plus(Np.sort(b, 1));
        NDArray g = Linalg.inv(e.plus(Linalg.expm(x)).plus(Np.diag(Np.maximum(x.sum(0), 0.1)).times(5)));
        NDArray h = Np.logsumexp(g, 0).plus(Np.lgamma(x.mean(1).plus(1))).plus(Np.gammainc(2, x.get(0)));
        return Np.concatenate(List.of(h, Np.std(x, 1, 0), Linalg.svdvals(g)), 0).sum().plus(Linalg.det(g)).plus(Np.quantile(x, 0.3));
    }
}
