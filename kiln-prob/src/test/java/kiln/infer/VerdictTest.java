package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.diagnostics.Finding.Kind;
import kiln.diagnostics.Verdict;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.infer.mcmc.HMC;
import kiln.infer.mcmc.Centering;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.MetricAdaptation;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What is said about runs that are broken on purpose, and about good ones.
class VerdictTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    private static Posterior run(MCMC mcmc) {
        return mcmc.progress(ProgressListener.NONE).run(key(5));
    }

    private static void normal() {
        var mu = sample("mu", new Normal(0, 5));
        sample("y", new Normal(mu, SIGMA), Y);
    }

    private static void centredFunnel() {
        var v = sample("v", new Normal(0, 3));
        try (var _ = plate("element", 9)) {
            sample("x", new Normal(0, Np.exp(v.div(2))));
        }
    }

    private static void twoModes() {
        var x = sample("x", new Normal(0, 10));
        sample("y", new Normal(Np.abs(x), 0.5), 8.0);
    }

    @Test
    void silentOnAGoodRun() {
        Posterior posterior = run(new MCMC(new NUTS(VerdictTest::normal)));
        assertThat(posterior.verdict()).isEqualTo(new Verdict(java.util.List.of()));
        assertThat(posterior.verdict().isGood()).isTrue();
        assertThat(posterior.toString()).endsWith("Number of divergences: 0");
    }

    /// With the coordinates and the warm-up of Stan, whose trouble is the one in the textbooks: the default has a tenth of these divergences, and crosses between modes
    /// while it warms up.
    private static NUTS stans(Model model) {
        return new NUTS(model).metricAdaptation(MetricAdaptation.VARIANCE).centering(Centering.AS_WRITTEN);
    }

    /// Its chains move so slowly that nothing can be told from their disagreement: R̂ is in the finding about effective draws.
    @Test
    void theCentredFunnel() {
        Verdict verdict = run(new MCMC(stans(VerdictTest::centredFunnel))).verdict();
        assertThat(verdict.findings()).extracting(f -> f.kind())
                .contains(Kind.EFFECTIVE_SAMPLE_SIZE, Kind.DIVERGENCES, Kind.ENERGY).doesNotContain(Kind.R_HAT);
        assertThat(verdict.toString()).contains("R̂ is above 1.01 for ").contains("largest for v (1.").contains("    Try: ").contains("LocScaleReparam");
    }

    /// Centred eight schools diverge where `tau` is small, as every tutorial shows.
    @Test
    void divergencesAreLocated() {
        Model centred = () -> {
            var mu = sample("mu", new Normal(0, 5));
            var tau = sample("tau", new HalfCauchy(5));
            try (var _ = plate("school", 8)) {
                sample("y", new Normal(sample("theta", new Normal(mu, tau)), SIGMA), Y);
            }
        };
        Verdict verdict = run(new MCMC(stans(centred))).verdict();
        assertThat(verdict.toString()).containsPattern("\\d+ iterations diverged \\(4000 draws\\): parts of the posterior that curve sharply are"
                + " missed\\. They gather where tau is small \\(median \\S+ there, \\S+ in all draws\\)\\.");
    }

    /// The momentum changes the energy by O(√d) while `v` spreads it by far more: E-BFMI is low as in Betancourt (2016).
    @Test
    void theFunnelHasLowEnergyFraction() {
        Model manyDimensions = () -> {
            var v = sample("v", new Normal(0, 3));
            try (var _ = plate("element", 60)) {
                sample("x", new Normal(0, Np.exp(v.div(2))));
            }
        };
        Verdict verdict = run(new MCMC(new NUTS(manyDimensions).centering(Centering.AS_WRITTEN)).numWarmup(500).numSamples(500)).verdict();
        assertThat(verdict.toString()).contains("The momentum explores the energies too slowly: E-BFMI is below 0.3 in chain");
    }

    @Test
    void twoModesHoldTheirChains() {
        SequencedMap<String, NDArray> start = new TreeMap<>(Map.of("x", NDArray.of(8.0, -8.0, 8.0, -8.0)));
        Posterior posterior = run(new MCMC(stans(VerdictTest::twoModes)).initParams(start));
        Verdict verdict = posterior.verdict();
        assertThat(verdict.findings()).extracting(f -> f.kind()).containsExactly(Kind.STUCK_CHAINS);
        assertThat(verdict.findings().getFirst().sentence()).matches("2 of 4 chains are stuck away from the others: x stays near -[78]\\S*"
                + " ± 0\\.[45]\\d* in chains 1, 3, near [78]\\S* ± 0\\.[45]\\d* in chains 0, 2\\.");
        assertThat(posterior.toString()).contains("Number of divergences: 0\n\n1. 2 of 4 chains are stuck").contains("\n    Try: the posterior has"
                + " several modes");
    }

    @Test
    void tooFewDraws() {
        Verdict verdict = run(new MCMC(new NUTS(VerdictTest::normal)).numSamples(40)).verdict();
        assertThat(verdict.has(Kind.EFFECTIVE_SAMPLE_SIZE)).isTrue();
        assertThat(verdict.toString()).containsPattern("of 400 asked for \\(100 per chain\\), mu has \\d+ in the bulk and \\d+ in the tails\\.")
                .containsPattern("Try: numSamples\\(\\d+\\)\\.");
        assertThat(run(new MCMC(new NUTS(VerdictTest::normal)).numSamples(3)).verdict().findings().getFirst().sentence())
                .isEqualTo("There are 3 draws of each chain: nothing can be said about convergence.");
    }

    @Test
    void chainsThatDoNotMove() {
        Posterior posterior = run(new MCMC(new HMC(VerdictTest::centredFunnel).numSteps(50).stepSize(1e4).adaptStepSize(false)
                .adaptMassMatrix(false)).numWarmup(0).numSamples(50));
        assertThat(posterior.verdict().toString()).startsWith("1. 4 of 4 chains did not move: chains 0, 1, 2, 3 kept one value in all draws.")
                .contains("iterations diverged (200 draws)");
    }

    @Test
    void trajectoriesThatAreCutOff() {
        Verdict verdict = run(new MCMC(new NUTS(VerdictTest::normal).maxTreeDepth(1))).verdict();
        assertThat(verdict.toString()).containsPattern("\\d+ of 4000 trajectories were cut off at the tree depth 1: the draws are right, but each"
                + " is dear\\.\n    Try: a model whose parts depend less on each other, data of unit scale, or maxTreeDepth\\(3\\)");
    }

    /// The default looks at all pairs of coordinates as it is.
    @Test
    void aFullMetricIsAdvisedWhereItIsNews() {
        assertThat(cutOff(new NUTS(VerdictTest::normal).metricAdaptation(MetricAdaptation.VARIANCE))).contains("Try: denseMass(true) if sites are");
        assertThat(cutOff(new NUTS(VerdictTest::normal).metricAdaptation(MetricAdaptation.VARIANCE).denseMass(true))).doesNotContain("denseMass");
        assertThat(cutOff(new NUTS(VerdictTest::normal))).doesNotContain("denseMass");
    }

    private static String cutOff(NUTS nuts) {
        return run(new MCMC(nuts.maxTreeDepth(1)).numSamples(100)).verdict().toString();
    }

    @Test
    void drawsThatAreNotFinite() {
        double[] values = new double[40];
        for (int i = 0; i < 40; i++) {
            values[i] = i % 7 == 3 ? Double.POSITIVE_INFINITY : i;
        }
        var draws = new java.util.LinkedHashMap<String, NDArray>();
        draws.put("rate", NDArray.of(values).reshape(2, 20));
        Posterior posterior = new Posterior(draws, java.util.Set.of(), Map.of(), new int[2]);
        assertThat(posterior.verdict().findings().getFirst().sentence()).isEqualTo("rate is not finite in 6 of 40 draws.");
    }

    /// Eight schools: the exact criterion is −30.742 (below), R's and ArviZ's published estimates lie between −30.6 and −30.9.
    ///
    /// `p(y_i | y_−i)` is an integral over μ and τ, `θ_i` in closed form: Gauss–Legendre with 400 × 2000 points.
    @Test
    void leaveOneOutOfEightSchoolsIsExact() {
        double[] exact = {-4.887784769707095, -3.422188116214205, -3.856234317474093, -3.4623851178583993, -3.455897167119075,
            -3.4825776716966175, -4.230350979142717, -3.944456744635639};
        Model model = () -> {
            var mu = sample("mu", new Normal(0, 5));
            var tau = sample("tau", new HalfCauchy(5));
            try (var _ = plate("school", 8)) {
                var t = sample("t", new Normal(0, 1));
                sample("y", new Normal(mu.plus(tau.times(t)), SIGMA), Y);
            }
        };
        Posterior posterior = run(new MCMC(new NUTS(model).targetAcceptProb(0.95)));
        var loo = ModelChecks.loo(model, posterior);
        for (int i = 0; i < 8; i++) {
            // Four Monte Carlo errors: each fails by chance with probability 6e-5.
            assertThat(Math.abs(loo.elpdPointwise()[i] - exact[i])).as("school %d, k %.2f", i, loo.k()[i]).isLessThan(4 * loo.mcsePointwise()[i]);
        }
        assertThat(java.util.Arrays.stream(loo.k()).max().orElseThrow()).isLessThan(1);
        assertThat(loo.elpd().value()).isBetween(-30.9, -30.6);
        assertThat(ModelChecks.waic(model, posterior).elpd().value()).isBetween(-30.9, -30.4);
        var check = ModelChecks.predictiveCheck(model, posterior, "y", key(9));
        assertThat(check.check(y -> java.util.Arrays.stream(y).max().orElseThrow()).standsOut(0.95)).isFalse();
        Posterior warm = new MCMC(new NUTS(model)).numWarmup(20).progress(ProgressListener.NONE).warmup(key(1));
        assertThatThrownBy(() -> ModelChecks.predictiveCheck(model, warm, "y", key(9))).hasMessageStartingWith("predictiveCheck: the posterior has no draws.");
        assertThat(check.check(y -> java.util.Arrays.stream(y).sum()).p()).isBetween(0.1, 0.9);
    }
}
