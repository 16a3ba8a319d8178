package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// From Java arrays and back: types, shapes, and which ways share memory.
class JavaArraysTest {
    @Test
    void nestedArraysKeepTheirTypeAndShape() {
        Expect.array(Np.array(new double[][] {{1, 2, 3}, {4, 5, 6}}), DType.FLOAT64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Expect.array(Np.array(new float[][] {{1, 2}, {3, 4}}), DType.FLOAT32, Shape.of(2, 2), 1, 2, 3, 4);
        Expect.array(Np.array(new long[][] {{1L << 40}, {-2}}), DType.INT64, Shape.of(2, 1), 1L << 40, -2);
        Expect.array(Np.array(new int[][] {{1, 2}}), DType.INT32, Shape.of(1, 2), 1, 2);
        Expect.array(Np.array(new boolean[][] {{true, false}}), DType.BOOL, Shape.of(1, 2), 1, 0);
        Expect.array(Np.array(new double[][][] {{{1, 2}}, {{3, 4}}, {{5, 6}}}), DType.FLOAT64, Shape.of(3, 1, 2), 1, 2, 3, 4, 5, 6);
        Expect.array(NDArray.nested(new int[][][][] {{{{7}, {8}}}}), DType.INT32, Shape.of(1, 1, 2, 1), 7, 8);
        Expect.array(NDArray.nested(new float[] {1, 2}), DType.FLOAT32, Shape.of(2), 1, 2);
    }

    @Test
    void emptyLevels() {
        assertThat(Np.array(new double[0][]).shape()).isEqualTo(Shape.of(0, 0));
        assertThat(Np.array(new double[3][0]).shape()).isEqualTo(Shape.of(3, 0));
        assertThat(NDArray.nested(new int[2][0][5]).shape()).isEqualTo(Shape.of(2, 0, 0));
        assertThat((double[][]) Np.zeros(2, 0).toNestedArray()).isEqualTo(new double[2][0]);
    }

    @Test
    void thereAndBack() {
        double[][][] blocks = {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}};
        assertThat(Arrays.deepEquals((double[][][]) Np.array(blocks).toNestedArray(), blocks)).isTrue();
        float[][] floats = {{1.5f, -2}, {3, 0.1f}};
        assertThat(Arrays.deepEquals((float[][]) Np.array(floats).toNestedArray(), floats)).isTrue();
        boolean[][] truths = {{true, false}, {false, false}};
        assertThat(Arrays.deepEquals((boolean[][]) Np.array(truths).toNestedArray(), truths)).isTrue();
        assertThat((long[]) Np.arange(3).toNestedArray()).containsExactly(0, 1, 2);
        assertThat((double[]) Np.scalar(4.5).toNestedArray()).containsExactly(4.5);
        // The transpose is an array of its own.
        Object turned = Np.array(new double[][] {{1, 2, 3}}).transpose().toNestedArray();
        assertThat(Arrays.deepEquals((double[][]) turned, new double[][] {{1}, {2}, {3}})).isTrue();
    }

    @Test
    void flatExports() {
        NDArray x = NDArray.of(1.75, -1.75, 0);
        assertThat(x.toDoubleArray()).containsExactly(1.75, -1.75, 0);
        assertThat(x.toFloatArray()).containsExactly(1.75f, -1.75f, 0f);
        assertThat(x.toIntArray()).containsExactly(1, -1, 0);
        assertThat(x.toLongArray()).containsExactly(1, -1, 0);
        assertThat(x.toBooleanArray()).containsExactly(true, true, false);
        assertThat(NDArray.of(1L << 32 | 5).toIntArray()).containsExactly(5);
    }

    /// `wrap` and `storage` share memory, everything else copies.
    @Test
    void whatSharesMemory() {
        double[] flat = {1, 2, 3, 4};
        assertThat(NDArray.wrap(Shape.of(2, 2), flat).known().storage()).isSameAs(flat);
        assertThat(NDArray.of(flat).known().storage()).isNotSameAs(flat);
        double[][] rows = {{1, 2}, {3, 4}};
        NDArray matrix = Np.array(rows);
        rows[0][0] = 9;
        assertThat(matrix.get(0, 0).item()).isEqualTo(1);
        int[] ints = NDArray.of(1, 2).toIntArray();
        ints[0] = 9;
        NDArray kept = NDArray.of(5, 6);
        kept.toIntArray()[0] = 9;
        assertThat(kept.toLongArray()).containsExactly(5, 6);
        boolean[] truth = NDArray.of(true).toBooleanArray();
        truth[0] = false;
        assertThat(((double[][]) matrix.toNestedArray())[1]).isNotSameAs(((double[][]) matrix.toNestedArray())[1]);
    }

    @Test
    void raggedArraysAreNamed() {
        assertThatThrownBy(() -> Np.array(new int[][] {{1, 2}, {3}}))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("NDArray.of: the rows of a matrix differ in length.")
                .hasMessageContaining("Expected: 2 elements, as in row 0")
                .hasMessageContaining("Got:      1 elements in row 1");
        assertThatThrownBy(() -> Np.array(new double[][][] {{{1}, {2}}, {{3}, {4, 5}}}))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("NDArray.of: parts of one depth differ in length.")
                .hasMessageContaining("Expected: 1 elements, as in part [0, 0]")
                .hasMessageContaining("Got:      2 elements in part [1, 1]");
        assertThatThrownBy(() -> NDArray.nested(new String[][] {{"a"}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NDArray.nested: this is no array of numbers or truth values.")
                .hasMessageContaining("Got:      String[][]");
    }
}
