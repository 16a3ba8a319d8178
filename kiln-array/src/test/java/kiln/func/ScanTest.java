package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `scan` against a loop in Java: values bit for bit, derivatives and vectorised forms up to rounding.
class ScanTest {
    /// A carry of three arrays of different shapes and types.
    record State(NDArray level, NDArray moment, NDArray count) {}

    /// A step reads two arrays.
    record Read(NDArray y, NDArray flag) {}

    private static Carried<State, List<NDArray>> step(State s, Read x, NDArray w) {
        NDArray level = Np.tanh(s.level().times(w).plus(x.y()));
        NDArray moment = Np.where(x.flag().gt(0), s.moment().plus(Np.exp(level.sum().times(0.1))), s.moment().minus(x.y().sum()));
        NDArray count = s.count().plus(x.flag());
        return new Carried<>(new State(level, moment, count), List.of(level.times(moment), count, moment));
    }

    private static final NDArray W = NDArray.of(0.3, -0.7, 1.1);

    private static State init() {
        return new State(NDArray.of(0.1, 0.2, -0.4), Np.scalar(0.5), Np.scalar(3L));
    }

    private static Read read(int n) {
        var random = new Random(n);
        return new Read(
                NDArray.of(Shape.of(n, 3), random.doubles(3L * n, -1, 1).toArray()),
                NDArray.of(random.longs(n, 0, 2).toArray()));
    }

    /// The loop that a user would write.
    static <C, X, Y> Carried<C, Y> unrolled(BiFunction<C, X, Carried<C, Y>> f, C init, X xs, boolean reverse) {
        List<NDArray> reads = Pytree.leaves(xs);
        int n = reads.getFirst().size(0);
        C carry = init;
        List<Y> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int t = reverse ? n - 1 - i : i;
            Carried<C, Y> next = f.apply(carry, Pytree.withLeaves(xs, reads.stream().map(x -> x.get(t)).toList()));
            carry = next.carry();
            out.add(next.output());
        }
        List<Y> ordered = reverse ? out.reversed() : out;
        List<NDArray> ys = new ArrayList<>();
        for (int k = 0; k < Pytree.leaves(ordered.getFirst()).size(); k++) {
            int at = k;
            ys.add(Np.stack(ordered.stream().map(y -> Pytree.leaves(y).get(at)).toList(), 0));
        }
        return new Carried<>(carry, Pytree.withLeaves(ordered.getFirst(), ys));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40})
    void sameBitsAsALoop(int n) {
        for (Control.Steps steps : List.of(Control.Steps.FORWARD, Control.Steps.REVERSE, Control.Steps.FORWARD.inBlocksOf(3), Control.Steps.REVERSE.inBlocksOf(3))) {
            BiFunction<State, Read, Carried<State, List<NDArray>>> f = (c, x) -> step(c, x, W);
            var want = unrolled(f, init(), read(n), steps.reverse());
            assertSame(Control.scan(f, init(), read(n), steps), want);
            Function<Read, Carried<State, List<NDArray>>> compiled = Functions.jit(x -> Control.scan(f, init(), x, steps));
            assertSame(compiled.apply(read(n)), want);
            assertSame(compiled.apply(read(n)), want);
        }
    }

    @Test
    void noStepsReturnTheStart() {
        BiFunction<State, Read, Carried<State, List<NDArray>>> f = (c, x) -> step(c, x, W);
        for (Function<Read, Carried<State, List<NDArray>>> scan : List.<Function<Read, Carried<State, List<NDArray>>>>of(
                x -> Control.scan(f, init(), x), Functions.jit(x -> Control.scan(f, init(), x)))) {
            var out = scan.apply(new Read(Np.zeros(0, 3), Np.zeros(0).astype(DType.INT64)));
            assertSame(out.carry(), init());
            assertThat(out.output().stream().map(NDArray::shape)).containsExactly(Shape.of(0, 3), Shape.of(0), Shape.of(0));
        }
    }

    /// What is differentiated: start, inputs and a captured value.
    record Point(NDArray level, NDArray y, NDArray w) {}

    private static NDArray objective(Point p, Control.Steps steps, boolean loop, int n) {
        BiFunction<State, Read, Carried<State, List<NDArray>>> f = (c, x) -> step(c, x, Np.sin(p.w()));
        State start = new State(p.level(), Np.scalar(0.5), Np.scalar(3L));
        Read xs = new Read(p.y(), read(n).flag());
        var out = loop ? unrolled(f, start, xs, steps.reverse()) : Control.scan(f, start, xs, steps);
        return Np.square(out.output().get(0)).sum().plus(out.carry().moment().times(out.output().get(2).sum()));
    }

    private static Point point(int n) {
        return new Point(NDArray.of(0.1, 0.2, -0.4), read(n).y(), W);
    }

    static Stream<Control.Steps> steps() {
        return Stream.of(
                Control.Steps.FORWARD,
                Control.Steps.REVERSE,
                Control.Steps.FORWARD.recomputing(),
                Control.Steps.REVERSE.recomputing(),
                Control.Steps.FORWARD.inBlocksOf(4),
                Control.Steps.REVERSE.inBlocksOf(4));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void gradientIsThatOfTheLoop(Control.Steps steps) {
        for (int n : new int[] {1, 6, 19}) {
            var want = Functions.valueAndGrad((Point p) -> objective(p, steps, true, n)).apply(point(n));
            Function<Point, ValueAndGrad<Point>> gradient = Functions.valueAndGrad((Point p) -> objective(p, steps, false, n));
            assertClose(gradient.apply(point(n)), want, 1e-12);
            assertClose(Functions.jit(gradient).apply(point(n)), want, 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void forwardDerivativeIsThatOfTheLoop(Control.Steps steps) {
        int n = 9;
        Point direction = new Point(NDArray.of(1.0, -0.5, 0.3), read(n + 1).y().get(kiln.array.Index.slice(0, n)), NDArray.of(0.2, 0.1, -1));
        var want = Functions.jvp(p -> objective(p, steps, true, n), point(n), direction);
        assertClose(Functions.jvp(p -> objective(p, steps, false, n), point(n), direction), want, 1e-12);
        Function<Point, JVP<NDArray>> jvp = p -> Functions.jvp(q -> objective(q, steps, false, n), p, direction);
        assertClose(Functions.jit(jvp).apply(point(n)), want, 1e-12);
    }

    @Test
    void secondDerivativesAreThoseOfTheLoop() {
        int n = 5;
        Function<Point, Point> loop = Functions.grad((Point p) -> Functions.grad((Point q) -> objective(q, Control.Steps.FORWARD, true, n))
                .apply(p).w().times(NDArray.of(1.0, 2, 3)).sum());
        Function<Point, Point> scan = Functions.grad((Point p) -> Functions.grad((Point q) -> objective(q, Control.Steps.FORWARD, false, n))
                .apply(p).w().times(NDArray.of(1.0, 2, 3)).sum());
        assertClose(scan.apply(point(n)), loop.apply(point(n)), 1e-11);
        assertClose(Functions.jit(scan).apply(point(n)), loop.apply(point(n)), 1e-11);
    }

    /// A scan inside vmap inside grad, mapped over the start only, the inputs only, or both.
    @Test
    void vectorisedIsALoopOverLanes() {
        int n = 6;
        NDArray levels = NDArray.of(Shape.of(4, 3), new Random(1).doubles(12, -1, 1).toArray());
        NDArray inputs = Np.stack(IntStream.range(0, 4).mapToObj(i -> read(n).y().times(0.3 * i + 0.1)).toList(), 0);
        for (int which = 1; which < 4; which++) {
            boolean first = (which & 1) != 0;
            boolean second = (which & 2) != 0;
            BiFunction<NDArray, NDArray, NDArray> f = (level, y) -> objective(new Point(level, y, W), Control.Steps.FORWARD, false, n);
            NDArray a = first ? levels : levels.get(0);
            NDArray b = second ? inputs : inputs.get(0);
            Function<List<NDArray>, NDArray> mapped = p -> Functions.vmap(f, first, second).apply(p.get(0), p.get(1)).sum();
            Function<List<NDArray>, NDArray> loop = p -> {
                NDArray sum = Np.scalar(0.0);
                for (int i = 0; i < 4; i++) {
                    sum = sum.plus(objective(
                            new Point(first ? p.get(0).get(i) : p.get(0), second ? p.get(1).get(i) : p.get(1), W),
                            Control.Steps.FORWARD,
                            true,
                            n));
                }
                return sum;
            };
            var want = Functions.valueAndGrad(loop).apply(List.of(a, b));
            assertClose(Functions.valueAndGrad(mapped).apply(List.of(a, b)), want, 1e-12);
            assertClose(Functions.jit(Functions.valueAndGrad(mapped)).apply(List.of(a, b)), want, 1e-12);
        }
    }

    /// Row sums of running products: a scan in a scan, the inner one over what the outer reads.
    private static NDArray nested(NDArray x, boolean loop) {
        BiFunction<NDArray, NDArray, Carried<NDArray, NDArray>> inner = (c, e) -> new Carried<>(c.times(Np.cos(e)), c);
        BiFunction<NDArray, NDArray, Carried<NDArray, NDArray>> outer = (c, row) -> {
            var out = loop ? unrolled(inner, c, row, true) : Control.scan(inner, c, row, Control.Steps.REVERSE);
            return new Carried<>(Np.sin(out.carry().plus(c)), out.output());
        };
        var out = loop ? unrolled(outer, Np.scalar(0.7), x, false) : Control.scan(outer, Np.scalar(0.7), x);
        return out.output().sum().times(out.carry());
    }

    @Test
    void scansNest() {
        NDArray x = NDArray.of(Shape.of(4, 5), new Random(2).doubles(20, -1, 1).toArray());
        var want = Functions.valueAndGrad((NDArray v) -> nested(v, true)).apply(x);
        Function<NDArray, ValueAndGrad<NDArray>> got = Functions.valueAndGrad(v -> nested(v, false));
        assertClose(got.apply(x), want, 1e-12);
        assertClose(Functions.jit(got).apply(x), want, 1e-12);
        NDArray many = Np.stack(List.of(x, x.times(0.5), x.times(-0.2)), 0);
        NDArray lanes = Np.stack(IntStream.range(0, 3).mapToObj(i -> Functions.grad((NDArray v) -> nested(v, true)).apply(many.get(i))).toList(), 0);
        assertClose(Functions.vmap(Functions.jit(Functions.grad((NDArray v) -> nested(v, false)))).apply(many), lanes, 1e-12);
        assertClose(Functions.jit(Functions.vmap(Functions.grad((NDArray v) -> nested(v, false)))).apply(many), lanes, 1e-12);
    }

    /// Ten times the steps take ten times the memory, not a hundred times; in blocks they take less.
    @Test
    void memoryIsLinearInTheLength() {
        long large = workspace(1000, Control.Steps.FORWARD);
        long small = workspace(500, Control.Steps.FORWARD);
        long perStep = (large - small) / 500;
        assertThat(perStep).isBetween(50L * 8, 4 * 50L * 8);
        assertThat(workspace(4000, Control.Steps.FORWARD)).isEqualTo(large + 3000 * perStep);
        assertThat(workspace(1000, Control.Steps.FORWARD.recomputing())).isLessThan(large);
        assertThat(workspace(1024, Control.Steps.FORWARD.inBlocksOf(32))).isLessThan(large / 5);
    }

    private static long workspace(int n, Control.Steps steps) {
        NDArray w = NDArray.of(new Random(3).doubles(50, -1, 1).toArray());
        Graph value = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.of(50))), x -> {
                    BiFunction<NDArray, NDArray, Carried<NDArray, List<Object>>> f =
                            (c, _) -> Carried.of(Np.tanh(Np.exp(c.times(w)).minus(1)));
                    return List.of(Control.scan(f, x.getFirst(), Np.arange(n), steps).carry().sum());
                })
                .graph();
        return Executable.compile(Derivatives.valueAndGrad(value)).workspaceBytes();
    }

    @Test
    void aCarryThatStartsAsAJavaNumberTakesTheTypeOfTheBody() {
        record Sums(Number total, Number count) {}
        var out = Control.scan((Sums s, NDArray x) -> Carried.of(new Sums(x.plus(s.total()), NDArray.as(s.count()).plus(1))),
                new Sums(0, 0), NDArray.of(0.5, 0.25));
        assertThat(NDArray.as(out.carry().total()).item()).isEqualTo(0.75);
        assertThat(NDArray.as(out.carry().count()).dtype()).isEqualTo(DType.INT64);
    }
}
