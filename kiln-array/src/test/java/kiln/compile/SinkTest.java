package kiln.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.graph.Derivatives;
import kiln.graph.Graph;
import kiln.graph.Tracer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a loop makes of its elements when it is over is read where it lies, also where that is a single number.
class SinkTest {
    /// `Σ (x b)⁴ + b` and its derivative `4 b³ Σ x⁴ + 1` for a matrix of one column, `x = 1, …, n`, at `b = 1/2`.
    @ParameterizedTest
    @ValueSource(ints = {1000, 2000, 60_000})
    void aProductMayHaveOneElement(int n) {
        NDArray x = Np.arange(n).plus(1).astype(DType.FLOAT64).reshape(n, 1);
        Graph value = Tracer.trace("test", List.of(new Aval(DType.FLOAT64, Shape.of(1))),
                        v -> List.of(Np.square(Np.square(x.matmul(v.getFirst()))).sum().plus(v.getFirst().sum())))
                .graph();
        double[] gradient = new double[1];
        double[] out = new double[1];
        Executable.compile(Derivatives.valueAndGrad(value), List.of(new Slot(0, 0)), List.of(new Slot(2, 0), new Slot(1, 0)), Options.DENSITY)
                .worker()
                .run(new double[] {0.5}, gradient, out);
        double fourth = 0;
        for (double i = 1; i <= n; i++) {
            fourth += i * i * i * i;
        }
        assertThat(out[0]).isCloseTo(fourth / 16 + 0.5, org.assertj.core.data.Percentage.withPercentage(1e-11));
        assertThat(gradient[0]).isCloseTo(fourth / 2 + 1, org.assertj.core.data.Percentage.withPercentage(1e-11));
    }
}
