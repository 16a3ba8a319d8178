package kiln.func;

import static kiln.array.Np.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import org.junit.jupiter.api.Test;

/// Derivatives of powers at their edges: limits by hand, which are JAX's answers where JAX has a number.
class PowerDerivativesTest {
    private static double byBase(double a, double b, int order) {
        Function<NDArray, NDArray> f = x -> pow(x, b);
        Function<NDArray, NDArray> traced = x -> pow(x, scalar(b).plus(x.times(0)));
        double plain = derivative(f, order).apply(scalar(a)).item();
        double compiled = Functions.jit(derivative(f, order)).apply(scalar(a)).item();
        assertThat(compiled).isEqualTo(plain);
        // Also where the exponent is an operand that is being traced itself.
        Function<NDArray, NDArray> both =
                x -> Functions.grad((List<NDArray> p) -> pow(p.get(0), p.get(1))).apply(List.of(x, scalar(b))).getFirst();
        if (order == 1) {
            assertThat(both.apply(scalar(a)).item()).isEqualTo(plain);
            assertThat(Functions.jvp(traced, scalar(a), scalar(1.0)).tangent().item()).isEqualTo(plain);
        }
        return plain;
    }

    private static Function<NDArray, NDArray> derivative(Function<NDArray, NDArray> f, int order) {
        return order == 0 ? f : derivative(Functions.grad(f), order - 1);
    }

    @Test
    void byTheBase() {
        for (double a : new double[] {0, -0.0, 2, -2}) {
            for (int order = 1; order <= 3; order++) {
                assertThat(byBase(a, 0, order)).as("derivative %d of x^0 at %s", order, a).isZero();
            }
        }
        assertThat(byBase(0, 1, 1)).isEqualTo(1);
        assertThat(byBase(0, 1, 2)).isZero();
        assertThat(byBase(0, 1, 3)).isZero();
        assertThat(byBase(0, 2, 1)).isZero();
        assertThat(byBase(0, 2, 2)).isEqualTo(2);
        assertThat(byBase(0, 2, 3)).isZero();
        assertThat(byBase(-2, 3, 1)).isEqualTo(12);
        assertThat(byBase(-2, 3, 2)).isEqualTo(-12);
        assertThat(byBase(-2, -1, 1)).isEqualTo(-0.25);
        assertThat(byBase(0, 0.5, 1)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    private static double byExponent(double a, double b) {
        Function<NDArray, NDArray> f = Functions.grad((NDArray y) -> pow(a, y));
        double plain = f.apply(scalar(b)).item();
        assertThat(Functions.jit(f).apply(scalar(b)).item()).isEqualTo(plain);
        return plain;
    }

    @Test
    void byTheExponent() {
        assertThat(byExponent(0, 2)).isZero();
        assertThat(byExponent(0, 0)).isZero();
        assertThat(byExponent(1, 5)).isZero();
        assertThat(byExponent(Math.E, 0)).isEqualTo(1);
        assertThat(byExponent(-2, 2)).as("only whole exponents have a real power").isZero();
        assertThat(Functions.grad(Functions.grad((NDArray y) -> pow(0.0, y))).apply(scalar(2.0)).item()).isZero();
    }
}
