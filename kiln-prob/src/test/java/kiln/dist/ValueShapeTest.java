package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.DistributionCases.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A value that is no draw is refused by the name of the distribution, with its batch, its event and the shape of the value.
class ValueShapeTest {
    static List<Row> rows() {
        return DistributionCases.ROWS;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aValueThatIsNoDrawIsRefused(Row row) {
        Distribution d = row.example();
        Shape batch = d.batchShape();
        Shape event = d.eventShape();
        Stream<Shape> bad = event.rank() == 0
                ? Stream.of(Shape.of(batch.dim(-1) + 2))
                : Stream.of(
                        Shape.SCALAR,
                        event.with(-1, event.dim(-1) + 1),
                        batch.then(event.with(-1, event.dim(-1) + 1)),
                        event.with(0, event.dim(0) + 1),
                        event.dropLast(1));
        bad.forEach(shape -> assertThatThrownBy(() -> d.logProb(Np.full(shape, 0.5)))
                .as("a value of shape %s", shape)
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith(d.getClass().getSimpleName() + ": the value does not have the shape of a draw.")
                .hasMessageContaining("[…] + " + batch + " + " + event + ":")
                .hasMessageContaining("Got:      " + shape + "\n"));
    }

    static Stream<Row> ofOneNumber() {
        return rows().stream().filter(r -> DistributionOracleTest.Closed.of(r.example()).cdf());
    }

    @ParameterizedTest
    @MethodSource("ofOneNumber")
    void probabilitiesRefuseTheSame(Row row) {
        Distribution d = row.example();
        Shape shape = Shape.of(d.batchShape().dim(-1) + 2);
        NDArray bad = Np.full(shape, 0.5);
        String name = d.getClass().getSimpleName();
        for (UnaryOperator<NDArray> f : List.<UnaryOperator<NDArray>>of(d::cdf, d::sf, d::logCdf, d::logSf)) {
            assertThatThrownBy(() -> f.apply(bad))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageStartingWith(name + ": the value does not have the shape of a draw.")
                    .hasMessageContaining("[…] + " + d.batchShape() + " + []:")
                    .hasMessageContaining("Got:      " + shape + "\n");
        }
        for (UnaryOperator<NDArray> f : List.<UnaryOperator<NDArray>>of(d::icdf, d::isf)) {
            assertThatThrownBy(() -> f.apply(bad))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageStartingWith(name + ": the probabilities do not fit the batch.")
                    .hasMessageContaining("[…] + " + d.batchShape() + ":")
                    .hasMessageContaining("Got:      " + shape + "\n");
        }
    }

    @ParameterizedTest
    @MethodSource("ofOneNumber")
    void quantilesOfNoProbabilityAreNaN(Row row) {
        Distribution d = row.example();
        for (double q : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThat(d.icdf(NDArray.as(q)).toDoubleArray()).as("icdf(%s)", q).containsOnly(Double.NaN);
            assertThat(d.isf(NDArray.as(q)).toDoubleArray()).as("isf(%s)", q).containsOnly(Double.NaN);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void batchesOfValuesBroadcast(Row row) {
        Distribution d = row.example();
        // Of a support that differs within the batch there is no value for all.
        NDArray one = d.support().feasibleLike(Np.full(d.eventShape(), 0.5));
        int copies = one.rank() - d.eventShape().rank();
        int[] ones = new int[d.batchShape().rank()];
        Arrays.fill(ones, 1);
        for (Shape front : List.of(Shape.SCALAR, Shape.of(ones), d.batchShape(), Shape.of(3).then(d.batchShape()))) {
            if (copies == 0 || one.shape().dropLast(d.eventShape().rank()).broadcastsTo(front)) {
                NDArray value = Np.broadcastTo(one, front.then(d.eventShape()));
                assertThat(d.logProb(value).shape()).isEqualTo(Shape.broadcast(front, d.batchShape()));
            }
        }
    }
}
