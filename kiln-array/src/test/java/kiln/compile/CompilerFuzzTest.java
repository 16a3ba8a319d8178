package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Storage;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Vectorization;
import kiln.compile.RandomGraphs.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compiled code against the interpreter on random graphs that took from a few random steps to two thousand.
class CompilerFuzzTest {
    static List<Dense> interpreted(Graph graph, List<Dense> arguments) {
        return graph.call(List.copyOf(arguments)).stream().map(NDArray::known).toList();
    }

    static List<Dense> compiled(Executable executable, List<Dense> arguments) {
        return executable.call(arguments).stream().map(NDArray::known).toList();
    }

    static void assertSameBits(String what, List<Dense> got, List<Dense> want) {
        assertThat(got).hasSameSizeAs(want);
        for (int k = 0; k < got.size(); k++) {
            if (!got.get(k).sameAs(strong(want.get(k)))) {
                assertThat(got.get(k).aval()).isEqualTo(strong(want.get(k)).aval());
                assertThat(got.get(k).toDoubleArray()).as(what + ", output " + k).containsExactly(want.get(k).toDoubleArray());
            }
        }
    }

    private static Dense strong(Dense x) {
        return Dense.of(new kiln.array.Aval(x.dtype(), x.shape()), x.storage());
    }

    static void assertClose(String what, List<Dense> got, List<Dense> want, double relative) {
        assertThat(got).hasSameSizeAs(want);
        for (int k = 0; k < got.size(); k++) {
            double[] a = got.get(k).toDoubleArray();
            double[] b = want.get(k).toDoubleArray();
            assertThat(got.get(k).shape()).as(what).isEqualTo(want.get(k).shape());
            double scale = 1e-3;
            for (double v : b) {
                scale = Math.max(scale, Math.abs(v));
            }
            for (int i = 0; i < a.length; i++) {
                assertThat(a[i]).as(what + ", output " + k + " at " + i).isCloseTo(b[i], org.assertj.core.data.Offset.offset(relative * scale));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 12, 60, 300, 2000})
    void exactGraphsGiveTheSameBits(int size) {
        for (int seed = 0; seed < Math.max(1, 600 / size); seed++) {
            Sample s = RandomGraphs.draw(seed, size, 3, true);
            Simplifier.simplify(s.graph(), Options.EXACT).verify();
            assertSameBits(
                    "seed " + seed + ", size " + size,
                    compiled(Executable.compile(s.graph()), s.arguments()),
                    interpreted(s.graph(), s.arguments()));
        }
    }

    /// More elementwise work than a method holds: an operation must not get into a loop that runs before that of its operands.
    @ParameterizedTest
    @ValueSource(ints = {3, 6, 700})
    void elementwiseWorkIsCutIntoLoops(int n) {
        for (int seed = 0; seed < 12; seed++) {
            Sample s = ElementwiseGraphs.draw(seed, 300 + 100 * (seed % 4), n);
            assertSameBits(
                    "seed " + seed + ", " + n + " elements",
                    compiled(Executable.compile(s.graph()), s.arguments()),
                    interpreted(s.graph(), s.arguments()));
            Graph forward = Derivatives.jvp(s.graph(), List.of(0, 1, 2, 3));
            List<Dense> both = new ArrayList<>(s.arguments());
            both.addAll(s.arguments());
            assertSameBits("derivative, seed " + seed, compiled(Executable.compile(forward), both), interpreted(forward, both));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 12, 60, 300, 2000})
    void regroupedGraphsAgree(int size) {
        for (int seed = 100; seed < 100 + Math.max(1, 600 / size); seed++) {
            Sample s = RandomGraphs.draw(seed, size, 3, false);
            Simplifier.simplify(s.graph(), Options.EXACT).verify();
            List<Dense> want = interpreted(s.graph(), s.arguments());
            for (Options options : List.of(Options.EXACT, Options.DENSITY)) {
                String what = options + ", seed " + seed + ", size " + size;
                assertClose(what, compiled(Executable.compile(s.graph(), options), s.arguments()), want, 1e-11);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 40, 200})
    void derivativesAndVectorisedGraphsAgree(int size) {
        for (int seed = 200; seed < 200 + Math.max(2, 200 / size); seed++) {
            Sample s = RandomGraphs.scalar(seed, size);
            Graph vjp = Derivatives.vjp(s.graph(), List.of(0, 1, 2, 3));
            vjp.verify();
            Simplifier.simplify(vjp, Options.EXACT).verify();
            List<Dense> arguments = new ArrayList<>(s.arguments());
            arguments.add(kiln.array.Np.scalar(1.0).known());
            String what = "gradient, seed " + seed + ", size " + size;
            for (Options options : List.of(Options.EXACT, Options.DENSITY)) {
                assertClose(options + ", " + what, compiled(Executable.compile(vjp, options), arguments), interpreted(vjp, arguments), 1e-9);
            }

            Graph mapped = Vectorization.vmap(vjp, new boolean[] {true, false, true, false, false}, 2);
            mapped.verify();
            List<Dense> stacked = new ArrayList<>(arguments);
            for (int k : new int[] {0, 2}) {
                NDArray x = arguments.get(k);
                stacked.set(k, kiln.array.Np.stack(List.of(x, x.times(0.5)), 0).known());
            }
            assertClose("vmapped " + what, compiled(Executable.compile(mapped), stacked), interpreted(mapped, stacked), 1e-9);
        }
    }

    /// The caller's packed arrays: arguments and results lie at offsets, as a sampler's position and gradient do.
    @ParameterizedTest
    @ValueSource(ints = {4, 30, 200})
    void packedSlots(int size) {
        for (int seed = 300; seed < 308; seed++) {
            Sample s = RandomGraphs.scalar(seed, size);
            Graph vjp = Derivatives.vjp(s.graph(), List.of(0, 1, 2, 3));
            List<Slot> in = new ArrayList<>();
            int offset = 3;
            for (Dense x : s.arguments()) {
                in.add(new Slot(0, offset));
                offset += x.size();
            }
            double[] position = new double[offset + 5];
            for (int k = 0; k < in.size(); k++) {
                System.arraycopy(s.arguments().get(k).storage(), 0, position, in.get(k).offset(), s.arguments().get(k).size());
            }
            double[] seedOfCotangent = {9, 1};
            in.add(new Slot(1, 1));
            List<Slot> out = new ArrayList<>(List.of(new Slot(2, offset + 2)));
            in.subList(0, 4).forEach(slot -> out.add(new Slot(2, slot.offset())));
            double[] gradient = new double[offset + 5];
            Executable executable = Executable.compile(vjp, in, out, Options.EXACT);
            executable.worker().run(position, seedOfCotangent, gradient);

            List<Dense> arguments = new ArrayList<>(s.arguments());
            arguments.add(kiln.array.Np.scalar(1.0).known());
            List<Dense> separate = compiled(Executable.compile(vjp), arguments);
            for (int k = 0; k < out.size(); k++) {
                double[] part = java.util.Arrays.copyOfRange(gradient, out.get(k).offset(), out.get(k).offset() + separate.get(k).size());
                assertThat(part).as("seed " + seed + ", output " + k).containsExactly(separate.get(k).toDoubleArray());
            }
            assertThat(gradient[0]).isZero();
            assertThat(gradient[offset + 4]).isZero();
        }
    }

    @Test
    void severalThreadsAndRunsGiveTheSameBits() throws InterruptedException, ExecutionException {
        Sample s = RandomGraphs.draw(7, 150, 4, false);
        Executable executable = Executable.compile(s.graph());
        List<Dense> want = compiled(executable, s.arguments());
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Dense>>> work = IntStream.range(0, 200)
                    .<Callable<List<Dense>>>mapToObj(_ -> () -> compiled(executable, s.arguments()))
                    .toList();
            for (Future<List<Dense>> f : pool.invokeAll(work)) {
                assertSameBits("a thread", f.get(), want);
            }
        }
    }

    /// Two thousand operations: the gradient of a deep graph against central differences along random directions.
    @ParameterizedTest
    @ValueSource(ints = {20, 200, 2000})
    void gradientOfRandomGraphsEqualsDifferences(int size) {
        var random = new Random(11);
        for (int seed = 400; seed < (size > 1000 ? 402 : 412); seed++) {
            Sample s = SmoothGraphs.draw(seed, size);
            assertThat(s.graph().nodes()).hasSizeGreaterThanOrEqualTo(size); // all of them needed by the result
            Executable value = Executable.compile(s.graph());
            List<Dense> arguments = new ArrayList<>(s.arguments());
            arguments.add(kiln.array.Np.scalar(1.0).known());
            List<Dense> all = compiled(Executable.compile(Derivatives.vjp(s.graph(), List.of(0, 1, 2))), arguments);
            List<double[]> direction = s.arguments().stream().map(x -> random.doubles(x.size(), -1, 1).toArray()).toList();
            double slope = 0;
            for (int k = 0; k < direction.size(); k++) {
                for (int i = 0; i < direction.get(k).length; i++) {
                    slope += direction.get(k)[i] * all.get(k + 1).doubleAt(i);
                }
            }
            double h = 1e-4;
            double differences = (8 * (at(value, s, direction, h) - at(value, s, direction, -h))
                            - (at(value, s, direction, 2 * h) - at(value, s, direction, -2 * h)))
                    / (12 * h);
            assertThat(slope).as("seed " + seed).isCloseTo(differences, org.assertj.core.data.Offset.offset(1e-7 * Math.max(1, Math.abs(slope))));
        }
    }

    private static double at(Executable value, Sample s, List<double[]> direction, double t) {
        List<Dense> moved = new ArrayList<>();
        for (int k = 0; k < direction.size(); k++) {
            Dense x = s.arguments().get(k);
            Object storage = Storage.allocate(x.dtype(), x.size());
            for (int i = 0; i < x.size(); i++) {
                Storage.setDouble(storage, i, x.doubleAt(i) + t * direction.get(k)[i]);
            }
            moved.add(Dense.of(x.aval(), storage));
        }
        return value.call(moved).getFirst().item();
    }
}
