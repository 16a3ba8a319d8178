package kiln.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.graph.Vectorization;
import kiln.op.OpCase.Instance;

/// What a row of the op table is held to, apart from derivatives.
final class OpChecks<O extends Op> {
    private final OpCase<O> row;

    OpChecks(OpCase<O> row) {
        this.row = row;
    }

    /// {@return the operation alone as a graph}
    static Graph graph(Op op, List<? extends NDArray> in) {
        Graph graph = Tracer.trace("test", in.stream().map(NDArray::aval).toList(), x -> List.of(Bind.apply(op, x)))
                .graph();
        graph.verify();
        return graph;
    }

    static Dense run(Graph graph, List<Dense> in) {
        return Executable.compile(graph).call(in).getFirst().known();
    }

    void typeAndValue() {
        for (Instance<O> instance : row.instances()) {
            List<Dense> in = instance.draw(new Random(1));
            Aval type = instance.op().type(in.stream().map(Dense::aval).toList());
            Dense out = instance.op().eval(in);
            assertThat(type).as(describe(instance)).isEqualTo(new Aval(instance.dtype(), instance.result()));
            assertThat(out.aval()).as(describe(instance)).isEqualTo(type);
            if (instance.op() instanceof Elementwise && in.getFirst().dtype() == DType.FLOAT32) {
                continue; // held by roundsOnce
            }
            compare(instance, in, out, row.expected(instance.op(), instance.result(), in));
        }
    }

    private void compare(Instance<O> instance, List<Dense> in, Dense out, double[] want) {
        double[] got = out.toDoubleArray();
        double tolerance = Math.max(row.tolerance(), out.dtype() == DType.FLOAT32 ? 0x1p-23 : 0);
        double scale = 0;
        for (double w : want) {
            scale = Math.max(scale, Double.isFinite(w) ? Math.abs(w) : 0);
        }
        for (int i = 0; i < want.length; i++) {
            int at = i;
            if (out.dtype() == DType.BOOL) {
                want[i] = want[i] == 0 ? 0 : 1;
            }
            if (want[i] == ElementwiseRow.UNKNOWN || Double.compare(got[i], want[i]) == 0) {
                continue;
            }
            double allowed = tolerance * (instance.op() instanceof Elementwise ? Math.abs(want[i]) : scale);
            boolean near = tolerance > 0 && Math.abs(got[i] - want[i]) <= Math.max(allowed, Double.MIN_VALUE);
            assertThat(near)
                    .as(() -> describe(instance) + " at " + at + ": got " + got[at] + ", want " + want[at] + ", operands "
                            + in.stream().map(x -> x.size() == want.length ? x.doubleAt(at) : Double.NaN).toList())
                    .isTrue();
        }
    }

    /// An elementwise operation on `float32` is the one on `float64`, rounded.
    void roundsOnce() {
        for (Instance<O> instance : row.instances()) {
            List<Dense> in = instance.draw(new Random(2));
            if (!(instance.op() instanceof Elementwise) || in.getLast().dtype() != DType.FLOAT32 || instance.op() instanceof Cast) {
                continue;
            }
            List<Dense> wide = in.stream()
                    .map(x -> x.dtype() == DType.BOOL ? x : Nd.dense(DType.FLOAT64, x.shape(), x.toDoubleArray()))
                    .toList();
            Dense rounded = Nd.dense(instance.dtype(), instance.result(), instance.op().eval(wide).toDoubleArray());
            assertSameBits(describe(instance), instance.op().eval(in), rounded);
        }
    }

    void compiled() {
        for (Instance<O> instance : row.instances()) {
            List<Dense> in = instance.draw(new Random(3));
            assertSameBits(describe(instance), run(graph(instance.op(), in), in), instance.op().eval(in));
        }
    }

    void vectorized() {
        for (Instance<O> instance : row.instances()) {
            if (instance.result().size() > 100) {
                continue;
            }
            for (int size : new int[] {1, 3}) {
                for (int subset = 1; subset < 1 << instance.operands().size(); subset++) {
                    vectorized(instance, subset, size);
                }
            }
        }
    }

    private void vectorized(Instance<O> instance, int subset, int size) {
        var random = new Random(4);
        List<List<Dense>> draws = new ArrayList<>();
        for (int b = 0; b < size; b++) {
            draws.add(instance.draw(random));
        }
        boolean[] batched = new boolean[instance.operands().size()];
        List<Dense> in = new ArrayList<>();
        for (int k = 0; k < batched.length; k++) {
            int operand = k;
            batched[k] = (subset >> k & 1) == 1;
            in.add(batched[k] ? stacked(draws.stream().map(d -> d.get(operand)).toList()) : draws.getFirst().get(k));
        }
        Graph mapped = Vectorization.vmap(graph(instance.op(), draws.getFirst()), batched, size);
        mapped.verify();
        List<Dense> slices = new ArrayList<>();
        for (int b = 0; b < size; b++) {
            List<Dense> own = new ArrayList<>();
            for (int k = 0; k < batched.length; k++) {
                own.add(draws.get(batched[k] ? b : 0).get(k));
            }
            slices.add(instance.op().eval(own));
        }
        Dense loop = stacked(slices);
        String what = describe(instance) + " batched " + Arrays.toString(batched) + " size " + size;
        for (Dense got : List.of(mapped.call(List.copyOf(in)).getFirst().known(), run(mapped, in))) {
            if (row.exactVmap()) {
                assertSameBits(what, got, loop);
            } else {
                assertThat(got.aval()).as(what).isEqualTo(loop.aval());
                assertClose(what, got.toDoubleArray(), loop.toDoubleArray(), got.dtype() == DType.FLOAT32 ? 1e-6 : 1e-13);
            }
        }
    }

    private static Dense stacked(List<Dense> parts) {
        Shape shape = Shape.of(parts.size()).then(parts.getFirst().shape());
        double[] all = parts.stream().flatMapToDouble(p -> Arrays.stream(p.toDoubleArray())).toArray();
        return Nd.dense(parts.getFirst().dtype(), shape, all);
    }

    /// Every combination of special values: as scalars, as one array, and against the reference where it is defined.
    void specialPoints() {
        double[] points = row.specials();
        if (points.length == 0) {
            return;
        }
        for (O op : row.instances().stream().map(Instance::op).distinct().toList()) {
            for (DType dtype : row.instances().stream().filter(i -> i.op().equals(op)).map(i -> i.operands().getFirst().dtype()).distinct().toList()) {
                special(op, dtype, points);
            }
        }
    }

    private void special(O op, DType dtype, double[] points) {
        int arity = ((Elementwise) op).arity();
        int n = (int) Math.pow(points.length, arity);
        double[][] x = new double[arity][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0, rest = i; k < arity; k++, rest /= points.length) {
                x[k][i] = points[rest % points.length];
            }
        }
        List<Dense> in = Arrays.stream(x).map(v -> Nd.dense(dtype, Shape.of(n), v)).toList();
        Dense whole = op.eval(in);
        assertSameBits(op + " at special points of " + dtype, run(graph(op, in), in), whole);
        Executable scalar = null;
        for (int i = 0; i < n; i++) {
            int at = i;
            List<Dense> one = Arrays.stream(x).map(v -> Nd.dense(dtype, Shape.SCALAR, new double[] {v[at]})).toList();
            scalar = scalar == null ? Executable.compile(graph(op, one)) : scalar;
            Dense got = scalar.call(one).getFirst().known();
            assertSameBits(op + " at " + one + " of " + dtype, got, op.eval(one));
            assertThat(got.dtype().isFloating() ? (Object) got.doubleAt(0) : (Object) got.longAt(0))
                    .isEqualTo(whole.dtype().isFloating() ? (Object) whole.doubleAt(i) : (Object) whole.longAt(i));
        }
        if (row.hasSpecialReference() && dtype == DType.FLOAT64) {
            var instance = new Instance<>(op, whole.dtype(), whole.shape(), List.of(), 0);
            compare(instance, in, whole, row.expected(op, whole.shape(), in));
        }
    }

    static String describe(Instance<?> instance) {
        return instance.op() + " on " + instance.operands().stream().map(o -> o.dtype() + "" + o.shape()).toList();
    }

    static void assertSameBits(String what, Dense got, Dense want) {
        if (!got.sameAs(want)) {
            assertThat(got.aval()).as(what).isEqualTo(want.aval());
            for (int i = 0; i < got.size(); i++) {
                assertThat(got.dtype().isFloating() ? (Object) got.doubleAt(i) : (Object) got.longAt(i))
                        .as(what + " at " + i)
                        .isEqualTo(want.dtype().isFloating() ? (Object) want.doubleAt(i) : (Object) want.longAt(i));
            }
        }
    }

    static void assertClose(String what, double[] got, double[] want, double relative) {
        assertThat(got).as(what).hasSameSizeAs(want);
        double scale = 0;
        for (double w : want) {
            scale = Math.max(scale, Double.isFinite(w) ? Math.abs(w) : 0);
        }
        for (int i = 0; i < got.length; i++) {
            int at = i;
            boolean same = got[i] == want[i] || (Double.isNaN(got[i]) && Double.isNaN(want[i]));
            assertThat(same || Math.abs(got[i] - want[i]) <= relative * scale)
                    .as(() -> what + " at " + at + ": got " + got[at] + ", want " + want[at] + "")
                    .isTrue();
        }
    }
}
