package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;

/// The same model on new data of the same shape defines no new class.
class CodeCacheTest {
    private static Code compiled(Graph graph) {
        int n = graph.parameters().size();
        List<Slot> in = IntStream.range(0, n).mapToObj(i -> new Slot(i, 0)).toList();
        List<Slot> out = IntStream.range(0, graph.outputs().size()).mapToObj(k -> new Slot(n + k, 0)).toList();
        return CodeCache.define(CodeGenerator.generate(new Layout(Plan.of(Simplifier.simplify(graph, Options.EXACT)), in, out, Entry.MEMORY, Options.EXACT), out));
    }

    /// Value and gradient of a regression with many columns, whose code has many sources to copy and many totals.
    private static Graph regression(long seed, int n) {
        var random = new Random(seed);
        var scalar = new Aval(DType.FLOAT64, Shape.SCALAR);
        Graph density = Tracer.trace("test", List.of(scalar, scalar, scalar, new Aval(DType.FLOAT64, Shape.of(n))), v -> {
                    NDArray mean = v.getFirst();
                    for (int k = 0; k < 8; k++) {
                        mean = mean.plus(v.get(1 + k % 2).times(NDArray.of(random.doubles(n).toArray())).plus(Np.tanh(v.get(3).times(k + 1))));
                    }
                    NDArray y = NDArray.of(random.doubles(n).toArray());
                    return List.of(Np.softplus(Np.square(y.minus(mean)).div(Np.exp(v.get(2)))).sum());
                })
                .graph();
        return Derivatives.vjp(density, List.of(0, 1, 2, 3));
    }

    @Test
    void newDataOfTheSameShapeIsTheSameClass() {
        for (int n : new int[] {20, 1500}) {
            Code first = compiled(regression(1, n));
            for (int seed = 2; seed < 12; seed++) {
                assertThat(compiled(regression(seed, n)).getClass()).isSameAs(first.getClass());
            }
        }
        assertThat(compiled(regression(1, 20)).getClass()).isNotSameAs(compiled(regression(1, 21)).getClass());
    }

    /// One class serves executables with other data; each keeps its own numbers.
    @Test
    void sharedClassesKeepTheirOwnData() {
        var vector = new Aval(DType.FLOAT64, Shape.of(600));
        NDArray x = Np.linspace(0, 1, 600);
        List<Executable> all = IntStream.range(0, 5)
                .mapToObj(k -> {
                    NDArray data = Np.linspace(k, k + 1, 600);
                    return Executable.compile(Tracer.trace("test", List.of(vector), v -> List.of(v.getFirst().times(data).sum(), Np.cumsum(data.plus(v.getFirst()), 0))).graph());
                })
                .toList();
        for (int k = 0; k < all.size(); k++) {
            NDArray data = Np.linspace(k, k + 1, 600);
            List<NDArray> got = all.get(k).call(List.of(x.known()));
            assertThat(got.get(0).known().sameAs(x.times(data).sum().known())).isTrue();
            assertThat(got.get(1).known().sameAs(Np.cumsum(data.plus(x), 0).known())).isTrue();
        }
    }
}
