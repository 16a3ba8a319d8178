package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Ode.Accuracy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `odeint` against solutions and sensitivities in closed form.
class OdeTest {
    private static final NDArray TIMES = Np.linspace(0, 5, 11);

    /// `y' = −k y`: `y = y₀ e^(−kt)`.
    private static NDArray decay(NDArray y0, NDArray k, Accuracy accuracy) {
        return Ode.odeint((y, _) -> y.times(k).unaryMinus(), y0, TIMES, accuracy);
    }

    /// The error of the whole solution stays of the size of the tolerance of a step, over eight orders of it.
    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 1e-6, 1e-8, 1e-10, 1e-12})
    void theErrorFollowsTheTolerance(double tolerance) {
        NDArray y = decay(Np.scalar(2.0), Np.scalar(0.7), new Accuracy(tolerance, tolerance, 10_000));
        NDArray exact = Np.exp(TIMES.times(-0.7)).times(2);
        assertThat(y.shape()).isEqualTo(exact.shape());
        assertThat(Np.max(Np.abs(y.minus(exact))).item()).isLessThan(10 * tolerance);
    }

    /// `y'' = −ω² y` as two components, with the time itself in the equation: `+ cos t` in the second, solved for ω = 2.
    @Test
    void componentsAndTimes() {
        // y'' + 4 y = cos t with y(0) = 1, y'(0) = 0: y = cos(2t) 2/3 + cos(t) / 3.
        NDArray y = Ode.odeint(
                (s, t) -> Np.stack(List.of(s.get(1), s.get(0).times(-4).plus(Np.cos(t))), 0),
                NDArray.of(1.0, 0.0), TIMES, new Accuracy(1e-11, 1e-11, 10_000));
        NDArray t = TIMES;
        NDArray value = Np.cos(t.times(2)).times(2.0 / 3).plus(Np.cos(t).div(3));
        NDArray slope = Np.sin(t.times(2)).times(-4.0 / 3).minus(Np.sin(t).div(3));
        assertClose(y, Np.stack(List.of(value, slope), 1), 1e-9);
    }

    /// `∂y/∂y₀ = e^(−kt)` and `∂y/∂k = −t y₀ e^(−kt)`, with weights on the times.
    @Test
    void theReverseDerivativeIsThatOfTheSolution() {
        NDArray weights = Np.arange(11).plus(1.0);
        record Start(NDArray y0, NDArray k) {}
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        var both = Functions.valueAndGrad((Start s) -> decay(s.y0(), s.k(), accuracy).times(weights).sum())
                .apply(new Start(Np.scalar(2.0), Np.scalar(0.7)));
        NDArray falling = Np.exp(TIMES.times(-0.7)).times(weights);
        assertThat(both.value().item()).isCloseTo(falling.times(2).sum().item(), within(1e-8));
        assertThat(both.grad().y0().item()).isCloseTo(falling.sum().item(), within(1e-8));
        assertThat(both.grad().k().item()).isCloseTo(falling.times(TIMES).sum().item() * -2, within(1e-8));
    }

    /// Logistic growth of four populations, `y = K / (1 + (K/y₀ − 1) e^(−rt))`, with rates of their own: value and gradient of that formula.
    @Test
    void vectorsAndTwoParameters() {
        NDArray y0 = NDArray.of(0.1, 0.5, 1.0, 3.0);
        NDArray rate = NDArray.of(1.0, 0.3, 2.0, 0.7);
        NDArray capacity = Np.scalar(2.0);
        record Rates(NDArray rate, NDArray capacity) {}
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        Function<Rates, NDArray> solved =
                p -> Ode.odeint((y, _) -> y.times(p.rate()).times(Np.subtract(1, y.div(p.capacity()))), y0, TIMES, accuracy);
        NDArray t = TIMES.reshape(11, 1);
        Function<Rates, NDArray> exact = p -> p.capacity().div(p.capacity().div(y0).minus(1).times(Np.exp(t.times(p.rate()).unaryMinus())).plus(1));
        var at = new Rates(rate, capacity);
        assertClose(solved.apply(at), exact.apply(at), 1e-9);
        Rates got = Functions.grad((Rates p) -> Np.square(solved.apply(p)).sum()).apply(at);
        Rates want = Functions.grad((Rates p) -> Np.square(exact.apply(p)).sum()).apply(at);
        assertClose(got, want, 1e-8);
    }

    /// Forwards, in reverse and twice: `y = y₀ e^(−kt)` has `∂y/∂k = −t y` and `∂²y/∂k² = t² y`.
    @Test
    void derivativesOfBothKindsAndOfSecondOrder() {
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        Function<NDArray, NDArray> f = k -> decay(Np.scalar(2.0), k, accuracy);
        NDArray k = Np.scalar(0.7);
        NDArray y = Np.exp(TIMES.times(-0.7)).times(2);
        assertClose(Functions.jvp(f, k, Np.scalar(1.0)).tangent(), y.times(TIMES).unaryMinus(), 1e-8);
        assertClose(Functions.jacrev(f).apply(k), y.times(TIMES).unaryMinus(), 1e-8);
        assertClose(Functions.jacfwd(Functions.jacfwd(f)).apply(k), y.times(TIMES).times(TIMES), 1e-7);
    }

    /// Lanes with rates of their own and one start for all: the start gets the sum of what the lanes pass back.
    @Test
    void lanesShareAStart() {
        NDArray rates = NDArray.of(0.2, 0.7, 3.0);
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        NDArray slope = Functions.grad((NDArray y0) -> Functions.vmap((NDArray k) -> decay(y0, k, accuracy)).apply(rates).sum())
                .apply(Np.scalar(2.0));
        assertClose(slope, Np.exp(rates.reshape(3, 1).times(TIMES).unaryMinus()).sum(), 1e-8);
    }

    /// A flag decides which equation it is; it is captured and has no derivative.
    @Test
    void whatIsNotANumberIsCapturedWithoutADerivative() {
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        var f = Functions.jit((NDArray k) -> {
            NDArray fast = k.gt(0.5);
            return Functions.grad((NDArray r) -> Ode.odeint(
                            (y, _) -> Np.where(fast, y.times(r), y).unaryMinus(), Np.scalar(2.0), TIMES, accuracy).sum())
                    .apply(k);
        });
        NDArray y = Np.exp(TIMES.times(-0.7)).times(2);
        assertClose(f.apply(Np.scalar(0.7)), y.times(TIMES).sum().unaryMinus(), 1e-8);
        assertClose(f.apply(Np.scalar(0.3)), Np.scalar(0.0), 0);
    }

    @Test
    void compiledAndVectorisedAreTheSame() {
        NDArray rates = NDArray.of(0.2, 0.7, 3.0);
        var f = (Function<NDArray, NDArray>) k -> decay(Np.scalar(2.0), k, Accuracy.DEFAULT);
        NDArray lanes = Np.stack(List.of(f.apply(rates.get(0)), f.apply(rates.get(1)), f.apply(rates.get(2))), 0);
        assertClose(Functions.vmap(f).apply(rates), lanes, 1e-14);
        assertSame(Functions.jit(f).apply(rates.get(1)), f.apply(rates.get(1)));
        var slope = Functions.grad((NDArray k) -> f.apply(k).sum());
        assertClose(Functions.jit(slope).apply(rates.get(1)), slope.apply(rates.get(1)), 1e-12);
    }

    /// `y' = y²` with y(0) = 1 leaves every bound at t = 1.
    @Test
    void aSolutionThatEndsIsNaNAfterwards() {
        NDArray y = Ode.odeint((s, _) -> Np.square(s), Np.scalar(1.0), NDArray.of(0.0, 0.5, 1.5, 2.0));
        assertThat(y.get(1).item()).isCloseTo(2, within(1e-6));
        assertThat(y.get(2).item()).isNaN();
        assertThat(y.get(3).item()).isNaN();
    }

    @Test
    void aTooSmallNumberOfStepsGivesNaN() {
        assertThat(decay(Np.scalar(2.0), Np.scalar(0.7), new Accuracy(1e-12, 1e-12, 3)).get(1).item()).isNaN();
    }

    @Test
    void oneTimeIsTheStart() {
        NDArray y = Ode.odeint((s, _) -> s, NDArray.of(1.0, 2.0), NDArray.of(3.0));
        assertThat(y.toDoubleArray()).containsExactly(1, 2);
        assertThat(y.shape().dims()).containsExactly(1, 2);
    }
}
