package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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
        return Ode.odeint((y, _, p) -> y.times(p).unaryMinus(), y0, TIMES, k, accuracy);
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
                (s, t, _) -> Np.stack(List.of(s.get(1), s.get(0).times(-4).plus(Np.cos(t))), 0),
                NDArray.of(1.0, 0.0), TIMES, List.of(), new Accuracy(1e-11, 1e-11, 10_000));
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
        Ode.RightHandSide<Rates> growth = (y, _, p) -> y.times(p.rate()).times(Np.subtract(1, y.div(p.capacity())));
        var accuracy = new Accuracy(1e-11, 1e-11, 10_000);
        NDArray t = TIMES.reshape(11, 1);
        var exact = (java.util.function.Function<Rates, NDArray>) p ->
                p.capacity().div(p.capacity().div(y0).minus(1).times(Np.exp(t.times(p.rate()).unaryMinus())).plus(1));
        var at = new Rates(rate, capacity);
        assertClose(Ode.odeint(growth, y0, TIMES, at, accuracy), exact.apply(at), 1e-9);
        Rates got = Functions.grad((Rates p) -> Np.square(Ode.odeint(growth, y0, TIMES, p, accuracy)).sum()).apply(at);
        Rates want = Functions.grad((Rates p) -> Np.square(exact.apply(p)).sum()).apply(at);
        assertClose(got, want, 1e-8);
    }

    @Test
    void compiledAndVectorisedAreTheSame() {
        NDArray rates = NDArray.of(0.2, 0.7, 3.0);
        var f = (java.util.function.Function<NDArray, NDArray>) k -> decay(Np.scalar(2.0), k, Accuracy.DEFAULT);
        NDArray lanes = Np.stack(List.of(f.apply(rates.get(0)), f.apply(rates.get(1)), f.apply(rates.get(2))), 0);
        assertClose(Functions.vmap(f).apply(rates), lanes, 1e-14);
        assertSame(Functions.jit(f).apply(rates.get(1)), f.apply(rates.get(1)));
        var slope = Functions.grad((NDArray k) -> f.apply(k).sum());
        assertClose(Functions.jit(slope).apply(rates.get(1)), slope.apply(rates.get(1)), 1e-12);
    }

    /// `y' = y²` with y(0) = 1 leaves every bound at t = 1.
    @Test
    void aSolutionThatEndsIsNaNAfterwards() {
        NDArray y = Ode.odeint((s, _, _) -> Np.square(s), Np.scalar(1.0), NDArray.of(0.0, 0.5, 1.5, 2.0), List.of());
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
        NDArray y = Ode.odeint((s, _, _) -> s, NDArray.of(1.0, 2.0), NDArray.of(3.0), List.of());
        assertThat(y.toDoubleArray()).containsExactly(1, 2);
        assertThat(y.shape().dims()).containsExactly(1, 2);
    }
}
