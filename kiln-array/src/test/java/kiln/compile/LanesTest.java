package kiln.compile;

import static kiln.array.Np.cos;
import static kiln.array.Np.exp;
import static kiln.array.Np.scalar;
import static kiln.array.Np.sin;
import static kiln.array.Np.stack;
import static kiln.array.Np.tanh;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.func.Control.Steps;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs of several lanes against the program of one, bit for bit.
class LanesTest {
    private static final NDArray DATA = NDArray.of(Shape.of(50), new Random(1).doubles(50, -1, 1).toArray());

    /// Functions of two numbers with recursions: of the data, of what the lane computed, of a small state, backwards, and one after the other.
    static Map<String, UnaryOperator<List<NDArray>>> functions() {
        return Map.of(
                "data", q -> List.of(path(DATA, q.get(0), q.get(1), Steps.FORWARD).sum()),
                "own array", q -> List.of(path(exp(DATA.times(q.get(0))), q.get(1), q.get(0), Steps.FORWARD).sum()),
                "backwards", q -> List.of(path(DATA, sin(q.get(0)), q.get(1), Steps.REVERSE).times(DATA).sum()),
                "two", q -> List.of(path(path(DATA, q.get(0), q.get(1), Steps.FORWARD), q.get(1), q.get(0), Steps.REVERSE).sum()),
                "small state", q -> List.of(Control.scan((NDArray s, NDArray now) -> {
                    NDArray next = stack(List.of(s.get(1).times(q.get(0)).plus(now), tanh(s.get(0).plus(q.get(1)))), 0);
                    return new Carried<>(next, next.sum());
                }, stack(List.of(q.get(0), scalar(0.5)), 0), DATA).output().sum()));
    }

    private static NDArray path(NDArray x, NDArray rate, NDArray start, Steps steps) {
        return Control.scan((NDArray h, NDArray now) -> {
            NDArray next = tanh(rate.times(h)).plus(now).plus(cos(rate));
            return new Carried<>(next, next);
        }, start, x, steps).output();
    }

    static List<String> names() {
        return functions().keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void lanesHaveTheBitsOfOne(String name) {
        List<Aval> types = List.of(new Aval(DType.FLOAT64, Shape.SCALAR), new Aval(DType.FLOAT64, Shape.SCALAR));
        Graph value = Tracer.trace("test", types, x -> Objects.requireNonNull(functions().get(name)).apply(x)).graph();
        Graph graph = Derivatives.valueAndGrad(value);
        for (Options options : List.of(Options.EXACT, Options.DENSITY)) {
            Executable one = Executable.compile(graph, List.of(new Slot(0, 0), new Slot(0, 1)),
                    List.of(new Slot(2, 0), new Slot(1, 0), new Slot(1, 1)), options);
            for (int lanes : new int[] {2, 3, 4}) {
                Executable.Worker together = one.lanes(lanes).orElseThrow().worker();
                Random random = new Random(lanes);
                for (int trial = 0; trial < 5; trial++) {
                    double[][] position = new double[lanes][];
                    for (int k = 0; k < lanes; k++) {
                        position[k] = random.doubles(2, -1, 1).toArray();
                    }
                    double[][] gradient = new double[lanes][2];
                    double[][] result = new double[lanes][1];
                    together.run(position, gradient, result);
                    Executable.Worker alone = one.worker();
                    for (int k = 0; k < lanes; k++) {
                        double[] g = new double[2];
                        double[] v = new double[1];
                        alone.run(position[k], g, v);
                        assertThat(result[k]).as("%s, lane %d", options, k).isEqualTo(v);
                        assertThat(gradient[k]).as("%s, lane %d", options, k).isEqualTo(g);
                    }
                }
            }
        }
    }

    /// Random graphs with a recursion behind them: whatever a lane has before and after it is computed as alone.
    @Test
    void randomGraphsAroundARecursion() {
        for (int seed = 0; seed < 40; seed++) {
            RandomGraphs.Sample s = RandomGraphs.draw(seed, 40, 2, false);
            List<Aval> types = s.graph().parameters().stream().map(p -> p.aval()).toList();
            Graph graph = Tracer.trace("test", types, x -> {
                List<NDArray> out = new ArrayList<>(s.graph().call(x));
                NDArray first = out.getFirst().astype(DType.FLOAT64).sum().plus(x.getFirst().sum());
                out.add(path(DATA, tanh(first), scalar(0.1), Steps.FORWARD));
                return out;
            }).graph();
            Executable one = Executable.compile(graph, Options.DENSITY);
            int n = s.arguments().size();
            int lanes = 3;
            Optional<Executable> together = one.lanes(lanes);
            assertThat(together).isPresent();
            List<kiln.array.Dense> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < lanes; k++) {
                    all.add(s.arguments().get(i).times(1 - 0.1 * k).known());
                }
            }
            List<NDArray> got = together.get().call(all);
            for (int k = 0; k < lanes; k++) {
                int lane = k;
                List<NDArray> want = one.call(IntStream.range(0, n).mapToObj(i -> all.get(i * lanes + lane)).toList());
                for (int i = 0; i < want.size(); i++) {
                    assertThat(got.get(i * lanes + k).known().sameAs(want.get(i).known())).as("seed %d, output %d, lane %d", seed, i, k).isTrue();
                }
            }
        }
    }

    @Test
    void whatHasNoRecursionGainsNothing() {
        Graph graph = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.SCALAR)), x -> List.of(exp(x.getFirst().times(DATA)).sum())).graph();
        assertThat(Executable.compile(graph).lanes(4)).isEmpty();
    }

    /// What stands once for every lane is one method, called with the numbers of the lane's arrays: four lanes have no more methods than two.
    @ParameterizedTest
    @MethodSource("names")
    void theMethodsOfTheLanesAreShared(String name) {
        List<Aval> types = List.of(new Aval(DType.FLOAT64, Shape.SCALAR), new Aval(DType.FLOAT64, Shape.SCALAR));
        Graph graph = Derivatives.valueAndGrad(Tracer.trace("test", types, x -> Objects.requireNonNull(functions().get(name)).apply(x)).graph());
        assertThat(methods(graph, 4)).isEqualTo(methods(graph, 2));
    }

    private static int methods(Graph graph, int lanes) {
        Plan plan = Lanes.of(Simplifier.simplify(graph, Options.DENSITY), lanes, Options.DENSITY).orElseThrow();
        int in = plan.graph().parameters().size();
        List<Slot> out = IntStream.range(0, plan.graph().outputs().size()).mapToObj(k -> new Slot(in + k, 0)).toList();
        var layout = new Layout(plan, IntStream.range(0, in).mapToObj(i -> new Slot(i, 0)).toList(), out, Entry.MEMORY, Options.FINAL);
        return ClassFile.of().parse(CodeGenerator.generate(layout, out)).methods().size();
    }
}
