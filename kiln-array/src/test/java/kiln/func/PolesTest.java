package kiln.func;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Derivatives at poles: what a choice did not take, what vanishes and what does not move has no part, `0 · ∞ = 0`, forwards as in reverse.
class PolesTest {
    /// Functions at 0, where a part has an infinite derivative, and their derivatives there by calculus.
    static Stream<Arguments> atZero() {
        return Stream.<Arguments>of(
                Arguments.of("a choice", f(x -> Np.where(x.gt(0), Np.log(x), 5.0)), 0.0),
                Arguments.of("a choice of the other", f(x -> Np.where(x.le(0), x.times(3), Np.sqrt(x))), 3.0),
                Arguments.of("e^(2 log x) = x²", f(x -> Np.exp(Np.log(x).times(2))), 0.0),
                Arguments.of("beside e^1", f(x -> Np.logaddexp(Np.log(x).times(3), x.plus(1))), 1.0),
                Arguments.of("the larger one", f(x -> Np.maximum(Np.log(x), x.times(2).plus(1))), 2.0),
                Arguments.of("the smaller one", f(x -> Np.minimum(Np.log(x).unaryMinus(), x.times(2))), 2.0),
                Arguments.of("a loop that is not chosen", f(x -> Np.where(x.gt(0), roots(x), x)), 1.0),
                Arguments.of("a loop that vanishes", f(x -> Np.exp(Np.log(roots(x)).times(4))), 0.0),
                Arguments.of("a branch that is not chosen", f(x -> Np.where(x.gt(0), Control.cond(x.ge(0), y -> Np.sqrt(y), y -> y, x), x)), 1.0));
    }

    private static UnaryOperator<NDArray> f(UnaryOperator<NDArray> f) {
        return f;
    }

    /// `x^(1/8)` by three steps of a loop.
    private static NDArray roots(NDArray x) {
        return Control.scan((NDArray c, NDArray _) -> new Carried<>(Np.sqrt(c), c), x, Np.zeros(3)).carry();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void atZero(String name, UnaryOperator<NDArray> f, double want) {
        NDArray zero = Np.scalar(0.0);
        Function<NDArray, NDArray> forward = x -> Functions.jvp(f, x, Np.scalar(1.0)).tangent();
        Function<NDArray, NDArray> reverse = Functions.grad((NDArray x) -> f.apply(x));
        for (Function<NDArray, NDArray> d : List.of(forward, reverse)) {
            assertThat(d.apply(zero).item()).isEqualTo(want);
            assertThat(Functions.jit(d).apply(zero).item()).isEqualTo(want);
        }
    }

    /// A direction that does not move what stands at a pole.
    @Test
    void aDirectionOfZero() {
        NDArray x = NDArray.of(0.0, 4);
        assertThat(Functions.jvp(Np::sqrt, x, NDArray.of(0.0, 1)).tangent().toDoubleArray()).containsExactly(0, 0.25);
        assertThat(Functions.jvp(Np::log, x, NDArray.of(0.0, 1)).tangent().toDoubleArray()).containsExactly(0, 0.25);
        assertThat(Functions.jvp((NDArray y) -> Np.xlogy(y, NDArray.of(0.0, 2)), Np.zeros(2), NDArray.of(0.0, 1)).tangent().toDoubleArray())
                .containsExactly(0, Math.log(2));
        assertThat(Functions.jvp(Np::sqrt, x, NDArray.of(1.0, 1)).tangent().toDoubleArray()).containsExactly(Double.POSITIVE_INFINITY, 0.25);
    }

    /// A product with a factor 0 is differentiated by that factor: `∂²(w log x)/∂w ∂x = 1/x`, also at w = 0 and behind a choice.
    @Test
    void aFactorOfZeroHasADerivative() {
        NDArray w = Np.scalar(0.0);
        NDArray x = Np.scalar(2.0);
        Function<NDArray, Function<NDArray, NDArray>> f = v -> y -> v.times(Np.where(y.gt(0), Np.log(y), 0.0));
        Function<NDArray, NDArray> byX = v -> Functions.grad(f.apply(v)).apply(x);
        assertThat(byX.apply(w).item()).isZero();
        assertThat(Functions.grad(byX).apply(w).item()).isEqualTo(0.5);
        assertThat(Functions.jvp(byX, w, Np.scalar(1.0)).tangent().item()).isEqualTo(0.5);
        Function<NDArray, NDArray> along = t -> Functions.jvp(Np::log, x, t).tangent();
        assertThat(Functions.grad(along).apply(Np.scalar(0.0)).item()).isCloseTo(0.5, within(0.0));
    }
}
