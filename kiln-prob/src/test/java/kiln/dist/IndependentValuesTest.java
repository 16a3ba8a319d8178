package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Moments and entropies against sums and integrals that `tools/distribution-values.py` computed with mpmath.
class IndependentValuesTest {
    /// A line of the file.
    record Value(String distribution, String method, double want) {}

    static Stream<Value> values() throws IOException {
        return Rows.of("values.csv").stream().map(f -> new Value(f[0], f[1], Double.parseDouble(f[2])));
    }

    private static Distribution make(String text) {
        String[] word = text.split(" ");
        double[] p = Stream.of(word).skip(1).filter(w -> w.matches("[-0-9.]+")).mapToDouble(Double::parseDouble).toArray();
        return switch (word[0]) {
            case "Poisson" -> new Poisson(p[0]);
            case "NegativeBinomial" -> new NegativeBinomial(p[0], p[1]);
            case "BetaNegativeBinomial" -> new BetaNegativeBinomial(p[0], p[1], p[2]);
            case "ZeroInflatedPoisson" -> new ZeroInflatedPoisson(p[0], p[1]);
            case "HurdlePoisson" -> new HurdlePoisson(p[0], p[1]);
            case "StudentT" -> new LeftTruncatedDistribution(new StudentT(p[0], 0, 1), p[1]);
            case "Folded" -> new FoldedDistribution(
                    switch (word[1]) {
                        case "Normal" -> new Normal(p[0], p[1]);
                        case "Laplace" -> new Laplace(p[0], p[1]);
                        default -> new Cauchy(p[0], p[1]);
                    });
            case "TruncatedPolyaGamma" -> new TruncatedPolyaGamma();
            case "SineBivariateVonMises" -> new SineBivariateVonMises(0.5, -1, p[0], p[1], p[2]);
            case "SineSkewedVonMises" -> new SineSkewed(new VonMises(NDArray.of(0.5), NDArray.as(p[0])).toEvent(1), NDArray.of(new double[] {p[1]}));
            case "SineSkewed" -> new SineSkewed(new SineBivariateVonMises(0.5, -1, p[0], p[1], p[2]), NDArray.of(p[3], p[4]));
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static NDArray answer(Distribution d, String method) {
        return switch (method) {
            case "mean" -> d.mean();
            case "mean 0" -> d.mean().get(0);
            case "mean 1" -> d.mean().get(1);
            case "variance" -> d.variance();
            case "variance 0" -> d.variance().get(0);
            case "variance 1" -> d.variance().get(1);
            case "entropy" -> d.entropy();
            default -> throw new IllegalArgumentException(method);
        };
    }

    /// To 1e-11, or where large logarithms of Γ cancel in an entropy, to 1e-15 of them.
    @ParameterizedTest
    @MethodSource("values")
    void theValueOfMpmath(Value v) {
        Distribution d = make(v.distribution());
        double room = d instanceof GammaMixedPoisson g ? 1e-15 * g.size().item() * Math.log(g.size().item() + 2) : 0;
        double want = v.want();
        assertThat(answer(d, v.method()).item()).isCloseTo(want, within(Math.max(1e-11 * Math.max(Math.abs(want), 0.01), room)));
        double compiled = Functions.jit((Distribution x) -> answer(x, v.method())).apply(d).item();
        assertThat(compiled).isCloseTo(want, within(Math.max(1e-11 * Math.max(Math.abs(want), 0.01), room)));
    }

    /// Derivatives of the entropy that is found by adaptive quadrature are those of its differences, forwards and in reverse.
    @ParameterizedTest
    @CsvSource({"0.7, 6, 2.5", "2, 0.05, 5", "1000, 50, 2000"})
    void theEntropyOfLongTailsHasDerivatives(double a, double b, double n) {
        var at = new BetaNegativeBinomial(a, b, n);
        var reverse = Functions.grad((Distribution d) -> d.entropy()).apply(at);
        for (int k = 0; k < 3; k++) {
            int parameter = k;
            Function<NDArray, NDArray> f = t -> {
                List<NDArray> moved = new ArrayList<>(Pytree.leaves(at));
                moved.set(parameter, moved.get(parameter).times(Np.exp(t)));
                return Pytree.withLeaves(at, moved).entropy();
            };
            double h = 1e-3;
            double near = f.apply(Np.scalar(h)).item() - f.apply(Np.scalar(-h)).item();
            double far = f.apply(Np.scalar(2 * h)).item() - f.apply(Np.scalar(-2 * h)).item();
            double want = (8 * near - far) / (12 * h);
            double forward = Functions.jvp(f, Np.scalar(0.0), Np.scalar(1.0)).tangent().item();
            assertThat(forward).isCloseTo(want, within(1e-8 * Math.abs(want) + 1e-10));
            double back = Pytree.leaves(reverse).get(k).item() * Pytree.leaves(at).get(k).item();
            assertThat(back).isCloseTo(forward, within(1e-13 * Math.abs(want)));
        }
    }

    /// The mirror image, moved and stretched, has the mirrored moments.
    @ParameterizedTest
    @MethodSource("values")
    void theMirrorImageOfStudentsT(Value v) {
        if (make(v.distribution()) instanceof LeftTruncatedDistribution(StudentT t, NDArray low)) {
            var mirror = new RightTruncatedDistribution(new StudentT(t.df(), NDArray.as(1.0), NDArray.as(2.0)), low.times(-2).plus(1));
            double want = switch (v.method()) {
                case "mean" -> 1 - 2 * v.want();
                case "variance" -> 4 * v.want();
                default -> v.want() + Math.log(2);
            };
            assertThat(answer(mirror, v.method()).item()).isCloseTo(want, within(1e-10 * Math.max(1, Math.abs(want))));
        }
    }

    /// Where moments of an open tail do not exist.
    @ParameterizedTest
    @MethodSource("ends")
    void momentsThatAreInfinite(double df, double mean, double variance) {
        var d = new LeftTruncatedDistribution(new StudentT(df, 0, 1), 0.5);
        assertThat(Double.isInfinite(d.mean().item())).isEqualTo(Double.isInfinite(mean));
        assertThat(d.variance().item()).isEqualTo(variance);
        assertThat(new RightTruncatedDistribution(new StudentT(df, 0, 1), -0.5).mean().item()).isEqualTo(-d.mean().item());
    }

    static List<Arguments> ends() {
        double inf = Double.POSITIVE_INFINITY;
        return List.of(
                Arguments.of(0.5, inf, inf),
                Arguments.of(1, inf, inf),
                Arguments.of(1.5, 1, inf),
                Arguments.of(2, 1, inf));
    }
}
