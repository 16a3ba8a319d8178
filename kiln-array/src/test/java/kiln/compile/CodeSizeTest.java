package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HotSpot never compiles a method of more than 8,000 bytes, so no generated method comes near.
class CodeSizeTest {
    private static final int MOST = 7500;

    private static int largestMethod(Graph graph) {
        int n = graph.parameters().size();
        List<Slot> in = IntStream.range(0, n).mapToObj(i -> new Slot(i, 0)).toList();
        List<Slot> out = IntStream.range(0, graph.outputs().size()).mapToObj(k -> new Slot(n + k, 0)).toList();
        byte[] bytes = CodeGenerator.generate(new Layout(Plan.of(Simplifier.simplify(graph, Options.EXACT)), in, out, Entry.MEMORY, Options.EXACT), out);
        int largest = 0;
        for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
            largest = Math.max(largest, method.code().map(c -> ((CodeAttribute) c).codeLength()).orElse(0));
        }
        return largest;
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 500, 2000})
    void randomGraphs(int size) {
        for (int seed = 0; seed < 3; seed++) {
            assertThat(largestMethod(RandomGraphs.draw(seed, size, 3, seed % 2 == 0).graph())).isLessThanOrEqualTo(MOST);
        }
    }

    /// One loop over a thousand elements in which a chain of hundreds of operations runs, with functions between.
    @ParameterizedTest
    @ValueSource(ints = {7, 480, 1000})
    void longChainsInOneLoop(int n) {
        var types = List.of(new Aval(DType.FLOAT64, Shape.of(n)), new Aval(DType.FLOAT64, Shape.SCALAR));
        Graph graph = Tracer.trace("test", types, x -> {
                    NDArray y = x.getFirst();
                    List<NDArray> out = new ArrayList<>();
                    for (int i = 0; i < 400; i++) {
                        y = y.times(y).plus(x.get(1)).minus(0.25 + i * 1e-3).times(0.5);
                        y = i % 4 == 0 ? Np.tanh(y) : i % 3 == 0 ? Np.where(y.gt(x.get(1)), y, x.get(0)) : y;
                        if (i % 50 == 0) {
                            out.add(y);
                            out.add(Np.tanh(y).sum()); // no factor can leave this sum, so its bits are the interpreter's
                        }
                    }
                    out.add(y);
                    return out;
                })
                .graph();
        assertThat(largestMethod(graph)).isLessThanOrEqualTo(MOST);
        List<Dense> arguments = List.of(Np.linspace(-1, 1, n).known(), Np.scalar(0.3).known());
        List<Dense> want = CompilerFuzzTest.interpreted(graph, arguments);
        CompilerFuzzTest.assertSameBits("chain of " + n, CompilerFuzzTest.compiled(Executable.compile(graph), arguments), want);
    }

    @Test
    void thousandsOfScalars() {
        Graph graph = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.SCALAR)), x -> {
                    NDArray y = x.getFirst();
                    NDArray total = y;
                    for (int i = 0; i < 3000; i++) {
                        y = i % 5 == 0 ? Np.where(y.gt(0.1 * i), y.minus(1), Np.sin(y)) : y.times(0.9).plus(x.getFirst());
                        total = total.plus(y);
                    }
                    return List.of(total, y);
                })
                .graph();
        assertThat(largestMethod(graph)).isLessThanOrEqualTo(MOST);
        List<Dense> arguments = List.of(Np.scalar(0.7).known());
        List<Dense> want = CompilerFuzzTest.interpreted(graph, arguments);
        CompilerFuzzTest.assertSameBits("scalars", CompilerFuzzTest.compiled(Executable.compile(graph), arguments), want);
    }
}
