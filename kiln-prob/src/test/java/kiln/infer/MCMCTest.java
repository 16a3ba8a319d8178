package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.mcmc.Statistic;
import org.junit.jupiter.api.Test;

/// The driver from a model to a posterior: what it returns, and that the draws depend on nothing but key, model and data.
class MCMCTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    private static void eightSchools() {
        var mu = sample("mu", new Normal(0, 5));
        var tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            var standardised = sample("theta_trans", new Normal(0, 1));
            sample("y", new Normal(deterministic("theta", mu.plus(tau.times(standardised))), SIGMA), Y);
        }
    }

    private static MCMC small() {
        return new MCMC(new NUTS(MCMCTest::eightSchools)).numWarmup(300).numSamples(200).progress(ProgressListener.NONE);
    }

    @Test
    void drawsAreTheSameForAnyNumberOfThreads() {
        Posterior one = small().threads(1).run(key(7));
        for (int threads : new int[] {2, 4}) {
            Posterior many = small().threads(threads).run(key(7));
            for (String site : one.names()) {
                assertThat(many.samplesByChain(site).known().sameAs(one.samplesByChain(site).known())).as(site).isTrue();
            }
        }
    }

    /// A fast key seeds the chains as any other does: other draws, the same for any number of threads, and of the same posterior. That of
    /// `y = 2 ~ N(mu, 1)`, `mu ~ N(0, 1)` is N(1, 1/2); each comparison fails for a correct sampler with a probability of 6e-5.
    @Test
    void aFastKeyServesAsWell() {
        var mcmc = new MCMC(new NUTS(() -> sample("y", new Normal(sample("mu", new Normal(0, 1)), 1), NDArray.as(2.0))))
                .numWarmup(300)
                .numSamples(1000)
                .progress(ProgressListener.NONE);
        NDArray mu = mcmc.threads(2).run(PRNGKey.fast(7)).samples("mu");
        assertThat(mcmc.threads(1).run(PRNGKey.fast(7)).samples("mu").known().sameAs(mu.known())).isTrue();
        assertThat(mcmc.threads(2).run(key(7)).samples("mu").known().sameAs(mu.known())).isFalse();
        // At least a quarter of the 4000 draws counts.
        assertThat(mu.mean().item()).isCloseTo(1, within(4 * Math.sqrt(0.5 / 1000)));
        assertThat(Np.var(mu).item()).isCloseTo(0.5, within(4 * 0.5 * Math.sqrt(2.0 / 1000)));
    }

    @Test
    void drawsAreTheSameOnEveryMachine() {
        // The bits of all draws of this key. They change only when the compiler or the sampler computes in another order.
        long bits = Arrays.stream(small().run(key(7)).samples("theta").toDoubleArray())
                .mapToLong(Double::doubleToRawLongBits)
                .reduce(17, (hash, x) -> hash * 31 + x);
        assertThat(bits).isEqualTo(8654745954958638164L);
    }

    @Test
    void anotherKeyGivesOtherDraws() {
        assertThat(small().run(key(7)).samples("mu").get(0).item()).isNotEqualTo(small().run(key(8)).samples("mu").get(0).item());
    }

    @Test
    void posteriorHasEverySiteWithItsShape() {
        Posterior posterior = small().run(key(7));
        assertThat(posterior.names()).containsExactly("mu", "tau", "theta_trans", "theta");
        assertThat(posterior.samples("theta").shape()).isEqualTo(Shape.of(800, 8));
        assertThat(posterior.samplesByChain("mu").shape()).isEqualTo(Shape.of(4, 200));
        NDArray recomputed = posterior.samples("mu").expandDims(-1)
                .plus(posterior.samples("tau").expandDims(-1).times(posterior.samples("theta_trans")));
        assertThat(recomputed.minus(posterior.samples("theta")).max().item()).isCloseTo(0, within(1e-12));
        assertThat(posterior.samples("tau").min().item()).isPositive();
    }

    @Test
    void thinningKeepsEveryNthDrawOfTheSameChain() {
        Posterior all = small().run(key(7));
        Posterior some = small().thinning(3).run(key(7));
        assertThat(some.samplesByChain("mu").shape()).isEqualTo(Shape.of(4, 66));
        for (int i = 0; i < 66; i++) {
            assertThat(some.samplesByChain("mu").get(2, i).item()).isEqualTo(all.samplesByChain("mu").get(2, 3 * i + 2).item());
        }
    }

    @Test
    void extraFieldsHaveNumPyrosNames() {
        Posterior posterior = small().extraFields(Statistic.ACCEPT_PROB, Statistic.NUM_STEPS).run(key(7));
        assertThat(posterior.extraField("num_steps").min().item()).isGreaterThanOrEqualTo(1);
        assertThat(posterior.extraField("accept_prob").mean().item()).isBetween(0.6, 1.0);
        assertThat(posterior.extraField("diverging").shape()).isEqualTo(Shape.of(4, 200));
        assertThat(Arrays.stream(posterior.divergences()).sum()).isEqualTo((int) posterior.extraField("diverging").sum().item());
    }

    @Test
    void hmcRunsOnTheSameModel() {
        Posterior posterior = new MCMC(new HMC(MCMCTest::eightSchools).numSteps(8).targetAcceptProb(0.9))
                .progress(ProgressListener.NONE)
                .run(key(3));
        // Reference posterior: mean 4.41, standard deviation 3.31.
        var mu = posterior.summary().row("mu");
        assertThat(mu.mean()).isCloseTo(4.41, within(4 * 3.31 / Math.sqrt(mu.nEff())));
        assertThat(mu.rHat()).isLessThan(1.02);
    }

    @Test
    void initParamsAreWhereTheChainsStart() {
        Map<String, NDArray> start = Map.of(
                "mu", NDArray.as(1.5), "tau", NDArray.as(0.25), "theta_trans", NDArray.of(1.0, 2, 3, 4, 5, 6, 7, 8));
        Posterior posterior = new MCMC(new NUTS(MCMCTest::eightSchools).adaptStepSize(false).stepSize(1e-9).maxTreeDepth(1))
                .numWarmup(0)
                .numSamples(1)
                .initParams(start)
                .progress(ProgressListener.NONE)
                .run(key(0));
        assertThat(posterior.samples("mu").get(0).item()).isCloseTo(1.5, within(1e-6));
        assertThat(posterior.samples("tau").get(3).item()).isCloseTo(Math.exp(0.25), within(1e-6));
    }

    @Test
    void initParamsCanDifferByChain() {
        Map<String, NDArray> start = Map.of(
                "mu", NDArray.of(1.0, 2, 3), "tau", NDArray.as(0.25), "theta_trans", NDArray.of(1.0, 2, 3, 4, 5, 6, 7, 8));
        Posterior posterior = new MCMC(new NUTS(MCMCTest::eightSchools).adaptStepSize(false).stepSize(1e-9).maxTreeDepth(1))
                .numWarmup(0)
                .numSamples(1)
                .numChains(3)
                .initParams(start)
                .progress(ProgressListener.NONE)
                .run(key(0));
        for (int c = 0; c < 3; c++) {
            assertThat(posterior.samplesByChain("mu").get(c, 0).item()).isCloseTo(c + 1, within(1e-6));
            assertThat(posterior.samplesByChain("tau").get(c, 0).item()).isCloseTo(Math.exp(0.25), within(1e-6));
        }
    }

    @Test
    void initParamsThatDoNotFit() {
        NDArray effects = NDArray.of(1.0, 2, 3, 4, 5, 6, 7, 8);
        MCMC mcmc = small().numChains(3);
        assertThatThrownBy(() -> mcmc.initParams(Map.of("mu", NDArray.of(1.0, 2), "tau", NDArray.as(0.25), "theta_trans", effects)).run(key(0)))
                .isInstanceOf(ShapeException.class).hasMessageStartingWith("""
                        initParams: the start of "mu" has another shape than its unconstrained value.
                          Expected: [], where all chains start, or [3], a place for each
                          Got:      [2]
                        """);
        assertThatThrownBy(() -> mcmc.initParams(Map.of("mu", NDArray.as(1), "tau", NDArray.of(0, Double.NaN, 1), "theta_trans", effects)).run(key(0)))
                .isInstanceOf(DomainException.class).hasMessageStartingWith("""
                        initParams: a start is not finite.
                          Expected: finite unconstrained values
                          Got:      tau = NaN for chain 1
                        """);
    }

    @Test
    void sitesAreLeftOutAndKeptUnconstrained() {
        Posterior all = small().run(key(7));
        Posterior some = small().extraFields("~z.theta_trans", "z.tau").run(key(7));
        assertThat(some.names()).containsExactly("mu", "tau", "theta");
        assertThat(some.samples("theta").known().sameAs(all.samples("theta").known())).isTrue();
        assertThat(Np.abs(some.extraField("z.tau").minus(Np.log(all.samplesByChain("tau")))).max().item()).isLessThan(1e-14);
    }

    @Test
    void aDensityOfTheUserIsSampledAsSiteZ() {
        // Independent normals with means 1, 2, 3 and standard deviations 1, 2, 3.
        LogDensity density = new LogDensity() {
            @Override
            public int dimension() {
                return 3;
            }

            @Override
            public double valueAndGradient(double[] q, double[] gradient) {
                double sum = 0;
                for (int i = 0; i < 3; i++) {
                    double z = (q[i] - (i + 1)) / (i + 1);
                    gradient[i] = -z / (i + 1);
                    sum -= z * z / 2;
                }
                return sum;
            }
        };
        Posterior posterior = new MCMC(new NUTS(density)).progress(ProgressListener.NONE).run(key(11));
        for (int i : IntStream.range(0, 3).toArray()) {
            var row = posterior.summary().row("z[" + i + "]");
            // Four standard errors: each of the three fails by chance with probability 6e-5.
            assertThat(row.mean()).isCloseTo(i + 1, within(4 * (i + 1) / Math.sqrt(row.nEff())));
        }
    }

    @Test
    void summaryEndsWithTheDivergences() {
        String text = small().run(key(7)).toString();
        assertThat(text).startsWith("\n                    mean       std    median      5.0%     95.0%     n_eff     r_hat\n            mu ");
        assertThat(text).containsPattern("\n\nNumber of divergences: \\d+");
        assertThat(text).doesNotContain("theta[0]");
    }
}
