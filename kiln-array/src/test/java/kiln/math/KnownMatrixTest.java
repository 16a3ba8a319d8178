package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.func.Functions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each bit is that of the contract of [Products], whether compiled or not.
class KnownMatrixTest {
    @ParameterizedTest
    @CsvSource({"12, 1", "12, 2", "12, 12", "13, 5", "40, 40", "61, 63", "100, 64", "17, 65", "85, 85", "512, 131", "513, 20", "30, 72", "11, 11", "3, 40"})
    void bitsOfTheContract(int rows, int columns) {
        var random = new Random(rows);
        double[] a = random.doubles((long) rows * columns, -1, 1).toArray();
        double[] v = random.doubles(columns, -1, 1).toArray();
        double[] want = new double[rows];
        new Products(rows, columns, 1).multiply(a, 0, v, 0, want, 0);
        if (columns <= Products.SHORT) {
            double[] chain = new double[rows];
            for (int i = 0; i < rows; i++) {
                for (int p = 0; p < columns; p++) {
                    chain[i] = Math.fma(a[i * columns + p], v[p], chain[i]);
                }
            }
            assertThat(want).isEqualTo(chain);
        }
        double[] y = new double[rows];
        Arrays.fill(y, 7);
        var known = new KnownMatrix(a, rows, columns);
        double[][] scratch = known.scratch();
        for (double[] lane : scratch) {
            Arrays.fill(lane, 7);
        }
        known.times(v, y, scratch);
        assertThat(y).isEqualTo(want);
        NDArray matrix = NDArray.of(Shape.of(rows, columns), a);
        NDArray compiled = Functions.jit((NDArray x) -> matrix.matmul(x)).apply(NDArray.of(v));
        assertThat(compiled.toDoubleArray()).isEqualTo(want);
        assertThat(KnownMatrix.pays(rows, columns)).isEqualTo(rows >= 12 && rows <= 512);
    }
}
