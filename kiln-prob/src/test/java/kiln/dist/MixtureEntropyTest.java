package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Entropies of mixtures and their derivatives against integrals and sums that `tools/mixture-entropies.py` computed with mpmath.
class MixtureEntropyTest {
    /// A line of the file: the entropy, then its derivatives by all parameters.
    record Value(String name, List<Double> want) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Value> values() throws IOException {
        var stream = Objects.requireNonNull(MixtureEntropyTest.class.getResourceAsStream("/kiln/dist/mixture-entropies.csv"));
        try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return in.lines()
                    .map(line -> line.split(","))
                    .map(f -> new Value(f[0], Arrays.stream(f).skip(1).map(Double::valueOf).toList()))
                    .toList()
                    .stream();
        }
    }

    private static Mixed of(double weight, Distribution a, Distribution b) {
        return Mixture.of(new Categorical(NDArray.of(weight, 1 - weight)), List.of(a, b));
    }

    private static Mixed make(String name) {
        return switch (name) {
            case "normals" -> of(0.3, new Normal(-1, 1), new Normal(2, 0.5));
            case "needle" -> of(0.6, new Normal(0, 1), new Normal(0.3, 1e-6));
            case "far apart" -> of(0.5, new Normal(0, 1), new Normal(1e5, 0.01));
            case "tails" -> of(0.5, new Cauchy(0.5, 0.01), new Normal(1, 2));
            case "corners" -> of(0.25, new Laplace(0, 1), new Laplace(1.5, 0.3));
            case "poles" -> of(0.4, new Gamma(0.5, 2), new Gamma(3, 0.7));
            case "stretched" -> of(0.4, new Weibull(2, 0.4), new Weibull(1, 3));
            case "steps" -> new MixtureGeneral(
                    new Categorical(NDArray.of(0.4, 0.6)), List.of(new Uniform(-0.5, 2), new Normal(1, 1.5)), new Normal(0, 1).support());
            case "thresholds" -> new MixtureGeneral(
                    new Categorical(NDArray.of(0.4, 0.6)), List.of(new Pareto(1, 3), new Pareto(2, 1.5)), new Gamma(1, 1).support());
            case "poissons" -> of(0.3, new Poisson(2), new Poisson(30));
            case "trials" -> new MixtureGeneral(
                    new Categorical(NDArray.of(0.3, 0.7)), List.of(new Binomial(10, 0.4), new Poisson(6)), new Poisson(1).support());
            case "waits" -> of(0.2, new Geometric(0.3), new NegativeBinomial2(20, 2.5));
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @MethodSource("values")
    void theEntropyIsThatOfMpmath(Value v) {
        Mixed d = make(v.name());
        double want = v.want().getFirst();
        // Around 1e5 doubles are 1e-9 scales of that component apart.
        double room = v.name().equals("far apart") ? 1e-10 : 2e-12;
        assertThat(d.entropy().item()).isCloseTo(want, within(room * Math.max(1, Math.abs(want))));
        assertThat(Functions.jit((Distribution x) -> x.entropy()).apply(d).item()).isEqualTo(d.entropy().item());
    }

    /// By the weights, also those that do not add up to 1, and by the parameters of the components.
    @ParameterizedTest
    @MethodSource("values")
    void theDerivativesAreThoseOfMpmath(Value v) {
        Mixed d = make(v.name());
        List<NDArray> at = Pytree.leaves(d).stream().filter(x -> x.dtype().isFloating()).toList();
        List<NDArray> slopes = Functions.grad((List<NDArray> p) -> moved(d, p).entropy()).apply(at);
        double[] got = slopes.stream().flatMapToDouble(x -> Arrays.stream(x.toDoubleArray())).toArray();
        double[] want = v.want().stream().skip(1).mapToDouble(x -> x).toArray();
        assertThat(got).hasSameSizeAs(want);
        for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).as("parameter %d", i).isCloseTo(want[i], within(1e-9 * Math.max(1, Math.abs(want[i]))));
        }
        List<NDArray> direction = at.stream().map(x -> Np.full(x.shape(), 0.3)).toList();
        double forward = Functions.jvp((List<NDArray> p) -> moved(d, p).entropy(), at, direction).tangent().item();
        assertThat(forward).isCloseTo(0.3 * Arrays.stream(got).sum(), within(1e-12 * Arrays.stream(got).map(Math::abs).sum()));
    }

    private static Mixed moved(Mixed d, List<NDArray> floating) {
        var next = floating.iterator();
        return Pytree.withLeaves(d, Pytree.leaves(d).stream().map(x -> x.dtype().isFloating() ? next.next() : x).toList());
    }

    /// Batches of weights and of components, under `vmap` and in code.
    @Test
    void theElementsOfABatch() {
        var weights = NDArray.of(new double[][] {{0.3, 0.7}, {0.5, 0.5}, {1, 0}});
        var d = Mixture.of(new Categorical(weights), new Normal(NDArray.of(new double[][] {{-1, 2}, {0, 1e5}, {3, 4}}), NDArray.of(
                new double[][] {{1, 0.5}, {1, 0.01}, {2, 1}})));
        double[] got = d.entropy().toDoubleArray();
        assertThat(got).usingComparatorWithPrecision(2e-12).containsExactly(
                make("normals").entropy().item(), make("far apart").entropy().item(), new Normal(3, 2).entropy().item());
        assertThat(Functions.vmap((Distribution x) -> x.entropy()).apply(d).toDoubleArray()).usingComparatorWithPrecision(1e-13).containsExactly(got);
        List<NDArray> each = Pytree.leaves(Functions.grad((Distribution x) -> x.entropy().sum()).apply(d));
        List<NDArray> alone = Pytree.leaves(Functions.grad((Distribution x) -> x.entropy()).apply(
                Mixture.of(new Categorical(weights.get(0)), new Normal(NDArray.of(-1, 2), NDArray.of(1, 0.5)))));
        for (int i = 0; i < each.size(); i++) {
            assertThat(each.get(i).get(0).toDoubleArray()).usingComparatorWithPrecision(1e-12).containsExactly(alone.get(i).toDoubleArray());
        }
        var shared = Mixture.of(new Categorical(weights), new Poisson(NDArray.of(2.0, 30)));
        assertThat(shared.entropy().toDoubleArray()).usingComparatorWithPrecision(1e-13).containsExactly(
                make("poissons").entropy().item(), Mixture.of(new Categorical(NDArray.of(0.5, 0.5)), new Poisson(NDArray.of(2.0, 30))).entropy().item(),
                new Poisson(2).entropy().item());
    }

    /// Equal components are no mixture, whatever family they are of.
    @Test
    void equalComponents() {
        List<Distribution> one = List.of(new StudentT(3, 1, 2), new Levy(1, 2), new VonMises(0.5, 3), new Kumaraswamy(2, 3), new HalfCauchy(2),
                new Gumbel(1, 2), new InverseGamma(2, 3), new LogNormal(1, 2), TruncatedNormal.of(0, 1, 0.5, null), new Beta(2, 3),
                new Poisson(1e5), new Geometric(1e-6), new NegativeBinomial2(1e5, 0.3), new BetaNegativeBinomial(0.5, 0.3, 2),
                new BetaNegativeBinomial(1000, 50, 2000), new BetaNegativeBinomial(3, 1.5, 0.001), new ZeroInflatedPoisson(0.3, 1e5),
                new DiscreteUniform(3, 9), new BetaBinomial(0.7, 2, 9), new Categorical(NDArray.of(0.2, 0.5, 0.3)));
        for (Distribution d : one) {
            double want = d.entropy().item();
            // Where large logarithms of Γ cancel, a log density is exact to 1e-15 of them.
            double mean = d.isDiscrete() ? Math.min(d.mean().item(), 1e6) : 0;
            double room = Math.max(1e-11 * Math.max(1, Math.abs(want)), 1e-15 * mean * Math.log(mean + 2));
            assertThat(of(0.3, d, d).entropy().item()).as(d.toString()).isCloseTo(want, within(room));
            assertThat(of(0.3, of(0.2, d, d), d).entropy().item()).as(d.toString()).isCloseTo(want, within(room));
        }
    }

    /// What is apart adds the entropy of the choice.
    @Test
    void componentsApart() {
        double choice = -0.3 * Math.log(0.3) - 0.7 * Math.log(0.7);
        var near = new Poisson(3);
        for (Distribution far : List.of(new Poisson(2e5), new NegativeBinomial2(3e5, 1e4), new DiscreteUniform(5000, 200_000))) {
            var d = new MixtureGeneral(new Categorical(NDArray.of(0.3, 0.7)), List.of(near, far), near.support());
            double want = choice + 0.3 * near.entropy().item() + 0.7 * far.entropy().item();
            assertThat(d.entropy().item()).as(far.toString()).isCloseTo(want, within(1e-9));
        }
        // The derivative by a parameter of a long tail is that of the component, for its share.
        var tail = new BetaNegativeBinomial(1e6, 30, 1e5);
        NDArray own = Pytree.leaves(Functions.grad((Distribution x) -> x.entropy()).apply(tail)).get(1);
        var d = of(0.3, near, tail);
        NDArray slope = Functions.grad((NDArray b) -> of(0.3, near, new BetaNegativeBinomial(tail.concentration1(), b, tail.n())).entropy())
                .apply(tail.concentration0());
        // The entropy of the tail to 17 digits, by mpmath's quadrature of log Γ.
        assertThat(tail.entropy().item()).isCloseTo(21.6680523546271771, within(1e-12 * 21.7));
        assertThat(d.entropy().item()).isCloseTo(choice + 0.3 * near.entropy().item() + 0.7 * tail.entropy().item(), within(1e-10));
        assertThat(slope.item()).isCloseTo(0.7 * own.item(), within(1e-11));
    }

    /// What has a name of its own: a log-normal variable, a uniform one, a shifted and stretched one.
    @Test
    void transformedNumbers() {
        var log = new TransformedDistribution(new Normal(NDArray.of(0.5, -1), NDArray.of(0.9, 2)), new ExpTransform());
        assertThat(log.entropy().toDoubleArray()).usingComparatorWithPrecision(2e-12)
                .containsExactly(new LogNormal(0.5, 0.9).entropy().item(), new LogNormal(-1, 2).entropy().item());
        // H = loc + log scale + ½ log 2πe
        var slope = Functions.grad((NDArray s) -> new TransformedDistribution(new Normal(NDArray.as(0.5), s), new ExpTransform()).entropy());
        assertThat(slope.apply(NDArray.as(0.8)).item()).isCloseTo(1 / 0.8, within(1e-11));
        assertThat(new TransformedDistribution(new Logistic(0, 1), new SigmoidTransform()).entropy().item()).isCloseTo(0, within(1e-12));
        var heavy = new TransformedDistribution(new Cauchy(0, 1), new ExpTransform(), new AffineTransform(3, 2));
        // E log |dy/dx| = log 2 + E x, which does not exist.
        assertThatThrownBy(heavy::entropy).hasMessageContaining("TransformedDistribution: the entropy does not converge.");
        var moved = new TransformedDistribution(new Gamma(NDArray.of(2.0, 5), 3), new AffineTransform(1, -2), new AffineTransform(0, 0.5));
        assertThat(moved.entropy().toDoubleArray()).usingComparatorWithPrecision(1e-14)
                .containsExactly(new Gamma(2, 3).entropy().item(), new Gamma(5, 3).entropy().item());
        assertThat(moved.mean().toDoubleArray()).usingComparatorWithPrecision(1e-15).containsExactly(0.5 - 2 / 3.0, 0.5 - 5 / 3.0);
        assertThat(moved.variance().toDoubleArray()).usingComparatorWithPrecision(1e-15).containsExactly(2 / 9.0, 5 / 9.0);
        var vector = new TransformedDistribution(new Normal(NDArray.of(1, 2), 1).toEvent(1), new AffineTransform(1, NDArray.of(3, 0.2)));
        assertThat(vector.entropy().item()).isCloseTo(new Normal(0, NDArray.of(3, 0.2)).entropy().sum().item(), within(1e-14));
        assertThatThrownBy(() -> new TransformedDistribution(new Normal(0, 1), new ExpTransform()).mean())
                .hasMessageContaining("TransformedDistribution: mean() is not available for this distribution");
    }

    @Test
    void whatDoesNotConvergeIsRefused() {
        assertThatThrownBy(() -> of(0.5, new Beta(0.5, 0.3), new Beta(2, 0.2)).entropy())
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("MixtureGeneral: the entropy does not converge.")
                .hasMessageContaining("Expected: an error of at most 1.0E-10")
                .hasMessageContaining("A density is infinite, or changes, where doubles do not tell its arguments apart")
                .hasMessageContaining("Fix:      estimate it from draws: d.logProb(d.sample(key, Shape.of(100_000))).mean(0).unaryMinus().");
        assertThatThrownBy(() -> of(0.5, new BetaNegativeBinomial(1, 0.02, 1), new Poisson(2)).entropy())
                .hasMessageContaining("A tail is too long")
                .hasMessageContaining("Fix:      give BetaNegativeBinomial components a larger concentration0.");
        assertThatThrownBy(() -> of(0.5, new DiscreteUniform(0, 1 << 30), new DiscreteUniform(0, 1 << 30)).entropy())
                .hasMessageContaining("Expected: at most 16777216 counts");
    }

    @Test
    void atomsBesideADensityHaveNone() {
        var half = new Categorical(NDArray.of(0.5, 0.5));
        for (Distribution d : List.of(new Delta(1), new HurdleGamma(0.2, 2, 3), new Gamma(2, 3).mask(NDArray.as(1).gt(0)))) {
            assertThatThrownBy(() -> new MixtureGeneral(half, List.of(new Gamma(1, 2), d), Constraints.nonnegative).entropy())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("MixtureGeneral: entropy() is not available for this distribution");
        }
        var vectors = Mixture.of(half, new MultivariateNormal(Np.zeros(2, 2), Np.eye(2)));
        assertThatThrownBy(vectors::entropy).hasMessageContaining("MixtureSameFamily: entropy() is not available");
    }
}
