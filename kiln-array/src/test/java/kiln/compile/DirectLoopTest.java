package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Loops of plain arithmetic read and store arrays where they lie, with the interpreter's bits; those that cannot go through tiles.
class DirectLoopTest {
    private static final String DIRECT = "elements, in place";

    /// Arithmetic on several types, with a scalar, a constant and two results, of which one is read again.
    private static List<NDArray> arithmetic(NDArray x, NDArray y, NDArray data, NDArray counts) {
        NDArray first = x.minus(0.3).div(y.get(0)).times(data);
        NDArray second = Np.where(first.gt(x), first.times(counts), x.plus(1).astype(DType.FLOAT32).astype(DType.FLOAT64));
        return List.of(first, second, first.lt(second), counts.times(3).plus(1));
    }

    private static Graph graph(int n, NDArray data, NDArray counts) {
        List<Aval> types = List.of(new Aval(DType.FLOAT64, Shape.of(n)), new Aval(DType.FLOAT64, Shape.of(2)));
        return Tracer.trace("test", types, v -> arithmetic(v.get(0), v.get(1), data, counts)).graph();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 480, 481, 1000, 47_999, 48_001, 100_003})
    void resultsAreTheInterpretersBits(int n) {
        PRNGKey[] keys = PRNGKey.key(3).split(3);
        NDArray data = keys[0].normal(n);
        NDArray counts = keys[1].randint(Shape.of(n), -5, 5);
        Executable executable = Executable.compile(graph(n, data, counts));
        assertThat(executable.explain()).contains(DIRECT);
        NDArray x = keys[2].normal(n);
        NDArray y = Np.array(0.7, 2);
        List<NDArray> out = executable.call(List.of(x.known(), y.known()));
        List<NDArray> want = arithmetic(x, y, data, counts);
        for (int k = 0; k < want.size(); k++) {
            assertThat(out.get(k).known().sameAs(want.get(k).known())).as("result %d", k).isTrue();
        }
    }

    private static Executable inside(int n, int from, int to, Function<NDArray, NDArray> f) {
        Graph graph = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.of(n))), v -> List.of(f.apply(v.getFirst()))).graph();
        return Executable.compile(graph, List.of(new Slot(0, from)), List.of(new Slot(1, to)), Options.EXACT);
    }

    /// Parts of the caller's arrays: nothing beside them is touched, whether they begin at the same place or not.
    @ParameterizedTest
    @ValueSource(ints = {17, 1000, 50_000})
    void partsOfArrays(int n) {
        Function<NDArray, NDArray> f = x -> x.times(x).minus(3);
        double[] in = PRNGKey.key(1).normal(n + 9).toDoubleArray();
        for (int to : new int[] {4, 0, 9}) {
            Executable executable = inside(n, 4, to, f);
            assertThat(executable.explain().contains(DIRECT)).as(executable.explain()).isEqualTo(to == 4);
            double[] out = new double[n + 20];
            Arrays.fill(out, -7);
            double[] want = out.clone();
            executable.worker().run(in, out, new double[0]);
            Dense x = NDArray.wrap(Shape.of(n), Arrays.copyOfRange(in, 4, 4 + n)).known();
            System.arraycopy(f.apply(x).toDoubleArray(), 0, want, to, n);
            assertThat(out).as("to %d", to).isEqualTo(want);
        }
    }

    /// Sums, library functions and long bodies keep their tiles.
    @Test
    void otherLoopsHaveTiles() {
        int n = 1000;
        List<Function<NDArray, NDArray>> functions = List.of(
                Np::exp, x -> x.times(2).sum(), x -> Np.pow(x, 1.7), DirectLoopTest::long30, x -> x.times(2).plus(1));
        List<Boolean> direct = List.of(false, false, false, false, true);
        for (int k = 0; k < functions.size(); k++) {
            assertThat(inside(n, 0, 0, functions.get(k)).explain().contains(DIRECT)).as("function %d", k).isEqualTo(direct.get(k));
        }
    }

    private static NDArray long30(NDArray x) {
        NDArray y = x;
        for (int i = 0; i < 15; i++) {
            y = y.times(x).plus(i + 0.5);
        }
        return y;
    }
}
