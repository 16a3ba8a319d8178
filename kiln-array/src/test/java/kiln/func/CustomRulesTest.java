package kiln.func;

import static kiln.array.Np.*;
import static kiln.func.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.ShapeException;
import org.junit.jupiter.api.Test;

/// Functions with the user's derivative, in every transform. The rules say twice the derivative of the function (so that it shows whether
/// they are used), or the derivative itself in a form that has no overflow (JAX's examples).
class CustomRulesTest {
    /// `sin`, with `2 cos(x) dx`.
    private static final Function<NDArray, NDArray> FORWARD =
            Functions.customJvp(Np::sin, (NDArray x, NDArray dx) -> new JVP<>(sin(x), cos(x).times(2).times(dx)));

    /// `sin`, with `2 cos(x) ct`.
    private static final Function<NDArray, NDArray> REVERSE = Functions.customVjp(
            Np::sin, (NDArray x) -> new WithResiduals<>(sin(x), List.of(cos(x), x)), (s, ct) -> s.getFirst().times(2).times(ct));

    private static final NDArray X = NDArray.of(0.3, -1.2, 2.5);

    @Test
    void theValueIsThatOfTheFunction() {
        assertClose(FORWARD.apply(X), sin(X), 0);
        assertClose(REVERSE.apply(X), sin(X), 0);
        assertClose(Functions.jit(FORWARD).apply(X), sin(X), 0);
        assertClose(Functions.vmap(REVERSE).apply(X), sin(X), 0);
    }

    @Test
    void theDerivativeIsThatOfTheRule() {
        NDArray want = cos(X).times(2);
        for (Function<NDArray, NDArray> f : List.of(FORWARD, REVERSE)) {
            Function<NDArray, NDArray> sum = x -> f.apply(x).sum();
            assertClose(Functions.grad(sum).apply(X), want, 1e-15);
            assertClose(Functions.jit(Functions.grad(sum)).apply(X), want, 1e-15);
            assertClose(Functions.grad(Functions.jit(sum)).apply(X), want, 1e-15);
            assertClose(Functions.vmap(Functions.grad((NDArray x) -> f.apply(x))).apply(X), want, 1e-15);
            assertClose(Functions.grad((NDArray x) -> Functions.vmap(f).apply(x).sum()).apply(X), want, 1e-15);
            assertClose(Functions.grad(Functions.checkpoint(sum)).apply(X), want, 1e-15);
            assertClose(Functions.jacrev(f).apply(X), diag(want), 1e-15);
        }
        assertClose(Functions.jvp(FORWARD, X, NDArray.of(1.0, 2, 3)).tangent(), want.times(NDArray.of(1.0, 2, 3)), 1e-15);
        assertClose(Functions.jacfwd(FORWARD).apply(X), diag(want), 1e-15);
        assertClose(Functions.jit(Functions.vmap(Functions.jacfwd(FORWARD))).apply(X), want, 1e-15);
    }

    /// The rule itself is differentiated: `2 cos` becomes `−2 sin`.
    @Test
    void secondDerivatives() {
        NDArray want = sin(X).times(-2);
        assertClose(Functions.vmap(Functions.grad(Functions.grad(FORWARD))).apply(X), want, 1e-15);
        assertClose(Functions.vmap(Functions.grad(Functions.grad(REVERSE))).apply(X), want, 1e-15);
        assertClose(Functions.vmap(Functions.hessian(FORWARD)).apply(X), want, 1e-15);
    }

    /// In a loop, in both branches of a choice, and under another custom rule.
    @Test
    void insideOtherFunctions() {
        Function<NDArray, NDArray> loop = x -> Control.scan((NDArray c) -> new Carried<>(FORWARD.apply(c), c), x, 2).carry();
        // d sin(sin x) with every derivative doubled.
        assertClose(Functions.vmap(Functions.grad(loop)).apply(X), cos(sin(X)).times(cos(X)).times(4), 1e-14);
        Function<NDArray, NDArray> choice = x -> Control.cond(x.gt(0), FORWARD, REVERSE, x);
        assertClose(Functions.vmap(Functions.grad(choice)).apply(X), cos(X).times(2), 1e-15);
    }

    record Pair(NDArray a, NDArray b, String label) {}

    /// Records in and out, an integer among the arguments, and an argument that all lanes share.
    @Test
    void structures() {
        Function<Pair, List<NDArray>> f = p -> List.of(p.a().times(p.b()), p.b().sum());
        Function<Pair, List<NDArray>> forward = Functions.customJvp(f, (p, dp) -> new JVP<>(
                f.apply(p), List.of(p.a().times(dp.b()).plus(p.b().times(dp.a())).times(3), dp.b().sum().times(3))));
        Function<Pair, List<NDArray>> reverse = Functions.customVjp(
                f,
                p -> new WithResiduals<>(f.apply(p), p),
                (p, ct) -> new Pair(
                        ct.get(0).times(p.b()).sum().times(3), p.a().times(ct.get(0)).plus(ct.get(1)).times(3), p.label()));
        NDArray a = scalar(0.7);
        NDArray b = NDArray.of(1.0, -2);
        for (Function<Pair, List<NDArray>> g : List.of(forward, reverse)) {
            Function<Pair, NDArray> loss = p -> square(g.apply(p).get(0)).sum().plus(g.apply(p).get(1));
            Function<Pair, NDArray> plain = p -> square(f.apply(p).get(0)).sum().plus(f.apply(p).get(1));
            Pair got = Functions.grad(loss).apply(new Pair(a, b, "x"));
            Pair want = Functions.grad(plain).apply(new Pair(a, b, "x"));
            assertThat(got.label()).isEqualTo("x");
            assertClose(got, new Pair(want.a().times(3), want.b().times(3), "x"), 1e-14);
            // The scalar is shared by two lanes: its cotangents add up.
            NDArray rows = NDArray.of(new double[][] {{1, -2}, {0.5, 3}});
            Function<NDArray, NDArray> shared = s -> Functions.vmap((NDArray row) -> square(g.apply(new Pair(s, row, "x")).get(0)).sum())
                    .apply(rows)
                    .sum();
            assertClose(Functions.grad(shared).apply(a), square(rows).sum().times(6 * 0.7), 1e-14);
        }
        Function<List<NDArray>, NDArray> power = Functions.customJvp(
                p -> p.get(0).times(p.get(1)), (p, dp) -> new JVP<>(p.get(0).times(p.get(1)), p.get(1).times(dp.get(0)).times(2)));
        NDArray slope = Functions.vjp(power, List.of(scalar(3.0), scalar(4L))).pullback().apply(scalar(1.0)).getFirst();
        assertThat(slope.item()).isEqualTo(8);
    }

    /// JAX's example: the plain derivative of `log(1 + e^x)` is NaN at 100 in float64 at 1000; and clipping of a gradient.
    @Test
    void examplesOfUse() {
        Function<NDArray, NDArray> naive = x -> log(exp(x).plus(1));
        Function<NDArray, NDArray> stable = Functions.customJvp(
                naive, (x, dx) -> new JVP<>(naive.apply(x), subtract(1, reciprocal(exp(x).plus(1))).times(dx)));
        assertThat(Functions.grad(naive).apply(scalar(1000.0)).item()).isNaN();
        assertThat(Functions.grad(stable).apply(scalar(1000.0)).item()).isEqualTo(1);
        assertThat(Functions.grad(stable).apply(scalar(0.0)).item()).isEqualTo(0.5);
        Function<NDArray, NDArray> clipped = Functions.customVjp(
                x -> x, x -> new WithResiduals<>(x, List.of()), (_, ct) -> clip(ct, -0.5, 0.5));
        assertThat(Functions.grad((NDArray x) -> clipped.apply(x).times(3)).apply(scalar(1.0)).item()).isEqualTo(0.5);
    }

    @Test
    void whatHasNoRuleSaysSo() {
        assertThatThrownBy(() -> Functions.jacfwd(REVERSE).apply(X))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("customVjp: the function has no forward derivative.")
                .hasMessageContaining("Fix:      differentiate in reverse (grad, vjp, jacrev), or give the rule with customJvp, which serves both ways.");
        Function<NDArray, NDArray> captures =
                y -> Functions.customJvp((NDArray x) -> x.times(y), (x, dx) -> new JVP<>(x.times(y), dx)).apply(scalar(2.0));
        assertThat(captures.apply(scalar(3.0)).item()).isEqualTo(6);
        assertThatThrownBy(() -> Functions.grad(captures).apply(scalar(3.0)))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("customJvp: the function is differentiated by a value that it captures.")
                .hasMessageContaining("Fix:      pass the value as part of the argument.");
        Function<NDArray, NDArray> wrong = Functions.customJvp(x -> x.times(2), (x, dx) -> new JVP<>(x.times(2), dx.sum()));
        assertThatThrownBy(() -> Functions.grad((NDArray x) -> wrong.apply(x).sum()).apply(X))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("customJvp: the rule returned a tangent of another structure or shape.")
                .hasMessageContaining("Expected: [[3]]")
                .hasMessageContaining("Got:      [[]]");
    }

    /// The rule is run when a derivative is taken, and what it returns has to depend on the argument alone.
    @Test
    void aRuleThatCapturesWhatIsTracedSaysSo() {
        Function<NDArray, NDArray> slope = Functions.jit((NDArray k) -> {
            NDArray fast = k.gt(0.5);
            Function<NDArray, NDArray> f = Functions.customJvp(
                    x -> where(fast, x, x.times(2)), (x, dx) -> new JVP<>(where(fast, x, x.times(2)), where(fast, dx, dx.times(2))));
            return Functions.grad(f).apply(k);
        });
        assertThatThrownBy(() -> slope.apply(scalar(0.7)))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("a derivative rule: it uses a value that the function around it computes.")
                .hasMessageContaining("Fix:      pass the value as part of the argument of the function that has the rule.");
    }
}
