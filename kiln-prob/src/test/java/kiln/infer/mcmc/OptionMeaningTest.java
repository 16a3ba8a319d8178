package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What options do, where no other test of a kernel shows it: the table of docs/numpyro-options.md, line by line.
class OptionMeaningTest {
    private static final LogDensity NORMAL = Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.5));

    private static Chain started(Sampler sampler, int numWarmup) {
        return sampler.start(NORMAL, new double[] {1, -1, 0.5}, 7, numWarmup);
    }

    private static void run(Chain chain, int iterations) {
        double[] q = new double[3];
        for (int i = 0; i < iterations; i++) {
            chain.next(q);
        }
    }

    @Test
    void whatIsNotAdaptedStays() {
        Metric metric = Metric.diagonal(1, 2, 3);
        NUTS nuts = new NUTS().stepSize(0.3).inverseMassMatrix(metric).findHeuristicStepSize(false);
        Chain chain = started(nuts.adaptStepSize(false), 200);
        run(chain, 250);
        assertThat(chain.stepSize()).isEqualTo(0.3);
        assertThat(chain.metric()).isNotEqualTo(metric);
        chain = started(nuts.adaptMassMatrix(false), 200);
        run(chain, 250);
        assertThat(chain.stepSize()).isNotEqualTo(0.3);
        assertThat(chain.metric()).isEqualTo(metric);
    }

    /// The first transition uses the step size that is given, or what the search makes of it: a power of two of it.
    @Test
    void theHeuristicSearchIsMadeAtTheStart() {
        Chain given = started(new HMC().stepSize(1e-3).numSteps(1).findHeuristicStepSize(false), 100);
        Chain searched = started(new HMC().stepSize(1e-3).numSteps(1), 100);
        run(given, 1);
        run(searched, 1);
        assertThat(given.stepSize()).isEqualTo(1e-3);
        double doublings = StrictMath.log(searched.stepSize() / 1e-3) / StrictMath.log(2);
        assertThat(doublings).isGreaterThan(8).isCloseTo(StrictMath.rint(doublings), within(1e-9));
    }

    /// The mean acceptance statistic after the warm-up is what was aimed at, over 20 chains with a metric that stays: a new metric starts the average of step sizes afresh,
    /// and the 50 iterations of the last window leave the acceptance higher. One step, because its acceptance falls with its size.
    @ParameterizedTest
    @ValueSource(doubles = {0.6, 0.8, 0.95})
    void theAcceptanceAimedAtIsReached(double target) {
        HMC hmc = new HMC().numSteps(1).targetAcceptProb(target).metricAdaptation(MetricAdaptation.VARIANCE).adaptMassMatrix(false);
        double sum = 0;
        double[] q = new double[3];
        for (int seed = 0; seed < 20; seed++) {
            Chain chain = hmc.start(NORMAL, new double[] {1, -1, 0.5}, seed, 4000);
            run(chain, 4000);
            for (int i = 0; i < 500; i++) {
                chain.next(q);
                sum += chain.acceptProb() / (20 * 500);
            }
        }
        assertThat(sum).isCloseTo(target, within(0.03));
    }

    /// `num_steps = ceil(trajectory_length / ε)`, then `ε = trajectory_length / num_steps`, as NumPyro's; or the number that is given.
    @Test
    void theLengthDecidesTheNumberOfSteps() {
        HMC hmc = new HMC().stepSize(0.3).adaptStepSize(false).findHeuristicStepSize(false);
        Chain chain = started(hmc.trajectoryLength(1), 0);
        run(chain, 1);
        assertThat(chain.numSteps()).isEqualTo(4);
        assertThat(chain.stepSize()).isEqualTo(0.25);
        chain = started(hmc.numSteps(7), 0);
        run(chain, 1);
        assertThat(chain.numSteps()).isEqualTo(7);
        assertThat(chain.stepSize()).isEqualTo(0.3);
    }

    /// One step of HMC is Langevin's proposal `q' = q + ½ ε² ∇L + ε z`, accepted by `π(q') k(q, q') / (π(q) k(q', q))`: TFP's `MetropolisAdjustedLangevinAlgorithm`.
    @Test
    void oneStepIsTheMetropolisAdjustedLangevinAlgorithm() {
        double eps = 1.1;
        Chain chain = new HMC().numSteps(1).stepSize(eps).start(NORMAL, new double[] {1, -1, 0.5}, 7, 0);
        var random = new ChainRandom(7);
        double[] q = {1, -1, 0.5};
        double[] got = q.clone();
        double[] g = new double[3];
        double[] gNext = new double[3];
        int moved = 0;
        for (int n = 0; n < 200; n++) {
            double[] next = new double[3];
            double value = NORMAL.valueAndGradient(q, g);
            double there = 0;
            for (int i = 0; i < 3; i++) {
                double z = random.normal();
                next[i] = q[i] + 0.5 * eps * eps * g[i] + eps * z;
                there += z * z;
            }
            double log = NORMAL.valueAndGradient(next, gNext) - value + 0.5 * there;
            for (int i = 0; i < 3; i++) {
                double back = (q[i] - next[i] - 0.5 * eps * eps * gNext[i]) / eps;
                log -= 0.5 * back * back;
            }
            chain.next(got);
            assertThat(chain.acceptProb()).isCloseTo(Math.min(1, StrictMath.exp(log)), within(1e-10));
            if (random.uniform() < StrictMath.exp(log)) {
                q = next;
                moved++;
            }
            for (int i = 0; i < 3; i++) {
                assertThat(got[i]).isCloseTo(q[i], within(1e-10));
            }
        }
        assertThat(moved).isBetween(50, 195);
    }

    /// From a far place a step of 2 along the narrowest scale loses hundreds of nats.
    @Test
    void aDivergenceIsAnEnergyErrorAboveTheLimit() {
        double[] q = new double[1];
        LogDensity narrow = Targets.gaussian(new double[1], new double[][] {{4}});
        HMC hmc = new HMC().stepSize(2).numSteps(3).adaptStepSize(false).findHeuristicStepSize(false);
        Chain strict = hmc.maxDeltaEnergy(1).start(narrow, new double[] {1}, 1, 0);
        Chain lax = hmc.maxDeltaEnergy(1e9).start(narrow, new double[] {1}, 1, 0);
        strict.next(q);
        lax.next(q);
        assertThat(strict.diverging()).isTrue();
        assertThat(lax.diverging()).isFalse();
        assertThat(strict.acceptProb()).isEqualTo(lax.acceptProb());
    }

    /// The state of SA has so many points; with variances alone two are enough in any dimension.
    @Test
    void thePopulationOfSAHasTheGivenSize() {
        assertThat(started(new SA().adaptStateSize(11), 10).state().doubles("population")).hasSize(33);
        assertThat(started(new SA().adaptStateSize(2).denseMass(false), 10).state().doubles("population")).hasSize(6);
    }

    private static final LogDensity FLAT_IN_A_BOX = Targets.of(2, (q, g) -> {
        Arrays.fill(g, 0);
        return Math.abs(q[0]) < 50 && Math.abs(q[1]) < 50 ? 0 : Double.NEGATIVE_INFINITY;
    });

    private static double[][] fourCorners() {
        return new double[][] {{0, 0}, {1, 0.2}, {0.3, 1}, {-0.7, 0.4}};
    }

    /// {@return z if `to = a + z (from − a)`, NaN if it does not lie on that line}
    private static double stretch(double[] from, double[] to, double[] a) {
        double z = (to[0] - a[0]) / (from[0] - a[0]);
        return Math.abs(to[1] - a[1] - z * (from[1] - a[1])) < 1e-9 ? z : Double.NaN;
    }

    /// Walker 0 of the first half moves first, along the line to a walker of the other half, 2 or 3, by a factor in [1/a, a]. Where the halves are drawn anew, walker 1 is
    /// sometimes of the other half.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stretchesAreAlongOtherWalkersOfTheOtherHalf(boolean randomize) {
        int withOne = 0;
        int moved = 0;
        for (int seed = 0; seed < 400; seed++) {
            double[][] walkers = fourCorners();
            new AIES().moves(Map.of(new AIES.StretchMove(1.5), 1.0)).randomizeSplit(randomize).start(FLAT_IN_A_BOX, walkers, seed, 0).next(walkers);
            double[][] before = fourCorners();
            if (walkers[0][0] == before[0][0]) {
                continue;
            }
            moved++;
            if (!Double.isNaN(stretch(before[0], walkers[0], before[1]))) {
                withOne++;
            } else if (!randomize) {
                double z = stretch(before[0], walkers[0], before[2]);
                assertThat(Double.isNaN(z) ? stretch(before[0], walkers[0], before[3]) : z).isBetween(1 / 1.5 - 1e-12, 1.5 + 1e-12);
            }
        }
        assertThat(moved).isGreaterThan(200);
        assertThat(withOne > 0).isEqualTo(randomize);
    }

    /// With σ = 0 the step of differential evolution is `g₀` times the difference of two other walkers; by default `g₀ = 2.38 / √(2 d)`.
    @ParameterizedTest
    @CsvSource({"0.5, 0.5", "0, 1.19"})
    void stepsOfDifferentialEvolution(double g0, double want) {
        for (int seed = 0; seed < 50; seed++) {
            double[][] walkers = fourCorners();
            double[][] before = fourCorners();
            new AIES().moves(Map.of(new AIES.DEMove(0, g0), 1.0)).start(FLAT_IN_A_BOX, walkers, seed, 0).next(walkers);
            double dx = walkers[0][0] - before[0][0];
            double dy = walkers[0][1] - before[0][1];
            // ± (walker 2 − walker 3)
            assertThat(Math.abs(dx)).isCloseTo(want * 1.0, within(1e-9));
            assertThat(dy / dx).isCloseTo(0.6, within(1e-9));
        }
    }

    private static double mu(ESS sampler, int numWarmup, int iterations) {
        double[][] walkers = Targets.starts(NORMAL, 8);
        Ensemble ensemble = sampler.start(NORMAL, walkers, 3, numWarmup);
        for (int i = 0; i < iterations; i++) {
            ensemble.next(walkers);
        }
        ChainState state = ensemble.state();
        return state.real("mu");
    }

    /// μ is tuned in the warm-up and only there, from where it is told to start.
    @Test
    void theScaleOfSlicesIsTuned() {
        assertThat(mu(new ESS().initMu(0.01).tuneMu(false), 100, 100)).isEqualTo(0.01);
        assertThat(mu(new ESS().initMu(0.01), 0, 100)).isEqualTo(0.01);
        double fromBelow = mu(new ESS().initMu(0.01), 100, 100);
        double fromAbove = mu(new ESS().initMu(100), 100, 100);
        assertThat(fromBelow).isBetween(0.1, 10.0);
        assertThat(fromAbove / fromBelow).isBetween(0.5, 2.0);
        assertThat(mu(new ESS().initMu(0.01), 100, 150)).isEqualTo(fromBelow);
    }

    /// One try in an interval a hundred times too wide rarely hits the slice, and then the walker stays; ten thousand always do. A width that is not stepped out reaches
    /// no farther than itself.
    @Test
    void theSearchOfASliceIsBounded() {
        ESS wide = new ESS().moves(Map.of(new ESS.RandomMove(), 1.0)).tuneMu(false).initMu(300);
        assertThat(staying(wide.maxIter(1))).isGreaterThan(0.9);
        assertThat(staying(wide)).isZero();
        ESS narrow = new ESS().moves(Map.of(new ESS.RandomMove(), 1.0)).tuneMu(false).initMu(0.005);
        assertThat(farthest(narrow.maxSteps(1))).isLessThanOrEqualTo(0.02 + 1e-12);
        assertThat(farthest(narrow)).isGreaterThan(0.3);
    }

    private static double staying(ESS sampler) {
        double[][] walkers = Targets.starts(NORMAL, 8);
        Ensemble ensemble = sampler.start(NORMAL, walkers, 3, 0);
        int stayed = 0;
        for (int i = 0; i < 50; i++) {
            double[][] before = Arrays.stream(walkers).map(double[]::clone).toArray(double[][]::new);
            ensemble.next(walkers);
            for (int k = 0; k < 8; k++) {
                stayed += Arrays.equals(before[k], walkers[k]) ? 1 : 0;
            }
        }
        return stayed / 400.0;
    }

    private static double farthest(ESS sampler) {
        double[][] walkers = Targets.starts(NORMAL, 8);
        Ensemble ensemble = sampler.start(NORMAL, walkers, 3, 0);
        double most = 0;
        for (int i = 0; i < 50; i++) {
            double[][] before = Arrays.stream(walkers).map(double[]::clone).toArray(double[][]::new);
            ensemble.next(walkers);
            for (int k = 0; k < 8; k++) {
                double square = 0;
                for (int j = 0; j < 3; j++) {
                    square += (walkers[k][j] - before[k][j]) * (walkers[k][j] - before[k][j]);
                }
                most = Math.max(most, Math.sqrt(square));
            }
        }
        return most;
    }
}
