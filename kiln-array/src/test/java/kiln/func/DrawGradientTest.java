package kiln.func;

import static kiln.array.Np.*;
import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.op.Bind;
import kiln.op.GammaDrawDerivative;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Derivatives of draws by the parameters of their distributions: at single draws where there is a formula, by expectations elsewhere.
class DrawGradientTest {
    private static final int N = 20_000;
    private static final Shape DRAWS = Shape.of(N);
    private static final PRNGKey KEY = PRNGKey.key(13);

    /// First and second derivative of the quantile function by the shape at a fixed probability: mpmath, 40 digits, root of the
    /// regularised incomplete gamma function, central differences of fourth order.
    private static final double[][] QUANTILES = {
        {0.3, 0.02, 0.254194302084589, 1.65547182117},
        {0.3, 1.5, 3.2130227806903225, -5.31863495967},
        {1.0, 0.5, 0.80697911682531802, 0.17423297525},
        {1.0, 2.0, 1.6316914623497008, -0.38553145389},
        {2.5, 1.7, 0.87504438142040392, 0.031295145401},
        {2.5, 6.0, 1.6029866492202412, -0.132972499174},
        {40.0, 33.0, 0.91067849713544775, 0.0011254589615},
        {40.0, 55.0, 1.1725263475898511, -0.00216542602126},
    };

    /// `dx/da` as a function of the shape and the logarithm of the draw.
    private static NDArray slope(List<NDArray> aAndLog) {
        return exp(aAndLog.get(1)).times(Bind.apply(new GammaDrawDerivative(1), aAndLog));
    }

    @Test
    void derivativesOfTheQuantile() {
        for (double[] row : QUANTILES) {
            List<NDArray> at = List.of(scalar(row[0]), log(scalar(row[1])));
            NDArray first = slope(at);
            assertThat(first.item()).as("a = %s, x = %s", row[0], row[1]).isCloseTo(row[2], relative(1e-12, row[2]));
            NDArray second = Functions.jvp(DrawGradientTest::slope, at, List.of(scalar(1.0), first.div(row[1]))).tangent();
            assertThat(second.item()).as("a = %s, x = %s", row[0], row[1]).isCloseTo(row[3], relative(1e-7, 1));
        }
    }

    private static Offset<Double> relative(double digits, double size) {
        return within(digits * Math.abs(size));
    }

    private static NDArray tangent(Function<NDArray, NDArray> draw, double at) {
        return Functions.jvp(draw, scalar(at), scalar(1.0)).tangent();
    }

    /// For shape 1, `dx/da = log x + γ + e^x E₁(x)`, with the power series of the exponential integral (Abramowitz and Stegun 5.1.11).
    @Test
    void gammaDrawsAtShapeOne() {
        double[] x = KEY.gamma(1.0, DRAWS).toDoubleArray();
        double[] got = tangent(a -> KEY.gamma(a, DRAWS), 1).toDoubleArray();
        int checked = 0;
        for (int i = 0; i < N; i++) {
            if (x[i] > 3) {
                continue;
            }
            double gamma = 0.5772156649015329;
            double e1 = -gamma - Math.log(x[i]);
            double term = 1;
            for (int k = 1; k < 60; k++) {
                term *= -x[i] / k;
                e1 -= term / k;
            }
            assertThat(got[i]).as("x = %s", x[i]).isCloseTo(Math.log(x[i]) + gamma + Math.exp(x[i]) * e1, relative(1e-11, 1));
            checked++;
        }
        assertThat(checked).isGreaterThan(N * 9 / 10);
    }

    private static Arguments mean(String name, double at, Function<NDArray, NDArray> draws, double derivative) {
        return Arguments.of(name + " at " + at, at, draws, derivative);
    }

    /// What is drawn as a function of a parameter, and the derivative of its expectation.
    static Stream<Arguments> means() {
        return Stream.of(
                mean("gamma", 0.3, a -> KEY.gamma(a, DRAWS), 1),
                mean("gamma", 1, a -> KEY.gamma(a, DRAWS), 1),
                mean("gamma", 4, a -> KEY.gamma(a, DRAWS), 1),
                mean("gamma", 50, a -> KEY.gamma(a, DRAWS), 1),
                mean("square of gamma", 3, a -> square(KEY.gamma(a, DRAWS)), 7),
                // E log x = ψ(a)
                mean("loggamma", 1, a -> KEY.loggamma(a, DRAWS), Math.PI * Math.PI / 6),
                mean("loggamma", 0.5, a -> KEY.loggamma(a, DRAWS), Math.PI * Math.PI / 2),
                mean("chisquare", 5, k -> KEY.chisquare(k, DRAWS), 1),
                mean("beta by a", 0.7, a -> KEY.beta(a, 2.5, DRAWS), 2.5 / (3.2 * 3.2)),
                mean("beta by b", 2.5, b -> KEY.beta(0.7, b, DRAWS), -0.7 / (3.2 * 3.2)),
                mean("dirichlet", 2, a -> third(KEY.dirichlet(stack(List.of(a, scalar(1.0), scalar(4.0)), 0), DRAWS)), -4.0 / 49),
                mean("square of t", 20, k -> square(KEY.t(k, DRAWS)), -2.0 / (18 * 18)),
                mean("f by dfden", 20, k -> KEY.f(3, k, DRAWS), -2.0 / (18 * 18)),
                mean("f by dfnum", 5, k -> KEY.f(k, 20, DRAWS), 0),
                mean("wald", 1.5, m -> KEY.wald(m, DRAWS), 1),
                mean("square of wald", 0.6, m -> square(KEY.wald(m, DRAWS)), 3 * 0.36 + 2 * 0.6),
                mean("generalizedNormal", 1.7, p -> pow(abs(KEY.generalizedNormal(p, DRAWS)), p), -1 / (1.7 * 1.7)),
                mean("scaled normal", 2, s -> square(KEY.normal(DRAWS).times(s)), 4),
                mean("exponential", 2, r -> KEY.exponential(DRAWS).div(r), -0.25),
                mean("logarithm of pareto", 2, b -> log(KEY.pareto(b, DRAWS)), -0.25),
                mean("rayleigh", 2, s -> KEY.rayleigh(s, DRAWS), Math.sqrt(Math.PI / 2)),
                mean("weibullMin", 3, s -> KEY.weibullMin(s, 2, DRAWS), Math.sqrt(Math.PI) / 2),
                mean("logarithm of lognormal, squared", 0.5, s -> square(log(KEY.lognormal(s, DRAWS))), 1));
    }

    private static NDArray third(NDArray x) {
        return x.get(Index.ALL, Index.at(2));
    }

    /// Within 5.3 standard errors: a correct derivative is not in one case of ten million.
    @ParameterizedTest(name = "{0}")
    @MethodSource("means")
    void theMeanOfTheDerivativeIsTheDerivativeOfTheMean(String name, double at, Function<NDArray, NDArray> draws, double derivative) {
        NDArray slopes = tangent(draws, at);
        assertThat(Math.abs(slopes.mean().item() - derivative)).as(name)
                .isLessThanOrEqualTo(5.3 * std(slopes, 1).item() / Math.sqrt(N) + 1e-12);
    }

    /// The second derivative of `E x = a` is 0, of `E x² = a² + a` it is 2.
    @Test
    void secondDerivatives() {
        Function<NDArray, NDArray> slope = a -> Functions.<NDArray, NDArray>jvp(s -> KEY.gamma(s, DRAWS), a, onesLike(a)).tangent();
        NDArray curvature = tangent(slope, 2.5);
        assertThat(Math.abs(curvature.mean().item())).isLessThan(5.3 * std(curvature, 1).item() / Math.sqrt(N));
        NDArray ofSquare = tangent(a -> Functions.<NDArray, NDArray>jvp(s -> square(KEY.gamma(s, DRAWS)), a, onesLike(a)).tangent(), 2.5);
        assertThat(Math.abs(ofSquare.mean().item() - 2)).isLessThan(5.3 * std(ofSquare, 1).item() / Math.sqrt(N));
    }

    /// A draw at a fixed probability: the distribution function of the draw does not change with the parameter.
    @Test
    void drawsAtAFixedProbability() {
        NDArray wald = tangent(m -> {
            NDArray x = KEY.wald(m, DRAWS);
            NDArray root = reciprocal(sqrt(x));
            NDArray r = x.div(m);
            return ndtr(root.times(r.minus(1))).plus(exp(divide(2, m)).times(ndtr(root.times(r.plus(1)).unaryMinus())));
        }, 1.5);
        assertThat(abs(wald).max().item()).isLessThan(1e-13);
        NDArray truncated = tangent(low -> {
            NDArray x = KEY.truncatedNormal(low, scalar(2.0), DRAWS);
            return ndtr(x).minus(ndtr(low)).div(ndtr(2).minus(ndtr(low)));
        }, -0.5);
        assertThat(abs(truncated).max().item()).isLessThan(1e-12);
        NDArray uniform = tangent(low -> KEY.uniform(DRAWS, low, scalar(3.0)).minus(low).div(subtract(3, low)), 1);
        assertThat(abs(uniform).max().item()).isLessThan(1e-14);
    }

    @Test
    void inEveryTransform() {
        Function<NDArray, NDArray> f = a -> log(KEY.gamma(a, Shape.of(5, 3))).sum().plus(KEY.beta(a, 2, Shape.of(3)).sum());
        NDArray a = NDArray.of(0.4, 1, 3.7);
        NDArray slopes = Functions.grad(f).apply(a);
        assertClose(Functions.jit(f).apply(a), f.apply(a), 1e-14);
        assertClose(Functions.jit(Functions.grad(f)).apply(a), slopes, 1e-13);
        assertClose(Functions.jacfwd(f).apply(a), slopes, 1e-13);
        NDArray lanes = stack(List.of(a, a.times(2), a.plus(0.1)), 0);
        NDArray loop = stack(List.of(slopes, Functions.grad(f).apply(a.times(2)), Functions.grad(f).apply(a.plus(0.1))), 0);
        assertClose(Functions.vmap(Functions.grad(f)).apply(lanes), loop, 1e-13);
        assertClose(Functions.jit(Functions.vmap(Functions.grad(f))).apply(lanes), loop, 1e-13);
        Function<NDArray, NDArray> draws = s -> KEY.gamma(s, Shape.of(2, 3));
        NDArray one = draws.apply(a.times(2));
        assertSame(Functions.vmap(draws).apply(lanes).get(1), one);
        assertSame(Functions.vmap(Functions.vmap(draws)).apply(stack(List.of(lanes, lanes), 0)).get(1, 1), one);
    }

    /// The float32 derivative is that of the float32 draw, which the same operation gives in double precision.
    @Test
    void singlePrecision() {
        NDArray a = broadcastTo(NDArray.of(0.01f, 0.4f, 3.7f), Shape.of(40, 3));
        Function<NDArray, NDArray> f = s -> KEY.gamma(s, Shape.of(40, 3));
        JVP<NDArray> both = DType.withDefault(DType.FLOAT32, () -> Functions.jvp(f, a, onesLike(a)));
        assertThat(both.tangent().dtype()).isEqualTo(DType.FLOAT32);
        NDArray x = maximum(both.value().astype(DType.FLOAT64), Double.MIN_NORMAL);
        assertClose(both.tangent().astype(DType.FLOAT64), slope(List.of(a.astype(DType.FLOAT64), log(x))), 1e-6);
    }

    /// A draw of shape 10⁻⁴ is mostly smaller than any double; its logarithm and derivatives are not.
    @Test
    void drawsThatUnderflow() {
        NDArray a = scalar(1e-4);
        assertThat(KEY.gamma(a, Shape.of(50)).min().item()).isZero();
        assertThat(isfinite(tangent(s -> KEY.gamma(s, Shape.of(50)), 1e-4)).toDoubleArray()).containsOnly(1);
        // d log x/da = (ψ(a + 1) − log x) / a, with ψ(1 + a) = −γ + a π²/6 − ….
        NDArray logs = KEY.loggamma(a, Shape.of(50));
        double psi = -0.5772156649015329 + 1e-4 * Math.PI * Math.PI / 6 - 1e-8 * 1.2020569031595942;
        double[] want = logs.unaryMinus().plus(psi).div(a).toDoubleArray();
        double[] got = tangent(s -> KEY.loggamma(s, Shape.of(50)), 1e-4).toDoubleArray();
        double[] log = logs.toDoubleArray();
        for (int i = 0; i < want.length; i++) {
            if (log[i] < -40) {
                assertThat(got[i]).isCloseTo(want[i], relative(1e-12, want[i]));
            }
        }
    }
}
