package kiln.op;

import static kiln.array.Index.at;
import static kiln.array.Index.slice;
import static kiln.array.Np.*;
import static kiln.op.OpChecks.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.QuantileMethod;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import kiln.graph.Vectorization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Functions of `Np` that are compositions of operations: compiled = eager, vmap = loop, gradient = differences.
class CompositionTest {
    private static Arguments f(String name, UnaryOperator<NDArray> f) {
        return Arguments.of(name, f);
    }

    /// Functions of a `[3, 4]` array of distinct elements; `w` is where an argument that is not differentiated is needed.
    static Stream<Arguments> functions() {
        NDArray w = NDArray.of(2L, 0, 2);
        return Stream.of(
                f("prod", x -> prod(x, 1)),
                f("prod of all with a zero", x -> prod(x.times(array(1, 0, 1, 1)))),
                f("cumprod", x -> cumprod(x, 0)),
                f("cummax", x -> cummax(x, 1)),
                f("cummin", x -> cummin(x, 0)),
                f("cumlogsumexp", x -> cumlogsumexp(x, 1)),
                f("logsumexp with weights", x -> logsumexp(x, array(0.5, 0, 2, 1), 1)),
                f("softmax", x -> softmax(x, 0)),
                f("logSoftmax", x -> logSoftmax(x, -1)),
                f("sort", x -> sort(x, 1)),
                f("median", x -> median(x, 0)),
                f("quantile", x -> quantile(x, array(0.1, 0.77), 1)),
                f("quantile, hazen, of all", x -> quantile(x, 0.3, QuantileMethod.HAZEN)),
                f("ptp", x -> ptp(x, 1)),
                f("average", x -> average(x, square(x), 0)),
                f("var", x -> var(x, 1, 0)),
                f("std", x -> std(x, 0)),
                f("diff", x -> diff(x, 2, 1)),
                f("trapezoid", x -> trapezoid(x, array(0, 1, 3, 4), 1)),
                f("segmentSum", x -> segmentSum(x, w, 4)),
                f("bincount", x -> bincount(NDArray.of(0L, 2, 2, 1), x.get(1), 3)),
                f("split", x -> split(x, 2, 1).get(1)),
                f("tile", x -> tile(x, 2, 1, 3)),
                f("repeat", x -> repeat(x, new int[] {2, 0, 1}, 0)),
                f("roll", x -> roll(x, -1, 1)),
                f("rot90", x -> rot90(x, 1)),
                f("pad with a number", x -> pad(x, new int[][] {{1, 0}, {0, 2}}, 7)),
                f("pad reflect", x -> pad(x, new int[][] {{1, 2}, {3, 0}}, PadMode.REFLECT)),
                f("meshgrid", x -> meshgrid(x.get(0), x.get(1)).get(1)),
                f("triu", x -> triu(x, 1)),
                f("dstack", x -> dstack(List.of(x, square(x)))),
                f("takeAlongAxis", x -> takeAlongAxis(x, NDArray.of(2L, 0, -1, 1).reshape(1, 4), 0)),
                f("takeAlongAxis by computed positions", x -> takeAlongAxis(square(x), argsort(x, 1), 1)),
                f("choose", x -> choose(NDArray.of(1L, 0, 2, 1), List.of(x.get(0), x.get(1), x.get(2)))),
                f("select", x -> select(List.of(x.lt(-1), x.gt(1)), List.of(square(x), exp(x)), 5)),
                f("mask", x -> x.get(NDArray.of(true, false, true))),
                f("at set", x -> x.at(at(1), slice(0, 4, 2)).set(x.get(0, 0))),
                f("at set, a position twice", x -> x.at(NDArray.of(1L, 1)).set(x.get(slice(1, 3)))),
                f("at add, a position twice", x -> x.at(Index.at(NDArray.of(1L, 1))).add(square(x.get(slice(1, 3))))),
                f("at multiply, a position twice", x -> x.at(NDArray.of(1L, 1, 2)).multiply(x)),
                f("at max", x -> x.at(NDArray.of(1L, 1, 2)).max(exp(x))),
                f("at min", x -> x.at(2).min(x.get(0))),
                f("at mask", x -> x.at(NDArray.of(true, false, true)).multiply(x.get(1))),
                f("at computed positions", x -> x.get(0).at(argsort(x.get(1), 0)).set(square(x.get(2)))),
                f("gammainc", x -> gammainc(exp(x), exp(x.times(0.5)))),
                f("betainc", x -> betainc(exp(x), 2, sigmoid(x))),
                f("stdtr", x -> stdtr(exp(x), x.times(3))),
                f("logsubexp", x -> logsubexp(exp(x).plus(x).plus(1), x)),
                f("multigammaln", x -> multigammaln(exp(x).plus(2), 2)),
                f("klDiv", x -> klDiv(exp(x), exp(x.times(0.3)))),
                f("linearRecurrence", x -> linearRecurrence(sigmoid(x), x, 1)));
    }

    private static NDArray draw(Random random) {
        double[] v = new double[12];
        Integer[] order = new Integer[12];
        Arrays.setAll(order, i -> i);
        java.util.Collections.shuffle(Arrays.asList(order), random);
        // Twelve values a quarter apart, none near a limit of a condition above.
        Arrays.setAll(v, i -> -1.45 + 0.25 * order[i] + 0.02 * random.nextDouble());
        return NDArray.of(Shape.of(3, 4), v);
    }

    private static Graph graph(UnaryOperator<NDArray> f, NDArray x) {
        Graph graph = Tracer.trace("test", List.of(x.aval()), in -> List.of(f.apply(in.getFirst()))).graph();
        graph.verify();
        return graph;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void compiledEqualsEager(String name, UnaryOperator<NDArray> f) {
        NDArray x = draw(new Random(1));
        NDArray want = f.apply(x);
        NDArray got = OpChecks.run(graph(f, x), List.of(x.known()));
        assertThat(got.aval().shape()).as(name).isEqualTo(want.shape());
        assertThat(got.dtype()).as(name).isEqualTo(want.dtype());
        assertClose(name, got.toDoubleArray(), want.toDoubleArray(), 1e-13);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void vmapEqualsLoop(String name, UnaryOperator<NDArray> f) {
        var random = new Random(2);
        List<NDArray> draws = List.of(draw(random), draw(random), draw(random));
        Graph mapped = Vectorization.vmap(graph(f, draws.getFirst()), new boolean[] {true}, 3);
        mapped.verify();
        NDArray loop = stack(draws.stream().map(f).toList(), 0);
        NDArray got = mapped.call(List.of(stack(draws, 0))).getFirst();
        assertThat(got.shape()).as(name).isEqualTo(loop.shape());
        assertClose(name, got.toDoubleArray(), loop.toDoubleArray(), 1e-13);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void gradientEqualsDifferences(String name, UnaryOperator<NDArray> f) {
        var random = new Random(3);
        NDArray x = draw(random);
        NDArray y = f.apply(x);
        NDArray ct = NDArray.of(y.shape(), random.doubles(y.size(), -1, 1).toArray());
        Graph vjp = Derivatives.vjp(graph(f, x), List.of(0));
        List<NDArray> arguments = List.of(x, ct);
        NDArray gradient = vjp.call(arguments).get(1);
        double h = 1e-4;
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            double[] e = new double[12];
            e[i] = h;
            NDArray step = NDArray.of(x.shape(), e);
            differences.add(f.apply(x.plus(step)).minus(f.apply(x.minus(step))).times(ct).sum().item() / (2 * h));
        }
        double[] want = differences.stream().mapToDouble(d -> d).toArray();
        assertClose(name, gradient.toDoubleArray(), want, 1e-6);
        List<NDArray> compiled = kiln.compile.Executable.compile(vjp).call(List.of(x.known(), ct.known()));
        assertClose("compiled " + name, compiled.get(1).toDoubleArray(), gradient.toDoubleArray(), 1e-12);
        assertThat(gradient.dtype()).isEqualTo(DType.FLOAT64);
    }
}
