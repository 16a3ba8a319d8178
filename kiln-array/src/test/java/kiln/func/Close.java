package kiln.func;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kiln.array.Dense;
import kiln.array.NDArray;

/// Comparison of structures of arrays.
final class Close {
    private Close() {}

    /// Shapes and types are equal, and every element within `relative` of the largest of its array.
    static void assertClose(Object got, Object want, double relative) {
        List<NDArray> a = Pytree.leaves(got);
        List<NDArray> b = Pytree.leaves(want);
        assertThat(a).hasSameSizeAs(b);
        for (int k = 0; k < a.size(); k++) {
            assertThat(a.get(k).shape()).as("array " + k).isEqualTo(b.get(k).shape());
            assertThat(a.get(k).dtype()).as("array " + k).isEqualTo(b.get(k).dtype());
            double[] x = a.get(k).toDoubleArray();
            double[] y = b.get(k).toDoubleArray();
            double scale = 1e-3;
            for (double v : y) {
                scale = Math.max(scale, Math.abs(v));
            }
            for (int i = 0; i < x.length; i++) {
                assertThat(x[i]).as("array " + k + " at " + i).isCloseTo(y[i], org.assertj.core.data.Offset.offset(relative * scale));
            }
        }
    }

    /// Shapes, types and every bit are equal.
    static void assertSame(Object got, Object want) {
        List<NDArray> a = Pytree.leaves(got);
        List<NDArray> b = Pytree.leaves(want);
        assertThat(a).hasSameSizeAs(b);
        for (int k = 0; k < a.size(); k++) {
            assertThat(a.get(k).aval()).as("array " + k).isEqualTo(b.get(k).aval());
            Dense x = a.get(k).known();
            assertThat(x.sameAs(b.get(k).known())).as(() -> "array: " + x + " against " + want).isTrue();
        }
    }
}
