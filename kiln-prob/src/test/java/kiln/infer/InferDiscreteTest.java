package kiln.infer;

import static java.util.Objects.requireNonNull;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Bernoulli;
import kiln.dist.Categorical;
import kiln.dist.DiscreteUniform;
import kiln.dist.MixtureSameFamily;
import kiln.dist.Normal;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.HandlerException;
import org.junit.jupiter.api.Test;

/// Discrete sites after sampling: draws and most probable values against Bayes' rule by hand, and the density under NUTS against the
/// mixture written as one distribution.
class InferDiscreteTest {
    private static final NDArray Y = NDArray.of(-1.2, 0.1, 0.4, 2.2);
    private static final NDArray WEIGHTS = NDArray.of(0.3, 0.7);

    private static void mixture() {
        NDArray mu = sample("mu", new Normal(NDArray.of(-1.0, 1.0), 2));
        try (var _ = plate("data", 4)) {
            NDArray z = sample("z", new Categorical(WEIGHTS));
            sample("y", new Normal(mu.get(z), 0.8), Y);
        }
    }

    @Test
    void theDensityIsThatOfTheMixture() {
        var summed = PosteriorDensity.of(InferDiscreteTest::mixture, PRNGKey.key(0));
        var written = PosteriorDensity.of(
                () -> {
                    NDArray mu = sample("mu", new Normal(NDArray.of(-1.0, 1.0), 2));
                    try (var _ = plate("data", 4)) {
                        sample("y", new MixtureSameFamily(new Categorical(WEIGHTS), new Normal(mu, 0.8)), Y);
                    }
                },
                PRNGKey.key(0));
        double[] q = {-0.7, 1.3};
        double[] a = new double[2];
        double[] b = new double[2];
        assertThat(summed.valueAndGradient(q, a)).isCloseTo(written.valueAndGradient(q, b), within(1e-12));
        assertThat(a[0]).isCloseTo(b[0], within(1e-12));
        assertThat(a[1]).isCloseTo(b[1], within(1e-12));
    }

    /// P(z = 1 | mu, y) by Bayes' rule.
    private static double second(double y) {
        double one = 0.3 * StrictMath.exp(-0.5 * StrictMath.pow((y + 1) / 0.8, 2));
        double two = 0.7 * StrictMath.exp(-0.5 * StrictMath.pow((y - 1) / 0.8, 2));
        return two / (one + two);
    }

    /// 4,000 draws at one position; each frequency within 5 standard errors of the exact probability: correct draws fail with 2e-6.
    @Test
    void drawsFollowBayesRule() {
        int n = 4000;
        Map<String, NDArray> mu = Map.of("mu", Np.broadcastTo(NDArray.of(-1.0, 1.0), Shape.of(n, 2)));
        var infer = new InferDiscrete(InferDiscreteTest::mixture, mu);
        NDArray z = requireNonNull(infer.run(PRNGKey.key(1)).get("z"));
        NDArray best = requireNonNull(infer.temperature(0).run(PRNGKey.key(1)).get("z"));
        for (int i = 0; i < 4; i++) {
            double p = second(Y.get(i).item());
            double share = z.astype(DType.FLOAT64).mean(0).get(i).item();
            assertThat(share).isCloseTo(p, within(5 * StrictMath.sqrt(p * (1 - p) / n) + 1e-12));
            assertThat(best.get(0, i).item()).isEqualTo(p > 0.5 ? 1 : 0);
        }
    }

    @Test
    void predictiveDrawsThemToo() {
        Map<String, NDArray> mu = Map.of("mu", NDArray.of(new double[][] {{-1, 1}, {-50, 50}}));
        var out = new Predictive(InferDiscreteTest::mixture, mu).inferDiscrete(true).run(PRNGKey.key(0));
        assertThat(requireNonNull(out.get("z")).shape()).isEqualTo(Shape.of(2, 4));
        // With means as far apart as that, the sign decides.
        assertThat(requireNonNull(out.get("z")).get(1).toLongArray()).containsExactly(0, 1, 1, 1);
    }

    /// The values are those of the support, not their numbers.
    @Test
    void marginalProbabilitiesAndValuesOfTheSupport() {
        var free = UnconstrainedModel.of(
                () -> {
                    NDArray x = sample("x", new Normal(0, 1));
                    NDArray k = sample("k", new DiscreteUniform(3, 5));
                    sample("y", new Normal(k.plus(x), 1), 4.4);
                },
                PRNGKey.key(0));
        var z = free.enumeration(Map.of("x", Np.scalar(0.0)));
        double[] weight = new double[3];
        double sum = 0;
        for (int k = 3; k <= 5; k++) {
            weight[k - 3] = StrictMath.exp(-0.5 * (4.4 - k) * (4.4 - k));
            sum += weight[k - 3];
        }
        for (int k = 0; k < 3; k++) {
            assertThat(requireNonNull(z.marginals().get("k")).get(k).item()).isCloseTo(weight[k] / sum, within(1e-14));
        }
        assertThat(requireNonNull(z.mostProbable().get("k")).item()).isEqualTo(4);
    }

    /// A run finds its discrete sites itself: the same draws as those of `InferDiscrete`, by chain.
    @Test
    void aPosteriorFindsThem() {
        var posterior = new MCMC(new NUTS(InferDiscreteTest::mixture)).numWarmup(20).numSamples(30).numChains(2)
                .progress(ProgressListener.NONE).run(PRNGKey.key(3));
        NDArray z = requireNonNull(posterior.inferDiscrete(PRNGKey.key(1)).get("z"));
        assertThat(z.shape()).isEqualTo(Shape.of(2, 30, 4));
        NDArray same = requireNonNull(new InferDiscrete(InferDiscreteTest::mixture, posterior.samples()).run(PRNGKey.key(1)).get("z"));
        assertThat(z.toLongArray()).isEqualTo(same.toLongArray());
        NDArray best = requireNonNull(posterior.mostProbableDiscrete().get("z"));
        NDArray mu = posterior.samplesByChain("mu");
        for (int i = 0; i < 4; i++) {
            double one = StrictMath.log(0.3) - 0.5 * StrictMath.pow((Y.get(i).item() - mu.get(1, 7, 0).item()) / 0.8, 2);
            double two = StrictMath.log(0.7) - 0.5 * StrictMath.pow((Y.get(i).item() - mu.get(1, 7, 1).item()) / 0.8, 2);
            assertThat(best.get(1, 7, i).item()).isEqualTo(two > one ? 1 : 0);
        }
        assertThatThrownBy(() -> new Posterior(new java.util.LinkedHashMap<>(Map.of("x", Np.zeros(2, 3))), java.util.Set.of(), Map.of(), new int[2])
                        .inferDiscrete(PRNGKey.key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("Posterior: no discrete site was summed out.\n  Got:      draws of \"x\"");
    }

    /// Two sites that are summed out together have one term; a density of 0 for all their values is reported under both names.
    @Test
    void aSumOfZerosIsReported() {
        var density = PosteriorDensity.of(
                () -> {
                    sample("x", new Normal(0, 1));
                    NDArray z = sample("z", new Bernoulli(0.5));
                    NDArray w = sample("w", new Bernoulli(0.5));
                    factor("never", Np.where(z.plus(w).ge(0), Double.NEGATIVE_INFINITY, 0.0));
                },
                PRNGKey.key(0));
        assertThat(density.valueAndGradient(new double[1], new double[1])).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(density.notFinite(new double[1])).containsExactly("site \"z, w\" has log density -Infinity", "x = 0.0");
        assertThat(density.place(new double[1])).startsWith("sample(\"z\"), ");
    }

    @Test
    void errorsNameTheSites() {
        assertThatThrownBy(() -> new InferDiscrete(InferDiscreteTest::mixture, Map.of("nu", NDArray.of(1.0))).run(PRNGKey.key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("InferDiscrete: every continuous site needs draws.\n  Expected: \"mu\"\n  Got:      \"nu\"; missing \"mu\"");
        assertThatThrownBy(() -> new InferDiscrete(() -> sample("x", new Normal(0, 1)), Map.of("x", NDArray.of(1.0))).run(PRNGKey.key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("InferDiscrete: the model has no discrete site that is not observed.\n  Got:      sites \"x\"");
        assertThatThrownBy(() -> new InferDiscrete(() -> sample("b", new Bernoulli(0.5)), Map.of()).run(PRNGKey.key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("InferDiscrete: the model has no continuous site, so nothing says how many draws to make.");
    }
}
