package kiln.func;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Transforms nested in each other against what the plain function gives, element by element.
class TransformsTest {
    /// A scalar function of a vector of four, to be transformed.
    record Named(String name, Function<NDArray, NDArray> f) {}

    private static final NDArray MATRIX = NDArray.of(Shape.of(4, 4), IntStream.range(0, 16).mapToDouble(i -> Math.sin(i + 1)).toArray());

    private static final List<Named> FUNCTIONS = List.of(
            new Named("polynomial", x -> x.times(x).times(x).minus(x).sum()),
            new Named("logistic", x -> Np.softplus(MATRIX.matmul(x)).sum()),
            new Named("quadratic", x -> x.matmul(MATRIX.matmul(x))),
            new Named("branches", x -> Np.where(x.gt(0.1), Np.exp(x), x.times(2)).sum()),
            new Named("largest", x -> x.times(3).max().plus(Np.abs(x).sum())),
            new Named("indexed", x -> Np.take(x, NDArray.of(0, 2, 2, -1), 0).times(x).sum().plus(x.get(1))),
            new Named("normalised", x -> Np.square(x.minus(x.mean()).div(Np.sqrt(Np.var(x, 0).plus(0.5)))).times(Np.arange(4)).sum()),
            new Named("log-sum-exp", x -> Np.logsumexp(Np.outer(x, x), 1).sum()),
            new Named("running", x -> Np.tanh(Np.cumsum(x, 0)).sum().times(x.get(-1))),
            new Named("Cholesky", x -> Np.log(Np.diagonal(Np.cholesky(Np.outer(x, x).plus(Np.eye(4))))).sum()),
            new Named("special", x -> Np.lgamma(Np.square(x).plus(1)).plus(Np.erf(x)).plus(Np.logNdtr(x)).sum()),
            new Named("constant", x -> Np.scalar(3.0)));

    private static final double H = 1e-3;

    private static NDArray random(Random random, int... dims) {
        Shape shape = Shape.of(dims);
        return NDArray.of(shape, random.doubles(shape.size(), -1, 1).toArray());
    }

    /// The gradient of a scalar function by central differences of fourth order.
    private static double[] differences(Function<NDArray, NDArray> f, NDArray x) {
        double[] out = new double[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (8 * (at(f, x, i, H) - at(f, x, i, -H)) - (at(f, x, i, 2 * H) - at(f, x, i, -2 * H))) / (12 * H);
        }
        return out;
    }

    private static double at(Function<NDArray, NDArray> f, NDArray x, int i, double h) {
        double[] v = x.toDoubleArray();
        v[i] += h;
        return f.apply(NDArray.of(x.shape(), v)).item();
    }

    private static void assertClose(NDArray got, double[] want, double tolerance) {
        assertThat(got.toDoubleArray()).containsExactly(want, Offset.offset(tolerance));
    }

    @TestFactory
    Stream<DynamicTest> combinations() {
        return FUNCTIONS.stream().flatMap(n -> Stream.of(
                DynamicTest.dynamicTest("grad of " + n.name(), () -> gradient(n.f())),
                DynamicTest.dynamicTest("jvp of " + n.name(), () -> forward(n.f())),
                DynamicTest.dynamicTest("second order of " + n.name(), () -> second(n.f())),
                DynamicTest.dynamicTest("vmap of " + n.name(), () -> mapped(n.f())),
                DynamicTest.dynamicTest("towers of " + n.name(), () -> towers(n.f()))));
    }

    private static void gradient(Function<NDArray, NDArray> f) {
        NDArray x = random(new Random(1), 4);
        double[] want = differences(f, x);
        assertClose(Functions.grad(f).apply(x), want, 1e-8);
        assertClose(Functions.jit(Functions.grad(f)).apply(x), want, 1e-8);
        assertClose(Functions.grad(Functions.jit(f)).apply(x), want, 1e-8);
        var both = Functions.valueAndGrad(f).apply(x);
        assertThat(both.value().item()).isEqualTo(f.apply(x).item());
    }

    private static void forward(Function<NDArray, NDArray> f) {
        NDArray x = random(new Random(2), 4);
        NDArray dx = random(new Random(3), 4);
        double want = Functions.grad(f).apply(x).times(dx).sum().item();
        assertThat(Functions.jvp(f, x, dx).tangent().item()).isCloseTo(want, Offset.offset(1e-12));
        assertThat(Functions.jvp(Functions.jit(f), x, dx).value().item()).isEqualTo(f.apply(x).item());
        NDArray jitted = Functions.<NDArray, NDArray>jit(v -> Functions.jvp(f, v, dx).tangent()).apply(x);
        assertThat(jitted.item()).isCloseTo(want, Offset.offset(1e-12));
    }

    /// Reverse over reverse, forward over reverse and reverse over forward give one Hessian-vector product.
    private static void second(Function<NDArray, NDArray> f) {
        NDArray x = NDArray.of(0.3, -0.7, 0.55, -0.15); // far from the kinks of "largest" and "branches"
        NDArray v = random(new Random(5), 4);
        Function<NDArray, NDArray> slope = p -> Functions.grad(f).apply(p).times(v).sum();
        double[] want = differences(slope, x);
        assertClose(Functions.grad(slope).apply(x), want, 1e-7);
        assertClose(Functions.jvp(Functions.grad(f), x, v).tangent(), want, 1e-7);
        assertClose(Functions.grad((NDArray p) -> Functions.jvp(f, p, v).tangent()).apply(x), want, 1e-7);
        assertClose(Functions.jit(Functions.grad(slope)).apply(x), want, 1e-7);
    }

    private static NDArray loop(Function<NDArray, NDArray> f, NDArray xs) {
        List<NDArray> rows = new ArrayList<>();
        for (int i = 0; i < xs.size(0); i++) {
            rows.add(f.apply(xs.get(i)));
        }
        return Np.stack(rows, 0);
    }

    private static void mapped(Function<NDArray, NDArray> f) {
        NDArray xs = random(new Random(6), 3, 4);
        double[] values = loop(f, xs).toDoubleArray();
        double[] gradients = loop(Functions.grad(f), xs).toDoubleArray();
        assertClose(Functions.vmap(f).apply(xs), values, 1e-12);
        assertClose(Functions.jit(Functions.vmap(f)).apply(xs), values, 1e-12);
        assertClose(Functions.vmap(Functions.grad(f)).apply(xs), gradients, 1e-12);
        assertClose(Functions.vmap(Functions.jit(Functions.grad(f))).apply(xs), gradients, 1e-12);
        assertClose(Functions.grad((NDArray p) -> Functions.vmap(f).apply(p).sum()).apply(xs), gradients, 1e-12);
        NDArray grid = random(new Random(7), 2, 3, 4);
        NDArray nested = Functions.vmap(Functions.vmap(Functions.grad(f))).apply(grid);
        assertThat(nested.shape()).isEqualTo(Shape.of(2, 3, 4));
        assertClose(nested, loop(g -> loop(Functions.grad(f), g), grid).toDoubleArray(), 1e-12);
    }

    /// Random towers of transforms, each of which keeps "a scalar function of a vector" what it is and has a plain meaning.
    private static void towers(Function<NDArray, NDArray> f) {
        var random = new Random(8);
        for (int tower = 0; tower < 12; tower++) {
            Function<NDArray, NDArray> transformed = f;
            Function<NDArray, NDArray> plain = f;
            int derivatives = 0;
            for (int level = 0; level < 4; level++) {
                Function<NDArray, NDArray> t = transformed;
                Function<NDArray, NDArray> p = plain;
                NDArray v = random(random, 4);
                int kind = random.nextInt(derivatives < 2 ? 5 : 3);
                derivatives += kind >= 3 ? 1 : 0;
                switch (kind) {
                    case 0 -> transformed = Functions.jit(t);
                    case 1 -> {
                        transformed = x -> Functions.vmap(t).apply(Np.outer(NDArray.of(1, 0.5, -0.25), x)).sum();
                        plain = x -> p.apply(x).plus(p.apply(x.times(0.5))).plus(p.apply(x.times(-0.25)));
                    }
                    case 2 -> {
                        // The inner function captures a value of the outer trace.
                        transformed = x -> {
                            NDArray outer = Np.sin(x);
                            return Functions.vmap((NDArray c) -> t.apply(outer.times(c))).apply(NDArray.of(1.0, 2.0)).sum();
                        };
                        plain = x -> p.apply(Np.sin(x)).plus(p.apply(Np.sin(x).times(2)));
                    }
                    case 3 -> {
                        transformed = x -> Functions.grad(t).apply(x).times(v).sum();
                        plain = x -> Functions.grad(p).apply(x).times(v).sum();
                    }
                    default -> {
                        transformed = x -> Functions.jvp(t, x, v).tangent();
                        plain = x -> Functions.grad(p).apply(x).times(v).sum();
                    }
                }
            }
            NDArray x = random(random, 4);
            double want = plain.apply(x).item();
            assertThat(transformed.apply(x).item()).as("tower " + tower).isCloseTo(want, Offset.offset(1e-9 * Math.max(1, Math.abs(want))));
            double slope = Functions.grad(plain).apply(x).sum().item();
            assertThat(Functions.jit(Functions.grad(transformed)).apply(x).sum().item())
                    .as("gradient of tower " + tower)
                    .isCloseTo(slope, Offset.offset(1e-9 * Math.max(1, Math.abs(slope))));
        }
    }

    record Layer(NDArray weight, NDArray bias, String name) {}

    /// Gradients by a structure have its structure; text in it is kept.
    @Test
    void structures() {
        var p = Map.of("a", List.of(new Layer(Np.ones(2), Np.zeros(2), "first")), "b", List.of(new Layer(NDArray.of(2.0, 3.0), Np.ones(2), "second")));
        Function<Map<String, List<Layer>>, NDArray> f = q -> {
            Layer a = layer(q, "a");
            Layer b = layer(q, "b");
            return a.weight().times(b.weight()).plus(a.bias()).times(b.bias()).sum();
        };
        Map<String, List<Layer>> g = Functions.grad(f).apply(p);
        assertClose(layer(g, "a").weight(), new double[] {2, 3}, 0);
        assertClose(layer(g, "b").bias(), new double[] {2, 3}, 0);
        assertThat(layer(g, "b").name()).isEqualTo("second");
        assertClose(layer(Functions.jit(Functions.grad(f)).apply(p), "a").bias(), new double[] {1, 1}, 0);
    }

    private static Layer layer(Map<String, List<Layer>> layers, String key) {
        return layers.getOrDefault(key, List.of()).getFirst();
    }

    @Test
    void severalArguments() {
        BiFunction<NDArray, NDArray, NDArray> f = (a, b) -> Np.exp(a).times(b).sum();
        NDArray a = NDArray.of(0.0, 1);
        NDArray b = NDArray.of(2.0, 3);
        assertClose(Functions.grad(f).apply(a, b), Np.exp(a).times(b).toDoubleArray(), 1e-15);
        assertClose(Functions.jit(f).apply(a, b), new double[] {f.apply(a, b).item()}, 1e-15);
        var three = Functions.valueAndGrad((x, y, z) -> x.times(y).plus(Np.square(z)).sum(), 0, 2).apply(Np.scalar(2.0), Np.scalar(3.0), Np.scalar(4.0));
        assertThat(three.value().item()).isEqualTo(22);
        assertThat(three.grad().stream().map(NDArray::item)).containsExactly(3.0, 8.0);
        NDArray shared = Functions.vmap((NDArray x, NDArray y) -> x.plus(y), true, false).apply(NDArray.of(1, 2), NDArray.of(10, 20));
        assertClose(shared, new double[] {11, 21, 12, 22}, 0);
    }

    /// Integers in a structure have no derivative; the direction's own are not used.
    @Test
    void jvpLeavesIntegersAlone() {
        List<NDArray> x = List.of(NDArray.of(1.0, 2), NDArray.of(3, 4));
        var out = Functions.jvp((List<NDArray> v) -> v.get(0).times(v.get(1)), x, List.of(NDArray.of(1.0, 1), NDArray.of(9, 9)));
        assertClose(out.value(), new double[] {3, 8}, 0);
        assertClose(out.tangent(), new double[] {3, 4}, 0);
    }

    @Test
    void stopGradientStopsEveryDerivative() {
        Function<NDArray, NDArray> f = x -> x.times(x.stopGradient()).sum();
        assertClose(Functions.grad(f).apply(NDArray.of(2.0, 3)), new double[] {2, 3}, 0);
        assertClose(Functions.jvp(f, NDArray.of(2.0, 3), NDArray.of(1.0, 1)).tangent(), new double[] {5}, 0);
    }

    /// So many operands would not fit into one method of 64 KiB.
    @Test
    void thousandsOfPartsAreJoined() {
        NDArray x = NDArray.of(IntStream.range(0, 10_000).asDoubleStream().toArray());
        NDArray reversed = Functions.jit((NDArray v) -> Np.stack(IntStream.range(0, 10_000).mapToObj(i -> v.get(9_999 - i)).toList(), 0)).apply(x);
        assertThat(reversed.toDoubleArray()).isEqualTo(Np.flip(x).toDoubleArray());
    }
}
