package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import kiln.array.NDArray;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Categorical;
import kiln.dist.DiscreteUniform;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.infer.Posterior;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gibbs sampling of the discrete variables of a model: exact posteriors, threads, bits. Stationarity and resuming: [GibbsInvarianceTest].
class DiscreteHMCGibbsTest {
    private static final double[] DATA = {0.4, 1.9, 3.1};

    static void shifted() {
        var mu = sample("mu", new Normal(0, 2));
        try (var _ = plate("data", 3)) {
            var z = sample("z", new Categorical(NDArray.of(0.3, 0.7)));
            sample("y", new Normal(mu.plus(z.times(3)), 1), NDArray.of(DATA));
        }
    }

    /// The exact means of `z` and of `mu`. `y − 3 z ~ N(0, I + 4·11ᵀ)` with the mean summed out, so that the eight values of `z` are weighed
    /// exactly: `log w = Σ log p(z_i) − ½ (|r|² − 4 (Σ r)²/13)`, `r = y − 3 z`.
    static double[] exactMeans() {
        double total = 0;
        double[] want = new double[4];
        for (int bits = 0; bits < 8; bits++) {
            double log = 0;
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                int z = bits >> i & 1;
                double r = DATA[i] - 3 * z;
                log += StrictMath.log(z == 1 ? 0.7 : 0.3) - 0.5 * r * r;
                sum += r;
            }
            double w = StrictMath.exp(log + 2 * sum * sum / 13);
            total += w;
            for (int i = 0; i < 3; i++) {
                want[i] += (bits >> i & 1) * w;
            }
            want[3] += w * 4 * sum / 13;
        }
        for (int i = 0; i < 4; i++) {
            want[i] /= total;
        }
        return want;
    }

    /// Four Monte Carlo errors of each of the four means (6e-5 each), and nothing found fault with.
    static void checkMeans(Posterior posterior) {
        double[] want = exactMeans();
        for (int i = 0; i < 4; i++) {
            double[][] x = i < 3 ? posterior.draws().element("z", i) : posterior.draws().element("mu", 0);
            assertThat(Arrays.stream(x).flatMapToDouble(Arrays::stream).average().orElseThrow())
                    .isCloseTo(want[i], within(4 * MonteCarloError.mcseMean(x)));
        }
        assertThat(posterior.verdict().findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    @Checks(value = SamplerCheck.POSTERIOR, kernels = "DiscreteHMCGibbs")
    void posteriorOfAModelIsExact(boolean walk, boolean modified) {
        Posterior posterior = new MCMC(new DiscreteHMCGibbs(new NUTS(DiscreteHMCGibbsTest::shifted), walk, modified))
                .numWarmup(500).numSamples(4000).progress(ProgressListener.NONE).run(key(5));
        assertThat(posterior.names()).containsExactly("mu", "z");
        checkMeans(posterior);
    }

    /// Values of the support, not their numbers: NumPyro proposes 0, 1, 2 here.
    @Test
    void supportsThatDoNotBeginAtZero() {
        Model model = () -> {
            var k = sample("k", new DiscreteUniform(3, 5));
            sample("y", new Normal(k, 1), 4.2);
        };
        Posterior posterior = new MCMC(new DiscreteHMCGibbs(new NUTS(model))).numWarmup(100).numSamples(2000)
                .progress(ProgressListener.NONE).run(key(1));
        double[] w = {Math.exp(-0.5 * 1.44), Math.exp(-0.5 * 0.04), Math.exp(-0.5 * 0.64)};
        double sum = w[0] + w[1] + w[2];
        double[] k = posterior.samples("k").toDoubleArray();
        for (int v = 0; v < 3; v++) {
            double value = 3 + v;
            double share = Arrays.stream(k).filter(x -> x == value).count() / (double) k.length;
            // Draws of the only variable are independent: four standard errors.
            assertThat(share).isCloseTo(w[v] / sum, within(4 * Math.sqrt(w[v] / sum * (1 - w[v] / sum) / k.length)));
        }
    }

    @Test
    void drawsDoNotDependOnThreads() {
        MCMC mcmc = new MCMC(new DiscreteHMCGibbs(new NUTS(DiscreteHMCGibbsTest::shifted))).numWarmup(100).numSamples(100)
                .progress(ProgressListener.NONE);
        Posterior one = mcmc.threads(1).run(key(2));
        Posterior many = mcmc.threads(4).run(key(2));
        for (String site : List.of("mu", "z")) {
            assertThat(many.samplesByChain(site).known().sameAs(one.samplesByChain(site).known())).isTrue();
        }
    }

    /// The bits of whole runs, see [GoldenRunTest].
    @ParameterizedTest
    @CsvSource({"false, false, fd40ecfa", "true, false, cff3f9c2", "false, true, 8b85a860", "true, true, 624a9811"})
    void bits(boolean walk, boolean modified, String want) {
        Chain chain = new DiscreteHMCGibbs(new NUTS().inverseMassMatrix(Metric.diagonal(2)).adaptMassMatrix(false), walk, modified)
                .start(MixedTarget.ALL.getFirst(), new double[] {0, 4, 0}, 2026, 100);
        double[] q = new double[3];
        int hash = 1;
        for (int i = 0; i < 300; i++) {
            chain.next(q);
            hash = 31 * hash + Arrays.hashCode(q);
        }
        assertThat(Integer.toHexString(hash)).isEqualTo(want);
    }

    @Test
    void whatCannotBeSampledIsSaid() {
        Model infinite = () -> sample("n", new Poisson(3));
        assertThatThrownBy(() -> new MCMC(new DiscreteHMCGibbs(new NUTS(infinite))).run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessageContaining("sample(\"n\"): its values cannot be listed, so they cannot be visited one by one.")
                .hasMessageContaining("Fix:      truncate it to a Categorical");
        Model none = () -> sample("mu", new Normal(0, 1));
        assertThatThrownBy(() -> new MCMC(new DiscreteHMCGibbs(new NUTS(none))).run(key(0)))
                .hasMessageContaining("the model has no discrete random variable").hasMessageContaining("new MCMC(new NUTS(model))");
        assertThatThrownBy(() -> new DiscreteHMCGibbs(new NUTS()).start(Targets.banana(), new double[2], 1, 0))
                .hasMessageContaining("DiscreteHMCGibbs: the density does not say which coordinates this kernel moves in its own way");
    }
}
