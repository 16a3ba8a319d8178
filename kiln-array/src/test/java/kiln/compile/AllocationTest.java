package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// A compiled gradient runs on the caller's arrays and allocates nothing, whichever operations it is made of.
class AllocationTest {
    private static final int N = 1000;
    private static final long MOST = 2000;

    private record Case(String name, Function<NDArray, NDArray> function) {}

    private static final List<Case> CASES = List.of(
            new Case("scalar code", x -> Np.exp(x.get(0)).plus(Np.where(x.get(1).gt(0), x.get(1), x.get(2))).sum()),
            new Case("loops with tile functions", x -> Np.log1p(Np.exp(x)).plus(Np.lgamma(Np.square(x).plus(1))).sum()),
            new Case("functions without tiles", x -> Np.arctan(x).times(Np.sinh(x)).plus(Np.ndtri(Np.sigmoid(x))).sum()),
            new Case("angles", x -> Np.sin(x.times(9)).plus(Np.cos(x)).times(Np.tan(x)).sum()),
            new Case("powers", x -> Np.pow(Np.square(x).plus(0.5), 2.3).plus(Np.pow(Np.exp(x), x)).sum()),
            new Case("gamma and error functions", x -> Np.digamma(Np.square(x).plus(1)).plus(Np.erfc(x)).plus(Np.logNdtr(x)).sum()),
            new Case("sums over an axis", x -> Np.square(x.reshape(10, 100).sum(0)).plus(x.mean()).sum()),
            new Case("sums over long lines", x -> Np.square(Np.broadcastTo(x, Shape.of(3, N)).times(Np.arange(3).reshape(3, 1)).sum(1)).sum()),
            new Case("float32", x -> Np.tanh(x.astype(DType.FLOAT32).reshape(10, 100).sum(1)).sum().astype(DType.FLOAT64)),
            new Case("products", x -> Np.tanh(Np.matmul(x.reshape(25, 40), x.reshape(40, 25))).sum()),
            new Case("products in float32", x -> Np.matmul(x.reshape(25, 40).astype(DType.FLOAT32), x.reshape(40, 25).astype(DType.FLOAT32)).astype(DType.FLOAT64).sum()),
            new Case("products with vectors", x -> Np.square(Np.matmul(x.reshape(2, 500), Np.linspace(0, 1, 500))).sum()),
            new Case("gather and scatter", x -> Np.square(Np.take(x, Np.arange(700).rem(30), 0)).sum()),
            new Case("integers", x -> Np.floor(x.times(10)).astype(DType.INT32).rem(7).sum().astype(DType.FLOAT64).plus(x.sum())),
            new Case("largest and running sum", x -> Np.cumsum(x, 0).max().plus(Np.logsumexp(x.reshape(10, 100), 1).sum())),
            new Case("Cholesky", x -> Np.log(Np.diagonal(Np.cholesky(Np.matmul(x.reshape(5, 200), Np.matrixTranspose(x.reshape(5, 200))).plus(Np.eye(5))))).sum()),
            new Case("joined, flipped, padded", x -> Np.square(Np.pad(Np.flip(Np.concatenate(List.of(x, x), 0)), new int[][] {{2, 3}})).sum()));

    @TestFactory
    Stream<DynamicTest> nothingIsAllocated() {
        return CASES.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
    }

    private static void check(Case c) throws ReflectiveOperationException {
        Graph value = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.of(N))), x -> List.of(c.function().apply(x.getFirst()))).graph();
        assertThat(value.outputs().getFirst().aval().shape()).isEqualTo(Shape.SCALAR);
        Graph vjp = Derivatives.vjp(value, List.of(0));
        var executable = Executable.compile(vjp, List.of(new Slot(0, 0), new Slot(1, 0)), List.of(new Slot(2, 0), new Slot(2, 1)), Options.EXACT).worker();
        double[] x = Np.linspace(-1, 1.3, N).toDoubleArray();
        double[] seed = {1};
        double[] out = new double[N + 1];
        executable.run(x, seed, out);
        double[] first = out.clone();
        // The counter itself costs some boxes, and so does compiling in the meantime; one object a run would be 3200 bytes.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > MOST; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < 200; i++) {
                executable.run(x, seed, out);
            }
            least = Math.min(least, allocatedBytes() - before);
        }
        assertThat(least).as(c.name()).isLessThanOrEqualTo(MOST);
        assertThat(out).as("runs repeat the bits").containsExactly(first);
    }

    /// `com.sun.management.ThreadMXBean`, by reflection: the module under test does not read `jdk.management`.
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
        Method method = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        return (Long) Objects.requireNonNull(method.invoke(bean));
    }
}
