package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Evaluations that several threads share give the bits of one thread, and those that [kiln.math.Sums] defines.
class TeamTest {
    private static final int ROUNDS = 15;

    /// Sums, a matrix product each way, sums of 40 groups, sums of more groups than pay for blocks, and results of `n` elements.
    private static Graph everything(int n) {
        PRNGKey[] keys = PRNGKey.key(5).split(4);
        NDArray design = keys[0].normal(n, 6);
        NDArray few = keys[1].randint(Shape.of(n), 0, 40);
        NDArray many = keys[2].randint(Shape.of(n), 0, n / 3);
        NDArray y = keys[3].normal(n);
        Graph value = Tracer.trace("test", List.of(vector(6), vector(40), vector(n / 3)), v -> {
                    NDArray eta = design.matmul(v.get(0)).plus(v.get(1).get(few)).plus(Np.tanh(v.get(2)).get(many).times(0.1));
                    return List.of(Np.softplus(eta).minus(eta.times(y)).sum().plus(Np.cos(eta.astype(DType.FLOAT32)).sum().astype(DType.FLOAT64)));
                })
                .graph();
        return Derivatives.valueAndGrad(value);
    }

    private static Aval vector(int n) {
        return new Aval(DType.FLOAT64, Shape.of(n));
    }

    private static double[] run(Executable.Worker worker, double[] x) {
        double[] gradient = new double[x.length];
        double[] value = new double[1];
        worker.run(x, gradient, value);
        double[] all = Arrays.copyOf(gradient, x.length + 1);
        all[x.length] = value[0];
        return all;
    }

    private static Executable compiled(Graph graph) {
        List<Slot> in = new ArrayList<>();
        List<Slot> out = new ArrayList<>(List.of(new Slot(2, 0)));
        int at = 0;
        for (var p : graph.parameters()) {
            in.add(new Slot(0, at));
            out.add(new Slot(1, at));
            at += p.aval().shape().size();
        }
        return Executable.compile(graph, in, out, Options.DENSITY);
    }

    @ParameterizedTest
    @ValueSource(ints = {48_000, 48_001, 100_000, 200_003})
    void anyNumberOfThreadsGivesTheSameBits(int n) {
        Executable executable = compiled(everything(n));
        assertThat(executable.explain()).contains("blocks");
        double[] x = PRNGKey.key(9).normal(46 + n / 3).times(0.3).toDoubleArray();
        double[] want = run(executable.worker(), x);
        assertThat(want).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
        for (int threads : new int[] {2, 3, 4, 9}) {
            Executable.Worker worker = executable.worker(threads);
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(run(worker, x)).as(threads + " threads").isEqualTo(want);
            }
        }
    }

    /// Results of loops in blocks lie where the interpreter has them, to the last bit: choices, joined and taken elements, truth values.
    @Test
    void elementsLieWhereTheyBelong() {
        int n = 60_000;
        NDArray back = Np.arange(n).times(-1).plus(n - 1);
        Graph graph = Tracer.trace("test", List.of(vector(n)), v -> {
                    NDArray x = v.getFirst();
                    NDArray positive = x.gt(0);
                    return List.of(
                            Np.where(positive, x.times(3), Np.exp(x)),
                            Np.concatenate(List.of(x.plus(1), Np.square(x)), 0),
                            Np.tanh(x).get(back),
                            positive.astype(DType.INT32).times(2).astype(DType.FLOAT32).astype(DType.FLOAT64).plus(x));
                })
                .graph();
        double[] x = PRNGKey.key(3).normal(n).toDoubleArray();
        double[] want = graph.call(List.of(NDArray.of(x))).stream().flatMapToDouble(y -> Arrays.stream(y.toDoubleArray())).toArray();
        List<Slot> out = List.of(new Slot(1, 0), new Slot(1, n), new Slot(1, 3 * n), new Slot(1, 4 * n));
        Executable executable = Executable.compile(graph, List.of(new Slot(0, 0)), out, Options.EXACT);
        for (int threads = 1; threads < 4; threads++) {
            double[] got = new double[5 * n];
            executable.worker(threads).run(x, got, got);
            assertThat(got).as(threads + " threads").isEqualTo(want);
        }
    }

    /// Threads that evaluate at the same time share the helpers of the process.
    @Test
    void teamsShareTheHelpers() throws InterruptedException, ExecutionException {
        Executable executable = compiled(everything(60_000));
        double[][] x = IntStream.range(0, 8).mapToObj(k -> PRNGKey.key(k).normal(20_046).toDoubleArray()).toArray(double[][]::new);
        double[][] want = Arrays.stream(x).map(v -> run(executable.worker(), v)).toArray(double[][]::new);
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> work = IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(k -> () -> {
                        Executable.Worker worker = executable.worker(3);
                        return IntStream.range(0, ROUNDS).allMatch(_ -> Arrays.equals(run(worker, x[k]), want[k]));
                    })
                    .toList();
            for (Future<Boolean> f : pool.invokeAll(work)) {
                assertThat(f.get()).isTrue();
            }
        }
    }

    /// Code whose blocks count themselves, or fail.
    private static final class Counting implements Code {
        final AtomicIntegerArray counts = new AtomicIntegerArray(32);
        private final int failing;

        Counting(int failing) {
            this.failing = failing;
        }

        @Override
        public void run(Object[] memory) {
            throw new IllegalStateException();
        }

        @Override
        public void block(int stage, int block, Object[] memory) {
            counts.incrementAndGet(block);
            if (block == failing) {
                throw new ArithmeticException("block " + block);
            }
        }
    }

    @Test
    void everyBlockIsDoneOnceAndAnInterruptIsLeftToTheCaller() {
        Team team = new Team(new Object[3][0], 0);
        for (int round = 0; round < 5000; round++) {
            var code = new Counting(-1);
            int blocks = 1 + round % 32;
            if (round % 100 == 0) {
                Thread.currentThread().interrupt();
            }
            team.run(code, 0, new Object[0], blocks);
            assertThat(Thread.interrupted()).isEqualTo(round % 100 == 0);
            for (int b = 0; b < 32; b++) {
                assertThat(code.counts.get(b)).isEqualTo(b < blocks ? 1 : 0);
            }
        }
    }

    /// Whichever thread meets it: the exception reaches the caller, and the team works on.
    @Test
    void whatABlockThrowsReachesTheCaller() {
        Team team = new Team(new Object[3][0], 0);
        for (int round = 0; round < 500; round++) {
            int failing = round % 16;
            assertThatThrownBy(() -> team.run(new Counting(failing), 0, new Object[0], 16))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("block " + failing);
            var code = new Counting(-1);
            team.run(code, 0, new Object[0], 16);
            for (int b = 0; b < 16; b++) {
                assertThat(code.counts.get(b)).isEqualTo(1);
            }
        }
    }

    /// Blocks are not a matter of the compiler alone: an interpreted sum of groups adds in the same order, here restated literally.
    @Test
    void groupSumsAreDefinedInBlocks() {
        int n = 100_000;
        double[] x = PRNGKey.key(1).normal(n).toDoubleArray();
        long[] group = PRNGKey.key(2).randint(Shape.of(n), 0, 50).toLongArray();
        Map<Integer, double[]> blocks = new HashMap<>();
        for (int i = 0; i < n; i++) {
            blocks.computeIfAbsent(i / 25_440, _ -> new double[50])[(int) group[i]] += x[i];
        }
        double[] want = new double[50];
        for (int b = 0; b < 4; b++) {
            for (int g = 0; g < 50; g++) {
                want[g] += Objects.requireNonNull(blocks.get(b))[g];
            }
        }
        NDArray positions = NDArray.of(group);
        Graph gradient = Derivatives.vjp(
                Tracer.trace("test", List.of(vector(50)), v -> List.of(v.getFirst().get(positions))).graph(), List.of(0));
        List<NDArray> arguments = List.of(Np.zeros(50), NDArray.of(x));
        assertThat(gradient.call(arguments).getLast().toDoubleArray()).isEqualTo(want);
        List<NDArray> compiled = Executable.compile(gradient).call(arguments.stream().map(NDArray::known).toList());
        assertThat(compiled.getLast().toDoubleArray()).isEqualTo(want);
    }
}
