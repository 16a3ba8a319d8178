package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
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

    /// Where a direction has no mean there is no slope: the derivatives are 0 and not NaN.
    @Test
    void directionsWithoutAMean() {
        var d = new ProjectedNormal(Np.zeros(3));
        NDArray slope = Functions.grad((NDArray m) -> new ProjectedNormal(m).entropy()).apply(d.concentration());
        assertThat(slope.toDoubleArray()).containsExactly(0, 0, 0);
        NDArray change = Functions.grad((NDArray m) -> new ProjectedNormal(m).variance().sum()).apply(d.concentration());
        assertThat(change.toDoubleArray()).containsExactly(0, 0, 0);
    }

    /// A direction of one number is a sign.
    @Test
    void directionsOnALine() {
        var d = new ProjectedNormal(NDArray.of(new double[] {0.7}));
        double up = Np.ndtr(NDArray.as(0.7)).item();
        assertThat(d.entropy().item()).isCloseTo(new Bernoulli(up).entropy().item(), within(1e-14));
        assertThat(d.variance().item()).isCloseTo(4 * new Bernoulli(up).variance().item(), within(1e-14));
    }

    /// A repeated base is the base, and angles of which only one is skewed are one and another.
    @Test
    void skewedAnglesWithOtherShapes() {
        var torus = new SineBivariateVonMises(0.5, -1, 3, 2, -1.5);
        NDArray skewness = NDArray.of(new double[][] {{-0.2, 0.7}, {0.3, 0.1}});
        var wide = new SineSkewed(torus.expand(2), skewness);
        for (String method : List.of("entropy", "mean", "variance")) {
            NDArray got = answer(wide, method);
            for (int i = 0; i < 2; i++) {
                NDArray one = answer(new SineSkewed(torus, skewness.get(i)), method);
                assertThat(got.get(i).toDoubleArray()).usingComparatorWithPrecision(1e-14).containsExactly(one.toDoubleArray());
            }
        }
        var two = new SineSkewed(new VonMises(0, NDArray.of(0.7, 2)).toEvent(1), NDArray.of(0, 0.4));
        var one = new SineSkewed(new VonMises(0, NDArray.of(new double[] {2})).toEvent(1), NDArray.of(new double[] {0.4}));
        assertThat(two.entropy().item()).isCloseTo(new VonMises(0, 0.7).entropy().item() + one.entropy().item(), within(1e-13));
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
            case "SineSkewedUniform" -> new SineSkewed(new Uniform(-Math.PI, Math.PI).expand(p.length).toEvent(1), NDArray.of(p));
            case "SineSkewedNormal" -> new SineSkewed(
                    new TwoSidedTruncatedDistribution(new Normal(NDArray.of(new double[1]), p[0]), -Math.PI, Math.PI).toEvent(1),
                    NDArray.of(new double[] {p[1]}));
            case "SineSkewedAngles" -> new SineSkewed(
                    new VonMises(0.5, NDArray.of(Arrays.copyOf(p, p.length / 2))).toEvent(1),
                    NDArray.of(Arrays.copyOfRange(p, p.length / 2, p.length)));
            case "ProjectedNormal" -> new ProjectedNormal(NDArray.of(p));
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
            case "density at −mean" -> d.logProb(d.mean().unaryMinus());
            case "entropy by scale" -> Functions.grad((NDArray t) -> scaled(d, t).entropy()).apply(NDArray.as(1.0));
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Distribution scaled(Distribution d, NDArray t) {
        return switch (d) {
            case ProjectedNormal p -> new ProjectedNormal(p.concentration().times(t));
            case SineSkewed s -> new SineSkewed(s.baseDist(), s.skewness().times(t));
            default -> throw new IllegalArgumentException(d.toString());
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
