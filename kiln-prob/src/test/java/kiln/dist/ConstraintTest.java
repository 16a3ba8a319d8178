package kiln.dist;

import static kiln.dist.constraint.Constraints.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The tests of constraints: what lies inside, what outside, ends included or not.
class ConstraintTest {
    /// @param inside  a batch of values, all in the set
    /// @param outside a batch of values, none in the set
    record Row(Constraint set, NDArray inside, NDArray outside) {}

    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private static NDArray v(double... x) {
        return NDArray.of(x);
    }

    private static NDArray rows(double[]... rows) {
        return NDArray.of(rows);
    }

    private static NDArray matrices(double... x) {
        return NDArray.of(Shape.of(x.length / 4, 2, 2), x);
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(real, v(0, -1e300, 1e-300), v(INF, -INF, NAN)),
                new Row(positive, v(1e-300, 5, INF), v(0, -1, NAN)),
                new Row(nonnegative, v(0, 5), v(-1e-300, NAN)),
                new Row(unitInterval, v(0, 0.5, 1), v(-1e-16, 1.0000001, NAN)),
                new Row(interval(-2, 5), v(-2, 0, 5), v(-2.1, 5.1, NAN)),
                new Row(greaterThan(2.5), v(2.6), v(2.5, 2, NAN)),
                new Row(lessThan(v(2.5, 3)), v(2.4, 2.9), v(2.5, 3)),
                new Row(boolean_, v(0, 1), v(0.5, 2, -1, NAN)),
                new Row(integer, v(-3, 0, 4), v(0.5, INF, NAN)),
                new Row(nonnegativeInteger, v(0, 7), v(-1, 0.5, NAN)),
                new Row(positiveInteger, NDArray.of(1L, 7L), NDArray.of(0L, -3L)),
                new Row(integerInterval(-1, 3), v(-1, 3), v(-2, 4, 1.5)),
                new Row(
                        simplex,
                        rows(new double[] {0.2, 0.8}, new double[] {0, 1}),
                        rows(new double[] {0.5, 0.6}, new double[] {-0.1, 1.1})),
                new Row(
                        orderedVector,
                        rows(new double[] {-1, 0, 3}),
                        rows(new double[] {0, 0, 1}, new double[] {1, 0, 2}, new double[] {0, 1, NAN})),
                new Row(orderedVector, rows(new double[] {7}), rows(new double[] {NAN})),
                new Row(
                        positiveOrderedVector,
                        rows(new double[] {1e-300, 0.5, 3}),
                        rows(new double[] {0, 1, 2}, new double[] {-1, 1, 2}, new double[] {1, 1, 2}, new double[] {1, 2, NAN})),
                new Row(lowerCholesky, matrices(1, 0, -3, 2), matrices(1, 1, 0, 1, 1, 0, 0, 0, -1, 0, 0, 1)),
                new Row(positiveDefinite, matrices(2, 1, 1, 2), matrices(1, 2, 2, 1, 2, 1, 0, 2, 0, 0, 0, 0)),
                new Row(realVector, rows(new double[] {1, 2}), rows(new double[] {1, NAN}, new double[] {INF, 0})),
                new Row(independent(positive, 1), rows(new double[] {1, 2}), rows(new double[] {1, 0}, new double[] {-1, 2})));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void insideAndOutside(Row row) {
        NDArray in = row.set().check(row.inside());
        assertThat(in.shape()).isEqualTo(row.inside().shape().dropLast(row.set().eventDim()));
        assertThat(Np.all(in).isTrue()).as("inside").isTrue();
        assertThat(Np.any(row.set().check(row.outside())).isTrue()).as("outside").isFalse();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void feasibleValuesLieInside(Row row) {
        NDArray x = row.set().feasibleLike(row.outside());
        assertThat(x.shape()).isEqualTo(row.outside().shape());
        assertThat(x.dtype()).isEqualTo(row.outside().dtype());
        assertThat(Np.all(row.set().check(x)).isTrue()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsUnconstrainedNeedsNoBijection(Row row) {
        if (row.set().isUnconstrained()) {
            assertThat(row.set().bijection().call(row.inside()).toDoubleArray()).containsExactly(row.inside().toDoubleArray());
        }
    }
}
