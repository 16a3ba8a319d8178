package kiln.op;

import static kiln.op.OpChecks.assertClose;
import static kiln.op.OpChecks.describe;
import static kiln.op.OpChecks.graph;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.compile.Executable;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.op.OpCase.Instance;

/// Holds the derivative rules of a row to central differences, to each other, and to their compiled form.
final class OpDerivativeChecks<O extends Op> {
    private static final double DIFFERENCES = 2e-8;

    private final OpCase<O> row;
    private final Random random = new Random(5);

    OpDerivativeChecks(OpCase<O> row) {
        this.row = row;
    }

    private List<Instance<O>> instances(int times) {
        return row.instances().stream()
                        .filter(i -> row.differentiable(i, times))
                        .filter(i -> i.result().size() <= 100 && i.dtype().isFloating() && i.operands().getLast().shape().size() <= 600)
                        .filter(i -> i.operands().stream().noneMatch(o -> o.dtype() == DType.FLOAT32))
                        .toList();
    }

    private static List<Integer> floating(List<Dense> in) {
        return IntStream.range(0, in.size()).filter(i -> in.get(i).dtype().isFloating()).boxed().toList();
    }

    /// A random direction for every floating operand; symmetric if the row says so.
    private List<Dense> directions(List<Dense> in) {
        return floating(in).stream().map(i -> direction(in.get(i).shape())).toList();
    }

    private Dense direction(Shape shape) {
        double[] v = random.doubles(shape.size(), -1, 1).toArray();
        return Nd.dense(DType.FLOAT64, shape, row.isSymmetric() ? symmetrised(v, shape.dim(-1)) : v);
    }

    private static double[] symmetrised(double[] v, int n) {
        double[] out = v.clone();
        for (int flat = 0; flat < v.length; flat++) {
            int i = flat / n % n;
            int j = flat % n;
            out[flat] = (v[flat] + v[flat - i * n - j + j * n + i]) / 2;
        }
        return out;
    }

    private static List<Dense> moved(List<Dense> in, List<Dense> along, double t) {
        List<Dense> out = new ArrayList<>(in);
        List<Integer> wrt = floating(in);
        for (int k = 0; k < wrt.size(); k++) {
            Dense x = in.get(wrt.get(k));
            double[] v = x.toDoubleArray();
            for (int i = 0; i < v.length; i++) {
                v[i] += t * along.get(k).doubleAt(i);
            }
            out.set(wrt.get(k), Nd.dense(DType.FLOAT64, x.shape(), v));
        }
        return out;
    }

    /// The derivative at 0 by central differences of fourth order.
    private static double[] difference(DoubleFunction<double[]> f) {
        double h = 1e-3;
        double[] a = f.apply(h);
        double[] b = f.apply(-h);
        double[] c = f.apply(2 * h);
        double[] d = f.apply(-2 * h);
        double[] out = new double[a.length];
        Arrays.setAll(out, i -> (8 * (a[i] - b[i]) - (c[i] - d[i])) / (12 * h));
        return out;
    }

    private static List<NDArray> all(List<Dense> first, List<Dense> second) {
        List<NDArray> out = new ArrayList<>(first);
        out.addAll(second);
        return out;
    }

    private static List<Dense> known(List<NDArray> list) {
        return list.stream().map(NDArray::known).toList();
    }

    void forward() {
        for (Instance<O> instance : instances(1)) {
            List<Dense> in = instance.draw(random);
            List<Dense> dx = directions(in);
            Graph jvp = Derivatives.jvp(graph(instance.op(), in), floating(in));
            jvp.verify();
            List<Dense> out = known(jvp.call(all(in, dx)));
            double[] differences = difference(t -> instance.op().eval(moved(in, dx, t)).toDoubleArray());
            assertClose("jvp of " + describe(instance), out.get(1).toDoubleArray(), differences, DIFFERENCES);
            assertCompiled("compiled jvp of " + describe(instance), jvp, known(all(in, dx)), out);
        }
    }

    /// Derivatives of `float32` are `float32`, and those of `float64` rounded.
    void singlePrecision() {
        for (Instance<O> instance : row.instances()) {
            boolean single = instance.operands().stream().anyMatch(o -> o.dtype() == DType.FLOAT32)
                    && instance.dtype() == DType.FLOAT32
                    && instance.result().size() <= 100;
            if (!single || !row.differentiable(instance, 1)) {
                continue;
            }
            List<Dense> in = instance.draw(random);
            List<Dense> wide = in.stream()
                    .map(x -> x.dtype() == DType.FLOAT32 ? Nd.dense(DType.FLOAT64, x.shape(), x.toDoubleArray()) : x)
                    .toList();
            Dense ct = Nd.dense(DType.FLOAT32, instance.result(), anyDirection(instance.result()).toDoubleArray());
            Graph vjp = Derivatives.vjp(graph(instance.op(), in), floating(in));
            vjp.verify();
            List<Dense> got = known(vjp.call(all(in, List.of(ct))));
            Dense wideCt = Nd.dense(DType.FLOAT64, ct.shape(), ct.toDoubleArray());
            List<Dense> want = known(Derivatives.vjp(graph(instance.op(), wide), floating(wide)).call(all(wide, List.of(wideCt))));
            for (int k = 0; k < got.size(); k++) {
                String what = "float32 vjp of " + describe(instance);
                assertThat(got.get(k).dtype()).as(what).isEqualTo(DType.FLOAT32);
                assertClose(what, got.get(k).toDoubleArray(), want.get(k).toDoubleArray(), 2e-6);
            }
            assertCompiled("compiled float32 vjp of " + describe(instance), vjp, known(all(in, List.of(ct))), got, 1e-6);
        }
    }

    /// `⟨ct, J dx⟩ = ⟨Jᵀ ct, dx⟩`.
    void reverse() {
        for (Instance<O> instance : instances(1)) {
            List<Dense> in = instance.draw(random);
            List<Dense> dx = directions(in);
            Dense ct = anyDirection(instance.result());
            Graph forward = graph(instance.op(), in);
            Graph vjp = Derivatives.vjp(forward, floating(in));
            vjp.verify();
            Dense dy = Derivatives.jvp(forward, floating(in)).call(all(in, dx)).get(1).known();
            List<Dense> out = known(vjp.call(all(in, List.of(ct))));
            double reverse = 0;
            double scale = 0;
            for (int k = 0; k < dx.size(); k++) {
                reverse += dot(out.get(k + 1), dx.get(k));
                scale += norm(out.get(k + 1)) * norm(dx.get(k));
            }
            String what = "vjp of " + describe(instance);
            double forwards = dot(ct, dy);
            assertThat(Math.abs(reverse - forwards))
                    .as(what + ": " + reverse + " against " + forwards)
                    .isLessThanOrEqualTo(1e-12 * scale);
            assertCompiled("compiled " + what, vjp, known(all(in, List.of(ct))), out);
        }
    }

    private Dense anyDirection(Shape shape) {
        return Nd.dense(DType.FLOAT64, shape, random.doubles(shape.size(), -1, 1).toArray());
    }

    /// The reverse derivative of the reverse derivative, along a direction, against differences of the gradient.
    void second() {
        for (Instance<O> instance : instances(2)) {
            List<Dense> in = instance.draw(random);
            List<Dense> along = directions(in);
            Dense ct = anyDirection(instance.result());
            List<Dense> weights = directions(in);
            Graph vjp = Derivatives.vjp(graph(instance.op(), in), floating(in));
            Graph twice = Derivatives.vjp(vjp, floating(in));
            twice.verify();
            List<Dense> seeds = new ArrayList<>(List.of(Nd.dense(DType.FLOAT64, instance.result(), new double[instance.result().size()])));
            seeds.addAll(weights);
            List<Dense> arguments = new ArrayList<>(known(all(in, List.of(ct))));
            arguments.addAll(seeds);
            List<Dense> out = known(twice.call(List.copyOf(arguments)));
            double got = 0;
            double scale = 0;
            int first = vjp.outputs().size();
            for (int k = 0; k < along.size(); k++) {
                got += dot(out.get(first + k), along.get(k));
                scale += norm(out.get(first + k)) * norm(along.get(k));
            }
            double[] want = difference(t -> {
                List<NDArray> g = vjp.call(all(moved(in, along, t), List.of(ct)));
                double sum = 0;
                for (int k = 0; k < weights.size(); k++) {
                    sum += dot(g.get(k + 1).known(), weights.get(k));
                }
                return new double[] {sum};
            });
            assertThat(Math.abs(got - want[0]))
                    .as("second derivative of " + describe(instance) + ": " + got + " against differences " + want[0])
                    .isLessThanOrEqualTo(1e-6 * Math.max(scale, 1e-3));
            assertCompiled("compiled second derivative of " + describe(instance), twice, arguments, out);
        }
    }

    private static void assertCompiled(String what, Graph graph, List<Dense> in, List<Dense> want) {
        assertCompiled(what, graph, in, want, 1e-13);
    }

    private static void assertCompiled(String what, Graph graph, List<Dense> in, List<Dense> want, double relative) {
        List<NDArray> got = Executable.compile(graph).call(in);
        for (int k = 0; k < want.size(); k++) {
            assertClose(what, got.get(k).known().toDoubleArray(), want.get(k).toDoubleArray(), relative);
        }
    }

    private static double dot(Dense a, Dense b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += a.doubleAt(i) * b.doubleAt(i);
        }
        return sum;
    }

    private static double norm(Dense a) {
        return Math.sqrt(dot(a, a));
    }
}
