package kiln.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import kiln.array.Index;
import kiln.array.Linalg;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrthogonalMapTest {
    private static NDArray orthogonal(int n, Random random) {
        return Linalg.qr(NDArray.of(Shape.of(n, n), random.doubles((long) n * n, -1, 1).toArray())).q();
    }

    private static void assertSame(NDArray got, NDArray want) {
        assertThat(got.toDoubleArray()).containsExactly(want.toDoubleArray(), within(1e-14));
    }

    /// What defines them: an orthogonal matrix with the directions in the columns named, up to the sign.
    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 1, 1", "8, 1, 5", "9, 2, 3", "16, 3, 0", "40, 5, 30"})
    void reflectionsMapCoordinatesToDirections(int n, int r, int first) {
        var random = new Random(n);
        NDArray directions = orthogonal(n, random).get(Index.ALL, Index.slice(0, r));
        int[] coordinates = random.ints(0, n).distinct().limit(r).toArray();
        if (r == 1) {
            coordinates[0] = first;
        }
        OrthogonalMap map = OrthogonalMap.Reflections.onto(directions, coordinates);
        NDArray q = map.matrix();
        assertSame(q.transpose().matmul(q), Np.eye(n));
        for (int i = 0; i < r; i++) {
            NDArray column = q.get(Index.ALL, Index.at(coordinates[i]));
            NDArray want = directions.get(Index.ALL, Index.at(i));
            assertSame(column.times(Np.sign(column.times(want).sum())), want);
        }
        NDArray x = NDArray.of(random.doubles(n, -3, 3).toArray());
        assertSame(map.times(x), q.matmul(x));
        assertSame(map.transposedTimes(x), q.transpose().matmul(x));
        assertThat(map.size()).isEqualTo(n);
    }

    /// A direction that is the coordinate itself, and its opposite.
    @Test
    void reflectionOntoTheCoordinateItself() {
        for (double sign : new double[] {1, -1}) {
            NDArray q = OrthogonalMap.Reflections.onto(NDArray.of(Shape.of(3, 1), 0, sign, 0), new int[] {1}).matrix();
            assertSame(q, Np.diag(NDArray.of(1.0, -1, 1)));
        }
    }

    @Test
    void columnsAreTheirMatrix() {
        NDArray q = orthogonal(4, new Random(3));
        var map = new OrthogonalMap.Columns(q);
        NDArray x = NDArray.of(1.0, -2, 0.5, 4);
        assertSame(map.times(x), q.matmul(x));
        assertSame(map.transposedTimes(x), q.transpose().matmul(x));
        assertThat(map.matrix()).isSameAs(q);
    }
}
