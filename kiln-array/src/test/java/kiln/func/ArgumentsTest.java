package kiln.func;

import static kiln.array.Np.*;
import static kiln.func.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import kiln.array.NDArray;
import org.junit.jupiter.api.Test;

/// Transforms of functions of one to four arguments, which may be structures; expected values by hand.
class ArgumentsTest {
    record Weights(NDArray slope, List<NDArray> more, String label) {}

    private static final Weights W = new Weights(NDArray.of(1.0, 2), List.of(scalar(3.0)), "w");
    private static final Map<String, NDArray> SHIFT = Map.of("by", scalar(0.5));
    private static final NDArray X = NDArray.of(4.0, 5);

    private static NDArray at(Map<String, NDArray> map, String name) {
        return Objects.requireNonNull(map.get(name));
    }

    /// `s · x · m + by · n`
    private static NDArray four(Weights w, NDArray x, Map<String, NDArray> shift, Number n) {
        return w.slope().times(x).sum().times(w.more().getFirst()).plus(at(shift, "by").times(n));
    }

    private static NDArray three(Weights w, NDArray x, Map<String, NDArray> shift) {
        return four(w, x, shift, 2);
    }

    @Test
    void gradientsByTheFirstOfSeveralArguments() {
        Weights want = new Weights(NDArray.of(12.0, 15), List.of(scalar(14.0)), "w");
        ValueAndGrad<Weights> both = Functions.valueAndGrad(ArgumentsTest::four).apply(W, X, SHIFT, 2.0);
        assertThat(both.value().item()).isEqualTo(43);
        assertThat(both.grad().label()).isEqualTo("w");
        assertClose(both.grad(), want, 0);
        assertClose(Functions.grad(ArgumentsTest::three).apply(W, X, SHIFT), want, 0);
        assertClose(Functions.valueAndGrad(ArgumentsTest::three).apply(W, X, SHIFT).grad(), want, 0);
        assertClose(Functions.grad(ArgumentsTest::four).apply(W, X, SHIFT, 2.0), want, 0);
        assertClose(Functions.jit(Functions.grad(ArgumentsTest::four)).apply(W, X, SHIFT, 2.0), want, 0);
        assertClose(Functions.jit(Functions.grad(ArgumentsTest::three)).apply(W, X, SHIFT), want, 0);
    }

    @Test
    void gradientsByPosition() {
        NDArray a = scalar(2.0);
        NDArray b = scalar(3.0);
        NDArray c = scalar(5.0);
        NDArray d = scalar(7.0);
        assertClose(Functions.grad((x, y) -> x.times(y), 1, 0).apply(a, b), List.of(a, b), 0);
        assertClose(Functions.grad((x, y, z) -> x.times(y).times(z), 2, 0).apply(a, b, c), List.of(scalar(6.0), scalar(15.0)), 0);
        ValueAndGrad<List<NDArray>> all = Functions.valueAndGrad((x, y, z, w) -> x.times(y).times(z).times(w), 3, 1, 2).apply(a, b, c, d);
        assertThat(all.value().item()).isEqualTo(210);
        assertClose(all.grad(), List.of(scalar(30.0), scalar(70.0), scalar(42.0)), 0);
        assertThatThrownBy(() -> Functions.grad((x, y) -> x.times(y), 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grad: these are no positions of arguments to differentiate by.")
                .hasMessageContaining("Expected: different numbers from 0 to 1")
                .hasMessageContaining("Got:      [0, 2]");
    }

    @Test
    void mappingOverSeveralArguments() {
        NDArray rows = NDArray.of(new double[][] {{1, 2}, {3, 4}});
        Function3<NDArray, NDArray, NDArray, NDArray> three = (x, y, z) -> x.times(y).sum().plus(z);
        Function4<NDArray, NDArray, NDArray, NDArray, NDArray> four = (x, y, z, w) -> three.apply(x, y, z).times(w);
        NDArray z = NDArray.of(10.0, 20);
        assertClose(Functions.vmap(three).apply(rows, rows, z), NDArray.of(15.0, 45), 0);
        assertClose(Functions.vmap(four).apply(rows, rows, z, z), NDArray.of(150.0, 900), 0);
        // Columns of the first with the shared second argument: [1, 3] · [1, 2] = 7, [2, 4] · [1, 2] = 10.
        NDArray shared = NDArray.of(1.0, 2);
        assertClose(
                Functions.vmap(four, Along.axis(1), Along.NONE, Along.axis(0), Along.NONE, 0).apply(rows, shared, z, scalar(2.0)),
                NDArray.of(34.0, 60), 0);
        assertClose(Functions.jit(Functions.vmap(four)).apply(rows, rows, z, z), NDArray.of(150.0, 900), 0);
    }

    /// A list of records of maps goes in, another structure comes out of every transform.
    @Test
    void structuresInAndOut() {
        record Layer(Map<String, NDArray> weights) {}
        List<Layer> net = List.of(
                new Layer(Map.of("w", scalar(2.0), "b", scalar(1.0))), new Layer(Map.of("w", scalar(3.0), "b", scalar(0.0))));
        BiFunction<List<Layer>, NDArray, Map<String, NDArray>> f = (layers, x) -> {
            NDArray y = x;
            for (Layer l : layers) {
                y = y.times(at(l.weights(), "w")).plus(at(l.weights(), "b"));
            }
            return Map.of("out", y, "in", x);
        };
        Map<String, NDArray> want = Map.of("out", NDArray.of(27.0, 33), "in", X);
        assertClose(Functions.jit(f).apply(net, X), want, 0);
        assertClose(Functions.vmap(f, false, true).apply(net, X), want, 0);
        JVP<Map<String, NDArray>> forward = Functions.jvp(x -> f.apply(net, x), X, NDArray.of(1.0, 0));
        assertClose(forward.tangent(), Map.of("out", NDArray.of(6.0, 0), "in", NDArray.of(1.0, 0)), 0);
        VJP<List<Layer>, Map<String, NDArray>> back = Functions.vjp(layers -> f.apply(layers, X), net);
        List<Layer> slopes = back.pullback().apply(Map.of("out", NDArray.of(1.0, 1), "in", zeros(2)));
        // d/dw₁ = 3 Σx, d/db₁ = 3 · 2, d/dw₂ = Σ(2x + 1), d/db₂ = 2
        List<Layer> byLayer = List.of(
                new Layer(Map.of("w", scalar(27.0), "b", scalar(6.0))), new Layer(Map.of("w", scalar(20.0), "b", scalar(2.0))));
        assertClose(slopes, byLayer, 0);
    }

    /// One trace per setting, as with JAX's `static_argnums`; the setting decides in plain Java.
    @Test
    void staticArguments() {
        var traces = new AtomicInteger();
        BiFunction<NDArray, Integer, NDArray> power = Functions.jitWithStatic((x, n) -> {
            traces.incrementAndGet();
            NDArray y = x;
            for (int i = 1; i < n; i++) {
                y = y.times(x);
            }
            return y;
        });
        assertThat(power.apply(X, 2).toDoubleArray()).containsExactly(16, 25);
        assertThat(power.apply(X, 3).toDoubleArray()).containsExactly(64, 125);
        assertThat(power.apply(X.plus(1), 2).toDoubleArray()).containsExactly(25, 36);
        assertThat(traces).hasValue(2);
        assertThat(Functions.grad((NDArray x) -> power.apply(x, 3)).apply(scalar(2.0)).item()).isEqualTo(12);
    }
}
