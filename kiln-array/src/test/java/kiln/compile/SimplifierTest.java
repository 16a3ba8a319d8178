package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Graph;
import kiln.graph.Node;
import kiln.graph.Tracer;
import kiln.op.Op;
import org.junit.jupiter.api.Test;

/// Each rule of the simplifier: what it leaves of a small graph, and that it does not change what the graph means.
class SimplifierTest {
    private static final Aval SCALAR = new Aval(DType.FLOAT64, Shape.SCALAR);
    private static final Aval VECTOR = new Aval(DType.FLOAT64, Shape.of(600));
    private static final NDArray DATA = Np.linspace(-2, 3, 600);

    private static Graph trace(List<Aval> types, Function<List<NDArray>, NDArray> f) {
        return Tracer.trace("test", types, x -> List.of(f.apply(x))).graph();
    }

    /// The simplified graph of a function of a vector `x` and two scalars `a`, `b`.
    private static Graph simplified(Function<List<NDArray>, NDArray> f) {
        Graph simple = Simplifier.simplify(trace(List.of(VECTOR, SCALAR, SCALAR), f), Options.EXACT);
        simple.verify();
        return simple;
    }

    private static List<String> operations(Graph graph) {
        return graph.nodes().stream()
                .filter(Node.Apply.class::isInstance)
                .map(n -> ((Node.Apply) n).op().label())
                .toList();
    }

    private static long elements(Graph graph, Class<? extends Op> op) {
        return graph.nodes().stream()
                .filter(n -> n instanceof Node.Apply a && op.isInstance(a.op()))
                .mapToLong(n -> n.aval().shape().size())
                .sum();
    }

    @Test
    void whatDependsOnConstantsOnlyIsComputed() {
        Graph graph = simplified(v -> v.getFirst().times(Np.exp(DATA).sum()).plus(Np.log(NDArray.as(2.0))));
        assertThat(operations(graph)).containsExactly("broadcastto", "mul", "broadcastto", "add");
    }

    @Test
    void constantsRepeatedAlongAxesAreComputedOnce() {
        Graph graph = simplified(v -> v.getFirst().times(Np.exp(Np.broadcastTo(Np.scalar(2.0), Shape.of(600)))));
        assertThat(operations(graph)).doesNotContain("exp");
    }

    @Test
    void equalExpressionsAreOneNode() {
        Graph graph = simplified(v -> Np.sin(v.getFirst()).plus(Np.exp(Np.sin(v.getFirst()))).plus(Np.sin(v.getFirst())));
        assertThat(operations(graph)).containsExactly("sin", "exp", "add", "add");
        Graph commuted = simplified(v -> Np.sin(v.get(1).times(v.get(2))).plus(Np.cos(v.get(2).times(v.get(1)))));
        assertThat(operations(commuted).stream().filter("mul"::equals)).hasSize(1);
    }

    @Test
    void differentConstantsStayDifferent() {
        Graph graph = simplified(v -> v.get(1).div(0.0).plus(v.get(1).div(-0.0)));
        assertThat(operations(graph)).containsExactly("div", "div", "add");
    }

    /// `log(sigma)` of a scalar is computed once, not once per observation.
    @Test
    void broadcastsSink() {
        Graph graph = simplified(v -> {
            NDArray sigma = Np.broadcastTo(v.get(1), Shape.of(600));
            return DATA.minus(v.getFirst()).div(sigma).minus(Np.log(sigma)).minus(Np.lgamma(sigma.plus(0.5)));
        });
        assertThat(elements(graph, kiln.op.Log.class)).isEqualTo(1);
        assertThat(elements(graph, kiln.op.Lgamma.class)).isEqualTo(1);
        assertThat(elements(graph, kiln.op.Sub.class)).isEqualTo(3 * 600);
        var level = Plan.of(graph).levels().getFirst();
        assertThat(level.scalars).hasSize(3);
        assertThat(level.loops.get(600)).hasSize(1);
    }

    @Test
    void broadcastsSinkFromRowsToo() {
        Graph graph = Simplifier.simplify(trace(List.of(new Aval(DType.FLOAT64, Shape.of(7))), v -> Np.exp(Np.broadcastTo(v.getFirst(), Shape.of(50, 7)))), Options.EXACT);
        assertThat(elements(graph, kiln.op.Exp.class)).isEqualTo(7);
    }

    @Test
    void signsMeetAndLeave() {
        assertThat(operations(simplified(v -> v.getFirst().unaryMinus().unaryMinus()))).isEmpty();
        assertThat(operations(simplified(v -> v.get(1).plus(v.get(2).unaryMinus())))).containsExactly("sub");
        assertThat(operations(simplified(v -> v.get(1).unaryMinus().plus(v.get(2))))).containsExactly("sub");
        assertThat(operations(simplified(v -> v.get(1).minus(v.get(2).unaryMinus())))).containsExactly("add");
        assertThat(operations(simplified(v -> v.get(1).unaryMinus().times(v.get(2).unaryMinus())))).containsExactly("mul");
        assertThat(operations(simplified(v -> v.get(1).unaryMinus().times(v.get(2))))).containsExactly("mul", "neg");
        assertThat(operations(simplified(v -> v.get(1).times(-1)))).containsExactly("neg");
        assertThat(operations(simplified(v -> v.get(1).unaryMinus().times(3)))).containsExactly("mul");
    }

    @Test
    void neutralElementsDisappear() {
        assertThat(operations(simplified(v -> v.getFirst().times(1).div(1).minus(0)))).isEmpty();
        assertThat(operations(simplified(v -> v.getFirst().stopGradient()))).isEmpty();
        assertThat(operations(simplified(v -> v.get(1).times(v.get(1))))).containsExactly("square");
        assertThat(operations(simplified(v -> v.get(1).times(2).times(4)))).containsExactly("mul");
    }

    @Test
    void factorsLeaveSums() {
        Graph product = simplified(v -> v.getFirst().times(v.get(1)).sum());
        assertThat(elements(product, kiln.op.Mul.class)).isEqualTo(1);
        Graph quotient = simplified(v -> v.getFirst().div(v.get(1)).sum());
        assertThat(elements(quotient, kiln.op.Div.class)).isEqualTo(1);
        assertThat(operations(simplified(v -> v.getFirst().unaryMinus().sum()))).containsExactly("sum", "neg");
        Graph equal = simplified(v -> Np.broadcastTo(v.get(1), Shape.of(600)).sum());
        assertThat(operations(equal)).containsExactly("mul");
    }

    /// Of a density only: `jit` keeps the zero of a position without summands, where an infinite factor would make a NaN.
    @Test
    void factorsLeaveSumsAtFewerPositions() {
        NDArray positions = NDArray.of(IntStream.range(0, 600).mapToLong(i -> i % 7).toArray());
        Graph traced = trace(List.of(VECTOR, SCALAR, SCALAR), v -> Np.segmentSum(v.getFirst().div(v.get(1)), positions, 8));
        assertThat(elements(Simplifier.simplify(traced, Options.DENSITY), kiln.op.Div.class)).isEqualTo(1);
        assertThat(elements(Simplifier.simplify(traced, Options.EXACT), kiln.op.Div.class)).isEqualTo(600);
        Graph longer = trace(List.of(VECTOR, SCALAR, SCALAR), v -> Np.segmentSum(v.getFirst().div(v.get(1)), positions, 600));
        assertThat(elements(Simplifier.simplify(longer, Options.DENSITY), kiln.op.Div.class)).isEqualTo(600);

        double[] expected = new double[8];
        for (int i = 0; i < 600; i++) {
            expected[i % 7] += DATA.toDoubleArray()[i] / 3;
        }
        List<Dense> arguments = List.of(DATA.known(), Np.scalar(3.0).known(), Np.scalar(1.0).known());
        double[] got = Executable.compile(traced, Options.DENSITY).call(arguments).getFirst().toDoubleArray();
        assertThat(got).containsExactly(expected, within(1e-12));
        assertThat(Executable.compile(traced).call(List.of(DATA.known(), Np.scalar(0.0).known(), Np.scalar(1.0).known())).getFirst().toDoubleArray()[7])
                .isZero();
    }

    @Test
    void shapesMerge() {
        assertThat(operations(simplified(v -> v.getFirst().reshape(20, 30).reshape(600)))).isEmpty();
        assertThat(operations(simplified(v -> v.getFirst().reshape(20, 30).transpose().transpose().reshape(-1)))).isEmpty();
        assertThat(operations(simplified(v -> v.getFirst().reshape(600, 1).transpose()))).containsExactly("reshape");
    }

    /// `0 · x`, `x − x` and `x / x` would hide a NaN or an infinity, `x + 0` and `0 − x` change the sign of a zero: they stay.
    @Test
    void nothingHidesWhatItShouldShow() {
        assertThat(operations(simplified(v -> v.get(1).times(0)))).containsExactly("mul");
        assertThat(operations(simplified(v -> v.get(1).minus(v.get(1))))).containsExactly("sub");
        assertThat(operations(simplified(v -> v.get(1).div(v.get(1))))).containsExactly("div");
        assertThat(operations(simplified(v -> v.get(1).plus(0)))).containsExactly("add");
        assertThat(operations(simplified(v -> Np.subtract(0, v.get(1))))).containsExactly("sub");
        assertThat(operations(simplified(v -> v.get(1).times(1e200).times(1e200)))).containsExactly("mul", "mul");
    }

    @Test
    void specialValuesComeThrough() {
        Graph graph = Tracer.trace("test", List.of(SCALAR), v -> {
                    NDArray x = v.getFirst();
                    return List.of(
                            x.times(0), x.minus(x), x.div(x), x.plus(0), Np.subtract(0, x), x.times(1e200).times(1e-200), x.minus(0), x.minus(-0.0),
                            x.unaryMinus().plus(1), x.reshape(1).sum());
                })
                .graph();
        Executable executable = Executable.compile(graph);
        for (double x : new double[] {0.0, -0.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-300}) {
            List<Dense> in = List.of(Np.scalar(x).known());
            CompilerFuzzTest.assertSameBits("at " + x, CompilerFuzzTest.compiled(executable, in), CompilerFuzzTest.interpreted(graph, in));
        }
    }

    @Test
    void sumsOfNothingAreZeroWhateverTheFactor() {
        Graph graph = trace(List.of(new Aval(DType.FLOAT64, Shape.of(0)), SCALAR), v -> v.getFirst().times(v.get(1)).sum().plus(Np.broadcastTo(v.get(1), Shape.of(0)).sum()));
        List<Dense> in = List.of(Np.zeros(0).known(), Np.scalar(Double.NaN).known());
        assertThat(Executable.compile(graph).call(in).getFirst().item()).isZero();
    }

    /// Conversions of long to float32 round once, not through double.
    @Test
    void conversionsRoundOnce() {
        NDArray x = NDArray.of((1L << 60) + (1L << 36) + 1, -(1L << 61) - (1L << 37) - 1, Long.MAX_VALUE);
        Graph graph = trace(List.of(x.aval()), v -> v.getFirst().astype(DType.FLOAT32));
        Dense got = Executable.compile(graph).call(List.of(x.known())).getFirst().known();
        assertThat(got.sameAs(x.astype(DType.FLOAT32).known())).isTrue();
        assertThat(got.toDoubleArray()[0]).isEqualTo(0x1.000002p60);
    }
}
