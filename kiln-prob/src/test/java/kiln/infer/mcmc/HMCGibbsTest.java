package kiln.infer.mcmc;

import static java.util.Objects.requireNonNull;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Gamma;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Gibbs draws of the user around HMC, on models. Stationarity and bits: [GibbsInvarianceTest].
class HMCGibbsTest {
    private static final NDArray Y = NDArray.of(1.2, -0.4, 2.9, 0.7, 1.6);

    /// A precision with a Gamma prior, drawn exactly given the mean, and a mean under NUTS.
    private static void model() {
        var mu = sample("mu", new Normal(0, 3));
        var precision = sample("precision", new Gamma(2, 1));
        deterministic("shifted", mu.plus(10));
        try (var _ = plate("data", 5)) {
            sample("y", new Normal(mu, Np.sqrt(Np.reciprocal(precision))), Y);
        }
    }

    private static final GibbsFunction PRECISION = (rngKey, gibbsSites, hmcSites) -> {
        assertThat(gibbsSites.keySet()).containsExactly("precision");
        NDArray mu = requireNonNull(hmcSites.get("mu"));
        assertThat(requireNonNull(hmcSites.get("shifted")).item()).isEqualTo(mu.item() + 10);
        NDArray residual = Y.minus(mu);
        return Map.of("precision", new Gamma(4.5, Np.square(residual).sum().times(0.5).plus(1)).sample(rngKey));
    };

    private static MCMC mcmc() {
        return new MCMC(new HMCGibbs(new NUTS(HMCGibbsTest::model), PRECISION, "precision")).numWarmup(300).numSamples(3000)
                .progress(ProgressListener.NONE);
    }

    /// The mean is `∫ mu p(mu) (1 + ½ Σ (y − mu)²)^(−4.5)`, the precision summed out, by the trapezoidal rule; that of the precision follows.
    /// Four Monte Carlo errors of each (6e-5).
    @Test
    @Checks(value = SamplerCheck.POSTERIOR, kernels = "HMCGibbs")
    void posteriorIsExact() {
        double total = 0;
        double mean = 0;
        double precision = 0;
        for (double mu = -20; mu <= 20; mu += 0.002) {
            double at = mu;
            double rate = 1 + 0.5 * Arrays.stream(Y.toDoubleArray()).map(y -> (y - at) * (y - at)).sum();
            double w = StrictMath.exp(-mu * mu / 18) * StrictMath.pow(rate, -4.5);
            total += w;
            mean += w * mu;
            precision += w * 4.5 / rate;
        }
        Posterior posterior = mcmc().run(key(3));
        assertThat(posterior.names()).containsExactly("mu", "precision", "shifted");
        for (var want : Map.of("mu", mean / total, "precision", precision / total).entrySet()) {
            double[][] x = posterior.draws().element(want.getKey(), 0);
            assertThat(Np.mean(NDArray.of(x)).item()).isCloseTo(want.getValue(), within(4 * MonteCarloError.mcseMean(x)));
        }
        assertThat(posterior.verdict().findings()).isEmpty();
    }

    @Test
    void drawsDoNotDependOnThreads() {
        Posterior one = mcmc().numSamples(50).threads(1).run(key(2));
        Posterior many = mcmc().numSamples(50).threads(4).run(key(2));
        for (String site : List.of("mu", "precision")) {
            assertThat(many.samplesByChain(site).known().sameAs(one.samplesByChain(site).known())).isTrue();
        }
    }

    @Test
    void startsWhereItIsTold() {
        Posterior got = mcmc().numWarmup(0).numSamples(1).numChains(2)
                .initParams(Map.of("mu", NDArray.of(0.1), "precision", NDArray.of(0.5))).run(key(1));
        assertThat(got.samples("mu").shape().dims()).containsExactly(2);
        assertThatThrownBy(() -> mcmc().initParams(Map.of("mu", NDArray.of(0.1))).run(key(1))).isInstanceOf(HandlerException.class)
                .hasMessageContaining("Expected: \"precision\" of shape []").hasMessageContaining("Got:      none");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> new MCMC(new HMCGibbs(new NUTS(HMCGibbsTest::model), PRECISION, "precison")).run(key(0)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("HMCGibbs: a Gibbs site is not a random variable of the model.\n"
                        + "  Expected: names among \"mu\", \"precision\"\n  Got:      \"precison\"")
                .hasMessageContaining("write \"precision\"");
        assertThatThrownBy(() -> new HMCGibbs(new NUTS(HMCGibbsTest::model), PRECISION)).hasMessageContaining("no Gibbs site is named");
        Model model = HMCGibbsTest::model;
        GibbsFunction wrong = (rngKey, gibbsSites, hmcSites) -> Map.of("precision", NDArray.of(1.0, 2.0), "tau", NDArray.of(1.0));
        assertThatThrownBy(() -> new MCMC(new HMCGibbs(new NUTS(model), wrong, "precision")).run(key(0)))
                .hasMessageStartingWith("HMCGibbs: gibbsFn must give every Gibbs site a value of its shape, and no other.\n"
                        + "  Expected: \"precision\" of shape []\n  Got:      \"precision\" of shape [2], \"tau\", which is no Gibbs site");
        GibbsFunction misspelt = (rngKey, gibbsSites, hmcSites) -> Map.of("precision", requireNonNull(hmcSites.get("shited")).times(2));
        assertThatThrownBy(() -> new MCMC(new HMCGibbs(new NUTS(model), misspelt, "precision")).run(key(0))).isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("gibbsFn: there is no such site.\n  Expected: one of \"mu\", \"shifted\"\n  Got:      \"shited\"\n")
                .hasMessageEndingWith("write \"shifted\" instead of \"shited\".");
        GibbsFunction outside = (rngKey, gibbsSites, hmcSites) -> Map.of("precision", Np.scalar(-1.0));
        assertThatThrownBy(() -> new MCMC(new HMCGibbs(new NUTS(model), outside, "precision")).threads(1).run(key(0)))
                .hasMessageStartingWith("HMCGibbs: the posterior has no finite density at the values that gibbsFn drew.")
                .hasMessageContaining("precision=");
        assertThatThrownBy(() -> new HMCGibbs(new NUTS(), PRECISION, "precision").start(Targets.banana(), new double[2], 1, 0))
                .hasMessageContaining("HMCGibbs: the density does not say which coordinates this kernel moves in its own way")
                .hasMessageContaining("kiln.infer.GibbsDensity");
    }
}
