package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Branches, loops of unknown length, and associative scans against plain Java.
class ControlTest {
    private static final NDArray W = NDArray.of(0.5, -1.5);

    private static Map<String, NDArray> branch(NDArray x, boolean yes) {
        return yes ? Map.of("a", x.times(W), "n", Np.scalar(1L)) : Map.of("a", Np.exp(x), "n", Np.scalar(2L));
    }

    private static Map<String, NDArray> conditional(NDArray x) {
        return Control.cond(x.sum().gt(0), p -> branch(p, true), p -> branch(p, false), x);
    }

    private static NDArray part(Map<String, NDArray> map, String key) {
        return Objects.requireNonNull(map.get(key));
    }

    @Test
    void condTakesOneBranch() {
        for (NDArray x : List.of(NDArray.of(1.0, 2), NDArray.of(-1.0, -2))) {
            boolean yes = x.get(0).item() > 0;
            assertSame(conditional(x), branch(x, yes));
            assertSame(Functions.jit(ControlTest::conditional).apply(x), branch(x, yes));
            NDArray slope = yes ? W : Np.exp(x);
            Function<NDArray, NDArray> grad = Functions.grad((NDArray p) -> part(conditional(p), "a").sum());
            assertClose(grad.apply(x), slope, 1e-14);
            assertClose(Functions.jit(grad).apply(x), slope, 1e-14);
            assertClose(Functions.jit(Functions.jacfwd((NDArray p) -> part(conditional(p), "a").sum())).apply(x), slope, 1e-14);
        }
        NDArray lanes = NDArray.of(new double[][] {{1, 2}, {-1, -2}, {3, -1}});
        Function<NDArray, Map<String, NDArray>> mapped = Functions.vmap(ControlTest::conditional);
        for (Function<NDArray, Map<String, NDArray>> f : List.of(mapped, Functions.jit(mapped))) {
            for (int i = 0; i < 3; i++) {
                int lane = i;
                var out = f.apply(lanes);
                assertSame(part(out, "a").get(lane), part(branch(lanes.get(lane), i != 1), "a"));
                assertSame(part(out, "n").get(lane), part(branch(lanes.get(lane), i != 1), "n"));
            }
        }
    }

    @Test
    void selectTakesTheNearestBranch() {
        List<Function<NDArray, NDArray>> branches = List.of(x -> x.plus(1), Np::sin, x -> x.times(x));
        Function<List<NDArray>, NDArray> f = p -> Control.select(p.get(0), branches, p.get(1));
        long[] indices = {-3, 0, 1, 2, 9};
        for (long i : indices) {
            NDArray want = branches.get(Math.clamp(i, 0, 2)).apply(W);
            assertSame(f.apply(List.of(Np.scalar(i), W)), want);
            assertSame(Functions.jit(f).apply(List.of(Np.scalar(i), W)), want);
        }
        NDArray mapped = Functions.vmap((NDArray i, NDArray x) -> f.apply(List.of(i, x)), true, false).apply(NDArray.of(indices), W);
        for (int i = 0; i < 5; i++) {
            assertSame(mapped.get(i), branches.get(Math.clamp(indices[i], 0, 2)).apply(W));
        }
    }

    /// Newton's iteration for the square root, with a count of the steps.
    record Newton(NDArray guess, NDArray steps) {}

    private static Newton root(NDArray a) {
        return Control.whileLoop(
                s -> Np.abs(s.guess().times(s.guess()).minus(a)).gt(1e-9),
                s -> new Newton(s.guess().plus(a.div(s.guess())).times(0.5), s.steps().plus(1)),
                new Newton(Np.scalar(1.0), Np.scalar(0L)));
    }

    private static Newton plainRoot(double a) {
        double guess = 1;
        long steps = 0;
        while (Math.abs(guess * guess - a) > 1e-9) {
            guess = (guess + a / guess) * 0.5;
            steps++;
        }
        return new Newton(Np.scalar(guess), Np.scalar(steps));
    }

    @Test
    void whileLoops() {
        double[] values = {2, 1, 50, 0.1};
        for (double a : values) {
            assertSame(root(Np.scalar(a)), plainRoot(a));
            assertSame(Functions.jit(ControlTest::root).apply(Np.scalar(a)), plainRoot(a));
            NDArray slope = Functions.jit(Functions.jacfwd((NDArray x) -> root(x).guess())).apply(Np.scalar(a));
            // From the solution itself no step is taken, so that nothing depends on a.
            double want = a == 1 ? 0 : 0.5 / Math.sqrt(a);
            assertThat(slope.item()).isCloseTo(want, org.assertj.core.data.Offset.offset(1e-4));
        }
        Function<NDArray, Newton> mapped = Functions.vmap(ControlTest::root);
        for (Function<NDArray, Newton> f : List.of(mapped, Functions.jit(mapped))) {
            Newton out = f.apply(NDArray.of(values));
            for (int i = 0; i < values.length; i++) {
                assertSame(new Newton(out.guess().get(i), out.steps().get(i)), plainRoot(values[i]));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void foriLoops(int n) {
        Function<NDArray, NDArray> known = x -> Control.foriLoop(2, 2 + n, (i, c) -> Np.sin(c.times(i)).plus(x), x);
        Function<NDArray, NDArray> loop = x -> {
            NDArray c = x;
            for (int i = 2; i < 2 + n; i++) {
                c = Np.sin(c.times(i)).plus(x);
            }
            return c;
        };
        Function<List<NDArray>, NDArray> traced = p -> Control.foriLoop(2, p.get(1), (i, c) -> Np.sin(c.times(i)).plus(p.get(0)), p.get(0));
        assertSame(known.apply(W), loop.apply(W));
        assertSame(Functions.jit(known).apply(W), loop.apply(W));
        assertSame(Functions.jit(traced).apply(List.of(W, Np.scalar(2L + n))), loop.apply(W));
        NDArray slope = Functions.grad((NDArray x) -> loop.apply(x).sum()).apply(W);
        assertClose(Functions.jit(Functions.grad((NDArray x) -> known.apply(x).sum())).apply(W), slope, 1e-12);
        assertClose(Functions.jvp(x -> traced.apply(List.of(x, Np.scalar(2L + n))), W, NDArray.of(1.0, 1)).tangent(), slope, 1e-12);
        NDArray lanes = Functions.vmap((NDArray x, NDArray m) -> traced.apply(List.of(x, m))).apply(
                Np.stack(List.of(W, W.times(2)), 0), NDArray.of(2L + n, 2L));
        assertSame(lanes.get(0), loop.apply(W));
        assertSame(lanes.get(1), W.times(2));
    }

    @Test
    void mapIsALoop() {
        NDArray x = NDArray.of(Shape.of(5, 2), IntStream.range(0, 10).mapToDouble(i -> 0.1 * i).toArray());
        NDArray want = Np.stack(IntStream.range(0, 5).mapToObj(i -> Np.exp(x.get(i)).sum()).toList(), 0);
        assertSame(Control.map((NDArray r) -> Np.exp(r).sum(), x), want);
        assertSame(Functions.jit((NDArray m) -> Control.map((NDArray r) -> Np.exp(r).sum(), m)).apply(x), want);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 16, 33})
    void associativeScans(int n) {
        NDArray x = NDArray.of(Shape.of(2, n), IntStream.range(0, 2 * n).mapToDouble(i -> Math.sin(i + 1)).toArray());
        assertClose(Control.associativeScan(Np::maximum, x, false, 1), running(x, n, false), 0);
        assertClose(Control.associativeScan(Np::maximum, x, true, -1), running(x, n, true), 0);
        // Composition of affine maps does not commute.
        record Affine(NDArray a, NDArray b) {}
        Affine maps = new Affine(x.get(0), x.get(1));
        Affine got = Control.associativeScan(
                (f, g) -> new Affine(f.a().times(g.a()), f.b().times(g.a()).plus(g.b())), maps);
        double a = 1;
        double b = 0;
        for (int i = 0; i < n; i++) {
            a *= maps.a().get(i).item();
            b = b * maps.a().get(i).item() + maps.b().get(i).item();
            assertThat(got.a().get(i).item()).isCloseTo(a, org.assertj.core.data.Offset.offset(1e-13));
            assertThat(got.b().get(i).item()).isCloseTo(b, org.assertj.core.data.Offset.offset(1e-13));
        }
    }

    private static NDArray running(NDArray x, int n, boolean reverse) {
        double[] out = x.toDoubleArray();
        for (int row = 0; row < 2; row++) {
            for (int i = 1; i < n; i++) {
                int at = row * n + (reverse ? n - 1 - i : i);
                out[at] = Math.max(out[at], out[at + (reverse ? 1 : -1)]);
            }
        }
        return NDArray.of(x.shape(), out);
    }

    /// A loop whose body contains a branch and a loop, compiled, vectorised and differentiated forwards.
    @Test
    void loopsAndBranchesNest() {
        Function<NDArray, NDArray> f = x -> Control.scan(
                        (NDArray c, NDArray e) -> Carried.of(Control.cond(
                                c.gt(e),
                                () -> Control.whileLoop((NDArray v) -> v.gt(0.3), v -> v.times(x.get(0)), c),
                                () -> c.plus(e))),
                        Np.scalar(0.9),
                        x)
                .carry();
        NDArray x = NDArray.of(0.5, 0.2, 0.7, 0.4, 0.1);
        double c = 0.9;
        double slope = 0;
        for (int i = 0; i < 5; i++) {
            double e = x.get(i).item();
            if (c > e) {
                while (c > 0.3) {
                    slope = slope * 0.5 + c;
                    c *= 0.5;
                }
            } else {
                c += e;
            }
        }
        NDArray direction = NDArray.of(1.0, 0, 0, 0, 0);
        assertThat(f.apply(x).item()).isEqualTo(c);
        assertThat(Functions.jit(f).apply(x).item()).isEqualTo(c);
        assertThat(Functions.vmap(Functions.jit(f)).apply(Np.stack(List.of(x, x), 0)).toDoubleArray()).containsExactly(c, c);
        Function<NDArray, JVP<NDArray>> jvp = v -> Functions.jvp(f, v, direction);
        assertThat(Functions.jit(jvp).apply(x).tangent().item()).isCloseTo(slope, org.assertj.core.data.Offset.offset(1e-14));
    }
}
