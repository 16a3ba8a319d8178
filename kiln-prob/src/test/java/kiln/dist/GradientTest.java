package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Row;
import kiln.dist.transform.Transform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Derivatives of every log density, by the value and by each parameter, are those of differences.
class GradientTest {
    private static final PRNGKey KEY = PRNGKey.key(20);

    static List<Row> byTheValue() {
        return CaseCheck.VALUE.rows();
    }

    static List<Row> byEveryParameter() {
        return CaseCheck.PARAMETERS.rows();
    }

    /// In unconstrained coordinates of the support, where every direction stays inside.
    @ParameterizedTest
    @MethodSource
    void byTheValue(Row row) {
        Distribution d = row.example();
        Transform t = d.support().bijection();
        NDArray z = t.inverse(values(row));
        NDArray direction = Np.cos(Np.arange(z.size()).plus(1.0)).reshape(z.shape());
        slope(row.oracle(), s -> d.logProb(t.call(z.plus(direction.times(s)))).sum());
    }

    @ParameterizedTest
    @MethodSource
    void byEveryParameter(Row row) {
        NDArray x = values(row);
        List<NDArray> parameters = Pytree.leaves(row.example());
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            // A point has its density where it is only: value and point move together.
            boolean isPoint = row.oracle().equals("Delta") && k == 0;
            if (parameters.get(k).dtype().isFloating()) {
                slope(row.oracle() + " " + k, s -> PathwiseGradientTest.scaled(row.example(), parameter, s).logProb(isPoint ? x.plus(s) : x).sum());
            }
        }
    }

    private static NDArray values(Row row) {
        NDArray x = CaseCheck.values(row, KEY, Shape.of(3));
        // The draws of an interval are points, beside which there are no intervals on one side.
        return row.example() instanceof IntervalCensoredDistribution ? x.plus(NDArray.of(0, 1.5)) : x;
    }

    /// The derivative at 0 against five points' differences, whose error is of the fourth order.
    private static void slope(String name, Function<NDArray, NDArray> f) {
        double h = 1e-4;
        double near = at(f, h) - at(f, -h);
        double far = at(f, 2 * h) - at(f, -2 * h);
        double want = (8 * near - far) / (12 * h);
        double got = Functions.jvp(f, Np.scalar(0.0), Np.scalar(1.0)).tangent().item();
        double backwards = Functions.grad(f).apply(Np.scalar(0.0)).item();
        double room = 1e-6 * Math.max(1, Math.abs(want));
        assertThat(Math.abs(got - want)).as("%s: %s, differences %s", name, got, want).isLessThan(room);
        assertThat(backwards).isCloseTo(got, within(1e-9 * Math.max(1, Math.abs(got))));
    }

    private static double at(Function<NDArray, NDArray> f, double s) {
        return f.apply(Np.scalar(s)).item();
    }
}
