package kiln.array;

import static kiln.array.Bessel.i0e;
import static kiln.array.Bessel.i1e;
import static org.assertj.core.api.Assertions.assertThat;

import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// The facade of the Bessel functions and their derivatives where the formula divides by zero.
class BesselTest {
    @Test
    void valuesOfNumbersAndIntegers() {
        assertThat(i0e(1.0).item()).isEqualTo(0.46575960759364043, org.assertj.core.data.Offset.offset(1e-15));
        assertThat(i1e(NDArray.of(1L, -1L)).get(1).item()).isEqualTo(-0.20791041534970844, org.assertj.core.data.Offset.offset(1e-15));
    }

    /// `I₁(x) ≈ x/2`, and the scaling has a corner of slope 0 on average.
    @Test
    void derivativesAtZero() {
        NDArray zero = Np.scalar(0.0);
        assertThat(Functions.grad((NDArray x) -> i0e(x)).apply(zero).item()).isEqualTo(0.0);
        assertThat(Functions.grad((NDArray x) -> i1e(x)).apply(zero).item()).isEqualTo(0.5);
    }
}
