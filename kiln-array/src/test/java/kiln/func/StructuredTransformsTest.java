package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every transform against finite differences and loops, and combinations of transforms against each other.
class StructuredTransformsTest {
    private static final NDArray A = NDArray.of(new double[][] {{1, -2, 0.5}, {0.3, 0.7, -1.1}});
    private static final NDArray X = NDArray.of(0.4, -0.3, 1.2);

    record Params(NDArray w, List<NDArray> rest) {}

    private static NDArray vector(Params p) {
        return Np.tanh(A.matmul(p.w())).times(p.rest().get(0)).plus(Np.exp(p.rest().get(1).sum()));
    }

    private static Params params() {
        return new Params(X, List.of(NDArray.of(1.5, -0.5), NDArray.of(new double[][] {{0.1, 0.2}, {-0.3, 0.4}})));
    }

    /// Central differences of fourth order of every output by every element of a leaf: shape *output, leaf*.
    private static NDArray differences(Function<List<NDArray>, NDArray> f, List<NDArray> at, int leaf) {
        double h = 1e-3;
        NDArray x = at.get(leaf);
        List<NDArray> columns = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            double[] unit = new double[x.size()];
            unit[i] = 1;
            NDArray direction = NDArray.of(x.shape(), unit);
            Function<Double, NDArray> along = t -> {
                List<NDArray> moved = new ArrayList<>(at);
                moved.set(leaf, x.plus(direction.times(t)));
                return f.apply(moved);
            };
            columns.add(along.apply(h).minus(along.apply(-h)).times(8).minus(along.apply(2 * h).minus(along.apply(-2 * h))).div(12 * h));
        }
        NDArray stacked = Np.stack(columns, -1);
        return stacked.reshape(columns.getFirst().shape().then(x.shape()));
    }

    private static Params differences(Function<Params, NDArray> f) {
        List<NDArray> at = Pytree.leaves(params());
        return Pytree.withLeaves(params(), IntStream.range(0, at.size())
                .mapToObj(k -> differences(x -> f.apply(Pytree.withLeaves(params(), x)), at, k))
                .toList());
    }

    @Test
    void jacobians() {
        Params want = differences(StructuredTransformsTest::vector);
        for (Function<Params, Params> jacobian : List.of(
                Functions.jacfwd(StructuredTransformsTest::vector),
                Functions.jacrev(StructuredTransformsTest::vector),
                Functions.jacobian(StructuredTransformsTest::vector),
                Functions.jit(Functions.jacfwd(StructuredTransformsTest::vector)),
                Functions.jit(Functions.jacrev(StructuredTransformsTest::vector)))) {
            assertClose(jacobian.apply(params()), want, 1e-10);
        }
        assertThat(want.rest().get(1).shape()).isEqualTo(Shape.of(2, 2, 2));
    }

    private static NDArray scalar(NDArray x) {
        return Np.exp(A.matmul(x)).sum().times(Np.sin(x.get(0).times(x.get(2))));
    }

    @Test
    void secondDerivatives() {
        NDArray want = differences(x -> Functions.grad(StructuredTransformsTest::scalar).apply(x.getFirst()), List.of(X), 0);
        assertClose(Functions.hessian(StructuredTransformsTest::scalar).apply(X), want, 1e-10);
        assertClose(Functions.jit(Functions.hessian(StructuredTransformsTest::scalar)).apply(X), want, 1e-10);
        assertClose(Functions.jacrev(Functions.grad(StructuredTransformsTest::scalar)).apply(X), want, 1e-10);
        NDArray v = NDArray.of(1.0, -2, 0.5);
        assertClose(Functions.hvp(StructuredTransformsTest::scalar, X, v), want.matmul(v), 1e-10);
        List<List<NDArray>> blocks = Functions.hessianBlocks((Params p) -> vector(p).sum()).apply(params());
        assertThat(blocks.get(0).get(2).shape()).isEqualTo(Shape.of(3, 2, 2));
        assertClose(blocks.get(0).get(1), Np.moveaxis(blocks.get(1).get(0), 0, 1), 1e-12);
        assertClose(blocks.get(0).get(0), Functions.hessian((NDArray w) -> vector(new Params(w, params().rest())).sum()).apply(X), 1e-12);
    }

    @Test
    void linearForms() {
        VJP<Params, NDArray> back = Functions.vjp(StructuredTransformsTest::vector, params());
        Linearized<Params, NDArray> forth = Functions.linearize(StructuredTransformsTest::vector, params());
        Params jacobian = Functions.jacfwd(StructuredTransformsTest::vector).apply(params());
        assertSame(back.value(), vector(params()));
        assertSame(forth.value(), vector(params()));
        for (double t : new double[] {1, -0.3}) {
            NDArray ct = NDArray.of(t, 2.0);
            assertClose(back.pullback().apply(ct).w(), ct.matmul(jacobian.w()), 1e-12);
            Params direction = new Params(X.times(t), List.of(Np.zeros(2), Np.zeros(2, 2)));
            assertClose(forth.pushforward().apply(direction), jacobian.w().matmul(X.times(t)), 1e-12);
            assertClose(Functions.jvp(StructuredTransformsTest::vector, params(), direction).tangent(), jacobian.w().matmul(X.times(t)), 1e-12);
        }
    }

    private static NDArray part(Map<String, NDArray> map, String key) {
        return Objects.requireNonNull(map.get(key));
    }

    @Test
    void integersHaveNoDerivative() {
        Function<Map<String, NDArray>, NDArray> f = m -> part(m, "x").times(part(m, "n")).sum();
        var at = Map.of("x", X, "n", NDArray.of(1L, 2, 3));
        var ct = Functions.vjp(f, at).pullback().apply(Np.scalar(2.0));
        assertSame(part(ct, "x"), NDArray.of(2.0, 4, 6));
        assertSame(part(ct, "n"), NDArray.of(0L, 0, 0));
        assertThat(Functions.jvp(f, at, at).tangent().item()).isEqualTo(X.times(NDArray.of(1L, 2, 3)).sum().item());
    }

    @Test
    void argumentPositions() {
        Function3<NDArray, NDArray, NDArray, NDArray> f = (a, b, c) -> a.times(b).plus(Np.sin(c)).sum();
        NDArray b = NDArray.of(1.0, 2, 3);
        assertThat(Functions.grad(f, 0, 2).apply(X, b, X)).hasSize(2);
        assertSame(Functions.grad(f, 0, 2).apply(X, b, X).get(0), b);
        assertSame(Functions.grad((NDArray x, NDArray y) -> x.times(y).sum(), 1).apply(X, b).getFirst(), X);
        Function4<NDArray, NDArray, NDArray, NDArray, NDArray> g = (p, q, r, s) -> p.times(q).times(r).times(s).sum();
        var both = Functions.valueAndGrad(g, 3, 1).apply(X, X, X, b);
        assertClose(both.grad().get(0), Np.pow(X, 3), 1e-14);
        assertClose(both.grad().get(1), X.times(X).times(b), 1e-14);
    }

    @Test
    void auxiliaryResultsArePassedOn() {
        var out = Functions.valueAndGradWithAux((NDArray x) -> new WithAux<>(Np.square(x).sum(), Map.of("twice", x.times(2)))).apply(X);
        assertSame(out.grad(), X.times(2));
        assertSame(part(out.aux(), "twice"), X.times(2));
        assertSame(out.value(), Np.square(X).sum());
    }

    @Test
    void mappedAxes() {
        NDArray x = NDArray.of(Shape.of(2, 3, 4), new Random(1).doubles(24).toArray());
        NDArray w = NDArray.of(1.0, 2);
        for (int in : new int[] {1, -2}) {
            for (int out : new int[] {0, 1, -1}) {
                NDArray got = Functions.vmap((NDArray m) -> m.times(2).sum(1), in, out).apply(x);
                assertSame(got, Np.moveaxis(Np.moveaxis(x, 1, 0).times(2).sum(2), 0, out));
            }
        }
        NDArray shared = Functions.vmap((NDArray m, NDArray v) -> v.matmul(m), Along.axis(1), Along.NONE, 1).apply(x, w);
        assertClose(shared, Np.stack(IntStream.range(0, 3).mapToObj(i -> w.matmul(Np.moveaxis(x, 1, 0).get(i))).toList(), 1), 1e-14);
        Function3<NDArray, NDArray, NDArray, NDArray> f = (a, b, c) -> a.plus(b).times(c);
        assertThat(Functions.vmap(f, Along.NONE, Along.axis(-1), Along.axis(0), 0).apply(w, NDArray.of(new double[][] {{1, 2, 3}, {4, 5, 6}}), X).shape())
                .isEqualTo(Shape.of(3, 2));
    }

    static List<Function<NDArray, NDArray>> grid() {
        return List.of(
                x -> Np.sin(x).times(x).sum(),
                x -> Np.logsumexp(A.matmul(x)),
                x -> Np.where(x.gt(0), Np.square(x), Np.exp(x)).mean(),
                x -> Np.cumsum(x, 0).times(x).max(),
                x -> x.get(1).times(Np.tanh(x)).sum(),
                x -> Control.scan((NDArray c, NDArray e) -> Carried.of(Np.cos(c.plus(e))), Np.scalar(0.1), x).carry(),
                x -> Control.cond(x.sum().gt(0.5), () -> Np.square(x).sum(), () -> Np.exp(x).sum()),
                Functions.checkpoint(x -> Np.log(Np.square(x).plus(1)).sum()));
    }

    /// Lanes × transforms in every order give what a loop over the plain function gives.
    @ParameterizedTest
    @MethodSource("grid")
    void transformsComposeInAnyOrder(Function<NDArray, NDArray> f) {
        NDArray many = NDArray.of(Shape.of(4, 3), new Random(5).doubles(12, -1, 1).toArray());
        List<NDArray> rows = IntStream.range(0, 4).mapToObj(many::get).toList();
        NDArray slopes = Np.stack(rows.stream().map(r -> differences(x -> f.apply(x.getFirst()), List.of(r), 0)).toList(), 0);
        for (Function<NDArray, NDArray> g : List.<Function<NDArray, NDArray>>of(
                Functions.vmap(Functions.grad(f)),
                Functions.vmap(Functions.grad(Functions.jit(f))),
                Functions.jit(Functions.vmap(Functions.grad(f))),
                Functions.vmap(Functions.jit(Functions.grad(f))),
                Functions.grad((NDArray x) -> Functions.vmap(Functions.jit(f)).apply(x).sum()),
                Functions.jit(Functions.grad((NDArray x) -> Functions.vmap(f).apply(x).sum())),
                Functions.vmap(Functions.jacfwd(f)),
                Functions.vmap(x -> Functions.vjp(f, x).pullback().apply(Np.scalar(1.0))))) {
            assertClose(g.apply(many), slopes, 1e-8);
        }
        NDArray three = Np.stack(List.of(many, many.times(0.5)), 0);
        Function<NDArray, NDArray> nested = Functions.vmap(Functions.grad(Functions.jit(
                (NDArray m) -> Functions.vmap(f).apply(m).sum())));
        NDArray want = Np.stack(List.of(
                Functions.vmap(Functions.grad(f)).apply(many), Functions.vmap(Functions.grad(f)).apply(many.times(0.5))), 0);
        assertClose(nested.apply(three), want, 1e-12);
        NDArray hessians = Functions.vmap(Functions.jit(Functions.hessian(f))).apply(many);
        assertClose(hessians, Np.stack(rows.stream().map(r -> Functions.jacrev(Functions.grad(f)).apply(r)).toList(), 0), 1e-10);
    }

    @Test
    void stoppedGradients() {
        Function<Params, NDArray> f = p -> vector(Functions.stopGradient(p)).sum().plus(p.w().sum());
        Params g = Functions.grad(f).apply(params());
        assertSame(g.w(), NDArray.of(1.0, 1, 1));
        assertSame(g.rest().get(0), Np.zeros(2));
    }

    @Test
    void aCompiledFunctionIsTracedOncePerStructureShapesAndTypes() {
        var traces = new AtomicInteger();
        record Setting(NDArray x, int power) {}
        Function<Setting, NDArray> f = Functions.jit(s -> {
            traces.incrementAndGet();
            return Np.pow(s.x(), s.power()).sum();
        });
        assertThat(f.apply(new Setting(X, 2)).item()).isEqualTo(Np.pow(X, 2).sum().item());
        assertThat(f.apply(new Setting(X.times(3), 2)).item()).isEqualTo(Np.pow(X.times(3), 2).sum().item());
        assertThat(traces).hasValue(1);
        assertThat(f.apply(new Setting(X, 3)).item()).isEqualTo(Np.pow(X, 3).sum().item());
        assertThat(traces).hasValue(2);
        assertThat(f.apply(new Setting(X.astype(DType.FLOAT32), 3)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(f.apply(new Setting(NDArray.of(2.0), 3)).item()).isEqualTo(8);
        assertThat(traces).hasValue(4);
    }

    @Test
    void aFailingTraceIsNotKept() {
        var fails = new boolean[] {true};
        Function<NDArray, NDArray> f = Functions.jit(x -> {
            if (fails[0]) {
                throw new IllegalStateException("not yet");
            }
            return x.times(2);
        });
        assertThatThrownBy(() -> f.apply(X)).hasMessage("not yet");
        fails[0] = false;
        assertSame(f.apply(X), X.times(2));
    }
}
