package kiln.infer.program;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.Normal;
import kiln.dist.StudentT;
import kiln.dist.Uniform;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Models with a varying set of sites under importance sampling, single-site Metropolis-Hastings and SMC, against exact answers.
///
/// Every comparison is within four Monte Carlo standard errors: false alarm rate 6e-5 each.
class ProgramInferenceTest {
    private static double steps(Execution e) {
        return e.value("n").item();
    }

    private static void check(WeightedExecutions posterior, ToDoubleFunction<Execution> f, double exact) {
        double mean = posterior.expectation(f);
        double variance = 0;
        double[] p = posterior.probabilities();
        for (int i = 0; i < p.length; i++) {
            double d = p[i] * (f.applyAsDouble(posterior.executions().get(i)) - mean);
            variance += d * d;
        }
        assertThat(Math.sqrt(variance)).isLessThan(0.1);
        assertThat(mean).isCloseTo(exact, within(4 * Math.sqrt(variance)));
    }

    // ---- importance sampling

    @Test
    void importanceOnRecursion() {
        var posterior = new Importance(Programs::geometric).numSamples(8000).run(key(0));
        check(posterior, Programs::heads, Programs.mean(Programs::geometricJoint));
        evidence(posterior, Programs.evidence(Programs::geometricJoint));
    }

    @Test
    void importanceOnALoop() {
        var posterior = new Importance(Programs::steps).numSamples(8000).run(key(1));
        check(posterior, ProgramInferenceTest::steps, Programs.mean(Programs::stepsJoint));
        check(posterior, e -> e.contains("step_4") ? 1 : 0, atLeastFive());
        evidence(posterior, Programs.evidence(Programs::stepsJoint));
    }

    private static double atLeastFive() {
        return 1 - Programs.evidence(n -> n < 5 ? Programs.stepsJoint(n) : 0) / Programs.evidence(Programs::stepsJoint);
    }

    private static void evidence(WeightedExecutions posterior, double exact) {
        double[] w = posterior.logWeights();
        double mean = 0;
        double square = 0;
        for (double x : w) {
            mean += Math.exp(x) / w.length;
            square += Math.exp(2 * x) / w.length;
        }
        double error = Math.sqrt((square - mean * mean) / w.length);
        assertThat(Math.exp(posterior.logEvidence())).isCloseTo(mean, within(1e-12 * mean));
        assertThat(mean).isCloseTo(exact, within(4 * error));
    }

    @Test
    void aGuideThatIsThePosteriorGivesEqualWeights() {
        Model model = () -> sample("y", new Normal(sample("x", new Normal(0, 1)), 1), 3);
        Model guide = () -> sample("x", new Normal(1.5, Math.sqrt(0.5)));
        var posterior = new Importance(model).guide(guide).numSamples(200).run(key(2));
        assertThat(posterior.effectiveSampleSize()).isCloseTo(200, within(1e-9));
        assertThat(posterior.logEvidence()).isCloseTo(Math.log(Programs.normal(3, 0, Math.sqrt(2))), within(1e-12));
    }

    @Test
    void aGuideForSomeOfTheSites() {
        Model model = () -> {
            var x = sample("x", new Normal(0, 1));
            var z = sample("z", new Normal(x, 1));
            sample("y", new Normal(z, 0.5), 4);
        };
        Model guide = () -> sample("x", new StudentT(5, 1.8, 0.8));
        var posterior = new Importance(model).guide(guide).numSamples(8000).run(key(3));
        check(posterior, e -> e.value("x").item(), 4 / 2.25);
        check(posterior, e -> e.value("z").item(), 4 * 2 / 2.25);
        evidence(posterior, Programs.normal(4, 0, 1.5));
    }

    @Test
    void aChoiceOfTheGuideThatARunDoesNotNeedCancels() {
        Model guide = () -> {
            for (int i = 0; i < 6; i++) {
                sample("step_" + i, new Normal(1.2, 1.3));
            }
        };
        var posterior = new Importance(Programs::steps).guide(guide).numSamples(20_000).run(key(4));
        check(posterior, ProgramInferenceTest::steps, Programs.mean(Programs::stepsJoint));
        evidence(posterior, Programs.evidence(Programs::stepsJoint));
    }

    // ---- single-site Metropolis-Hastings

    private static void check(ProgramChains posterior, ToDoubleFunction<Execution> f, double exact) {
        double error = MonteCarloError.mcseMean(posterior.draws(f));
        assertThat(error).isLessThan(0.12);
        assertThat(posterior.expectation(f)).isCloseTo(exact, within(4 * error));
    }

    @Test
    void singleSiteMHOnRecursion() {
        var posterior = new SingleSiteMH(Programs::geometric).numWarmup(200).numSamples(4000).run(key(5));
        check(posterior, Programs::heads, Programs.mean(Programs::geometricJoint));
        check(posterior, e -> Programs.heads(e) == 0 ? 1 : 0, Programs.geometricJoint(0) / Programs.evidence(Programs::geometricJoint));
    }

    @Test
    void singleSiteMHOnALoop() {
        var posterior = new SingleSiteMH(Programs::steps).numWarmup(300).numSamples(2000).thinning(3).run(key(6));
        check(posterior, ProgramInferenceTest::steps, Programs.mean(Programs::stepsJoint));
        check(posterior, e -> e.contains("step_4") ? 1 : 0, atLeastFive());
    }

    /// A kept value may fall out of its new support; the posterior is that of a triangle, `p(a | data) ∝ 1` on (0, 1), `b | a` uniform.
    @Test
    void aKeptValueOutsideItsNewSupportIsRejected() {
        Model model = () -> {
            var a = sample("a", new Uniform(0, 1));
            var b = sample("b", new Uniform(0, a));
            sample("y", new Normal(b, 10), 0);
        };
        var posterior = new SingleSiteMH(model).numSamples(4000).run(key(7));
        double[] exact = new double[3];
        int n = 2000;
        for (int i = 0; i < n; i++) {
            double a = (i + 0.5) / n;
            for (int j = 0; j < n; j++) {
                double b = a * (j + 0.5) / n;
                double p = Programs.normal(0, b, 10);
                exact[0] += p;
                exact[1] += p * a;
                exact[2] += p * b;
            }
        }
        check(posterior, e -> e.value("a").item(), exact[1] / exact[0]);
        check(posterior, e -> e.value("b").item(), exact[2] / exact[0]);
    }

    // ---- SMC

    @Test
    void smcOnRecursion() {
        meanOfTwenty(Programs::geometric, Programs::heads, Programs.mean(Programs::geometricJoint), Programs.evidence(Programs::geometricJoint));
    }

    @Test
    void smcOnALoop() {
        meanOfTwenty(Programs::steps, ProgramInferenceTest::steps, Programs.mean(Programs::stepsJoint), Programs.evidence(Programs::stepsJoint));
    }

    private static final double[] WALK = {0.4, 1.1, 0.7, 2.5, 3.1, 2.2, 1.4, 1.9, 0.3, -0.6, -1.8, -1.1};

    private static void walk() {
        var x = NDArray.as(0.0);
        for (int t = 0; t < WALK.length; t++) {
            x = sample("x_" + t, new Normal(x, 1));
            sample("y_" + t, new Normal(x, 0.5), WALK[t]);
        }
    }

    /// The Kalman filter by hand: evidence and mean of the last state.
    @Test
    void smcOnALinearGaussianWalk() {
        double mean = 0;
        double variance = 0;
        double evidence = 1;
        for (double y : WALK) {
            variance += 1;
            evidence *= Programs.normal(y, mean, Math.sqrt(variance + 0.25));
            double gain = variance / (variance + 0.25);
            mean += gain * (y - mean);
            variance *= 1 - gain;
        }
        meanOfTwenty(ProgramInferenceTest::walk, e -> e.value("x_11").item(), mean, evidence);
    }

    /// The estimate of the evidence is unbiased, so its mean over independent runs has the exact value; that of a ratio has a bias of
    /// order 1/particles, which is far below the error of twenty runs.
    private static void meanOfTwenty(Model model, ToDoubleFunction<Execution> f, double mean, double evidence) {
        PRNGKey[] keys = key(8).split(20);
        double[] means = new double[keys.length];
        double[] ratios = new double[keys.length];
        for (int i = 0; i < keys.length; i++) {
            var posterior = new SMC(model).numParticles(150).run(keys[i]);
            means[i] = posterior.expectation(f);
            ratios[i] = Math.exp(posterior.logEvidence()) / evidence;
        }
        withinFourErrors(means, mean);
        withinFourErrors(ratios, 1);
    }

    private static void withinFourErrors(double[] x, double exact) {
        double mean = NDArray.of(x).mean().item();
        double error = Np.std(NDArray.of(x)).item() / Math.sqrt(x.length - 1.0);
        assertThat(error).isLessThan(0.15);
        // Student's t with 19 degrees of freedom: 5.1 standard errors have the two-sided probability 6e-5.
        assertThat(mean).isCloseTo(exact, within(5.1 * error));
    }

    // ---- determinism

    @Test
    void resultsAreTheSameForAnyNumberOfThreads() {
        var importance = new Importance(Programs::steps).numSamples(200);
        var smc = new SMC(ProgramInferenceTest::walk).numParticles(60);
        var mh = new SingleSiteMH(Programs::steps).numWarmup(10).numSamples(100);
        for (int threads : new int[] {2, 5}) {
            same(importance.threads(1).run(key(1)), importance.threads(threads).run(key(1)), "n");
            same(smc.threads(1).run(key(1)), smc.threads(threads).run(key(1)), "x_7");
            same(mh.threads(1).run(key(1)), mh.threads(threads).run(key(1)), "n");
        }
    }

    /// The bits of a whole run of SMC: they change only with the version, on purpose.
    @Test
    void bitsOfSMC() {
        var posterior = new SMC(ProgramInferenceTest::walk).numParticles(40).run(key(3));
        int hash = 31 * java.util.Arrays.hashCode(posterior.probabilities()) + Double.hashCode(posterior.logEvidence());
        for (Execution e : posterior.executions()) {
            hash = 31 * hash + Double.hashCode(e.value("x_11").item());
        }
        assertThat(Integer.toHexString(hash)).isEqualTo("af6834db");
    }

    private static void same(ProgramPosterior a, ProgramPosterior b, String site) {
        assertThat(a.probabilities()).containsExactly(b.probabilities());
        for (int i = 0; i < a.executions().size(); i++) {
            assertThat(a.executions().get(i).value(site).item()).isEqualTo(b.executions().get(i).value(site).item());
        }
    }

    @Test
    void resampledExecutionsFollowTheWeights() {
        var posterior = new Importance(Programs::steps).numSamples(500).run(key(3));
        var drawn = posterior.resample(key(4), 100_000);
        for (int n = 0; n < 8; n++) {
            int value = n;
            double share = drawn.stream().filter(e -> e.value("n").item() == value).count() / 100_000.0;
            // Systematic resampling is off by less than one draw for each of the 500 executions.
            assertThat(share).isCloseTo(posterior.marginal("n").probability(n), within(500 / 100_000.0));
        }
    }
}
