package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;

/// What an array should be, all of it: element type, shape and elements.
final class Expect {
    private Expect() {}

    static void array(NDArray got, DType dtype, Shape shape, double... values) {
        assertThat(got.dtype()).isEqualTo(dtype);
        assertThat(got.shape()).isEqualTo(shape);
        assertThat(got.toDoubleArray()).containsExactly(values);
    }

    static void ints(NDArray got, Shape shape, double... values) {
        array(got, DType.INT64, shape, values);
    }

    static void doubles(NDArray got, Shape shape, double... values) {
        array(got, DType.FLOAT64, shape, values);
    }
}
