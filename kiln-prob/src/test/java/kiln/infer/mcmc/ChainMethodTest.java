package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.func.Control;
import kiln.infer.AllocatedBytes;
import kiln.infer.Differentiation;
import kiln.infer.LaneDensity;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;
import kiln.infer.PosteriorDensity;
import kiln.infer.StopReason;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Chains that are moved together have the draws of chains that are moved one by one, to the last bit, whoever shares a thread with whom.
class ChainMethodTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);

    /// Eight schools in non-centred form: scalar code.
    static final Model SCHOOLS = () -> {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            NDArray effect = sample("effect", new Normal(0, 1));
            sample("y", new Normal(mu.plus(tau.times(effect)), SIGMA), Y);
        }
    };

    /// A recursion whose state is hidden in the data: a scan.
    static final Model RECURSION = () -> {
        NDArray rate = sample("rate", new Normal(0, 0.5));
        NDArray scale = sample("scale", new HalfCauchy(1));
        NDArray path = Control.scan((NDArray h, NDArray now) -> {
            NDArray next = Np.tanh(rate.times(h)).plus(now);
            return new Carried<>(next, next);
        }, Np.scalar(0.0), Y.times(0.1)).output();
        sample("z", new Normal(path, scale), SIGMA.times(0.1));
    };

    private static final LogDensity PLAIN = Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.7));

    static Stream<Sampler> samplers() {
        return Stream.of(new NUTS().maxTreeDepth(6), new NUTS().maxTreeDepth(3, 5).metricAdaptation(MetricAdaptation.VARIANCE),
                new HMC().trajectoryLength(0.5), new NUTS().kineticFn(KineticEnergy.relativistic(1)), new HMC().numSteps(5).adaptStepSize(false).stepSize(0.3), new BarkerMH(), new BarkerMH().denseMass(true).findHeuristicStepSize(false),
                new RandomWalkMetropolis(), new RandomWalkMetropolis().metricAdaptation(MetricAdaptation.FISHER));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void theDrawsAreThoseOfParallelChains(Sampler sampler) {
        PosteriorDensity schools = PosteriorDensity.of(SCHOOLS, key(0));
        PosteriorDensity recursion = PosteriorDensity.of(RECURSION, key(0));
        assertThat(schools.lanes(8)).isEmpty();
        assertThat(recursion.lanes(8)).isPresent();
        for (int chains : new int[] {1, 3, 8, 64}) {
            for (LogDensity density : chains == 8 ? new LogDensity[] {schools, recursion, PLAIN} : new LogDensity[] {schools, recursion}) {
                ChainDraws want = run(sampler, density, new ParallelChains().numChains(chains));
                for (int threads : new int[] {1, 2}) {
                    ChainDraws got = run(sampler, density, new ParallelChains().numChains(chains).threads(threads).method(ChainMethod.VECTORIZED));
                    assertSame(got, want);
                }
            }
        }
    }

    /// More chains than lanes: they take turns.
    @Test
    void chainsThatWaitForALaneLoseNothing() {
        PosteriorDensity recursion = PosteriorDensity.of(RECURSION, key(0));
        ParallelChains chains = new ParallelChains().numChains(150).threads(1);
        assertSame(run(new NUTS(), recursion, chains.method(ChainMethod.VECTORIZED)), run(new NUTS(), recursion, chains));
    }

    private static ChainDraws run(Sampler sampler, LogDensity density, ParallelChains chains) {
        int n = chains.numChains();
        return chains.numSamples(12).keep(EnumSet.allOf(Statistic.class))
                .run(sampler, density, Targets.starts(density, n), Targets.seeds(n, 1), 30);
    }

    private static void assertSame(ChainDraws got, ChainDraws want) {
        assertThat(got.draws()).isEqualTo(want.draws());
        for (int c = 0; c < want.states().size(); c++) {
            for (int i = 0; i < want.draws(); i++) {
                assertThat(got.position(c, i)).isEqualTo(want.position(c, i));
            }
            assertThat(got.states().get(c)).isEqualTo(want.states().get(c));
        }
        for (Statistic s : Statistic.values()) {
            assertThat(got.statistic(s)).isDeepEqualTo(want.statistic(s));
        }
    }

    private static MCMC mcmc(Kernel kernel) {
        return new MCMC(kernel).numChains(20).threads(1).numWarmup(60).numSamples(40).chainStart(new ChainStart.Uniform()).progress(ProgressListener.NONE);
    }

    private static void assertSame(Posterior got, Posterior want) {
        assertThat(got.samplesByChain("scale").toDoubleArray()).isEqualTo(want.samplesByChain("scale").toDoubleArray());
        assertThat(got.extraField("energy").toDoubleArray()).isEqualTo(want.extraField("energy").toDoubleArray());
        assertThat(got.lastState()).isEqualTo(want.lastState());
    }

    @Test
    void everythingElseOfARunGoesOnAsItDid(@TempDir Path folder) {
        MCMC parallel = mcmc(new NUTS(RECURSION)).blockSize(10);
        MCMC vectorized = parallel.chainMethod(ChainMethod.VECTORIZED);
        Posterior want = parallel.run(key(1));
        assertSame(vectorized.run(key(1)), want);
        // A state in memory, and a run in a folder, are those of parallel chains: either goes on with the other.
        assertSame(vectorized.run(parallel.warmup(key(1)).lastState()), parallel.run(vectorized.warmup(key(1)).lastState()));
        var draws = new AtomicInteger();
        Posterior begun = vectorized.folder(folder.resolve("run")).stopWhen(() -> draws.incrementAndGet() > 20 * 92).run(key(1));
        assertThat(begun.end().orElseThrow().reason()).isEqualTo(StopReason.STOPPED);
        assertThat(begun.end().orElseThrow().draws()).isBetween(1, 39);
        assertSame(parallel.resume(folder.resolve("run")), want);
        // A stop rule looks at the same numbers of draws.
        MCMC until = parallel.numSamples(600).until(1.2, 50).timeLimit(Duration.ofMinutes(10));
        Posterior stopped = until.run(key(2));
        assertThat(stopped.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
        assertSame(until.chainMethod(ChainMethod.VECTORIZED).run(key(2)), stopped);
    }

    /// A kernel without gradients has lanes of the value alone; chains that learn from scores go over to them when their warm-up ends, each when it does.
    @Test
    void randomWalks() {
        for (RandomWalkMetropolis kernel : new RandomWalkMetropolis[] {
            new RandomWalkMetropolis(RECURSION), new RandomWalkMetropolis(RECURSION).metricAdaptation(MetricAdaptation.FISHER_DIAGONAL)
        }) {
            MCMC parallel = new MCMC(kernel).numChains(7).threads(2).numWarmup(60).numSamples(40).extraFields("energy").progress(ProgressListener.NONE);
            assertSame(parallel.chainMethod(ChainMethod.VECTORIZED).run(key(1)), parallel.run(key(1)));
        }
        PosteriorDensity values = PosteriorDensity.of(RECURSION, key(0), Differentiation.ON_DEMAND);
        LaneDensity lanes = values.lanes(4).orElseThrow();
        double[][] q = Targets.starts(values, 4);
        double[] got = new double[4];
        lanes.values(q, got, new double[4][2]);
        assertThat(got).isEqualTo(Stream.of(q).mapToDouble(x -> values.value(x, new double[2])).toArray());
        double[] both = new double[4];
        double[][] gradients = new double[4][2];
        lanes.valuesAndGradients(q, both, gradients);
        for (int k = 0; k < 4; k++) {
            double[] gradient = new double[2];
            assertThat(both[k]).isEqualTo(values.valueAndGradient(q[k], gradient));
            assertThat(gradients[k]).isEqualTo(gradient);
        }
        assertThat(PosteriorDensity.of(SCHOOLS, key(0), Differentiation.ON_DEMAND).lanes(4)).isEmpty();
    }

    /// A density of lanes that loops over them, to be counted and to fail.
    private record Looped(LogDensity one, AtomicInteger evaluations, int failing) implements LogDensity {
        @Override
        public int dimension() {
            return one.dimension();
        }

        @Override
        public double valueAndGradient(double[] position, double[] gradient) {
            return one.valueAndGradient(position, gradient);
        }

        @Override
        public Optional<LaneDensity> lanes(int lanes) {
            return Optional.of(new LaneDensity() {
                @Override
                public int lanes() {
                    return lanes;
                }

                @Override
                public void valuesAndGradients(double[][] positions, double[] values, double[][] gradients) {
                    if (evaluations.incrementAndGet() == failing) {
                        throw new ArithmeticException("evaluation " + failing);
                    }
                    for (int k = 0; k < lanes; k++) {
                        values[k] = one.valueAndGradient(positions[k], gradients[k]);
                    }
                }
            });
        }
    }

    /// Chains do not wait for each other's trees: few evaluations more than the longest chain has steps of its own.
    @Test
    void noLaneWaitsForTheDeepestTree() {
        var evaluations = new AtomicInteger();
        int n = LaneSteps.WIDEST;
        ChainDraws draws = new ParallelChains().numChains(n).threads(1).numSamples(200).method(ChainMethod.VECTORIZED)
                .keep(EnumSet.of(Statistic.NUM_STEPS))
                .run(new NUTS().adaptStepSize(false).adaptMassMatrix(false).stepSize(0.5), new Looped(PLAIN, evaluations, -1), Targets.starts(PLAIN, n), Targets.seeds(n, 1), 0);
        int longest = 0;
        for (double[] chain : draws.statistic(Statistic.NUM_STEPS)) {
            longest = Math.max(longest, (int) java.util.Arrays.stream(chain).sum());
        }
        // In the end fewer chains are left than an evaluation takes, which are evaluated one by one. If they waited for each other at every draw, there would be
        // as many evaluations as the deepest trees have steps: half as many again.
        assertThat(evaluations.get()).isLessThanOrEqualTo(longest).isGreaterThan(longest * 3 / 4);
    }

    @Test
    void whatADensityThrowsArrivesAsItWasThrown() {
        LogDensity failing = new Looped(PLAIN, new AtomicInteger(), 100);
        assertThatThrownBy(() -> new ParallelChains().numChains(20).method(ChainMethod.VECTORIZED)
                        .run(new NUTS(), failing, Targets.starts(PLAIN, 20), Targets.seeds(20, 1), 10))
                .isInstanceOf(ArithmeticException.class).hasMessage("evaluation 100");
    }

    @Test
    void stepsTogetherAllocateNothing() throws ReflectiveOperationException {
        PosteriorDensity recursion = PosteriorDensity.of(RECURSION, key(0));
        int n = 16;
        HamiltonianChain[] chains = new HamiltonianChain[n];
        double[][] starts = Targets.starts(recursion, n);
        for (int k = 0; k < n; k++) {
            chains[k] = (HamiltonianChain) new NUTS().start(recursion, starts[k], k, 100);
        }
        LaneSteps steps = new LaneSteps(recursion, n);
        double[] q = new double[recursion.dimension()];
        move(recursion, steps, chains, q, 400);
        AllocatedBytes counter = new AllocatedBytes();
        counter.read();
        long before = counter.read();
        move(recursion, steps, chains, q, 400);
        // As for chains alone: some boxes of the counter, where an array for every transition would be a megabyte.
        assertThat(counter.read() - before).isLessThan(4096);
    }

    private static void move(LogDensity density, LaneSteps steps, HamiltonianChain[] chains, double[] q, int iterations) {
        for (HamiltonianChain chain : chains) {
            chain.begin();
        }
        for (int left = iterations * chains.length; left > 0; ) {
            steps.step(chains, chains.length);
            for (HamiltonianChain chain : chains) {
                chain.stepped().stepped();
                while (!chain.stepped().wantsStep()) {
                    chain.end(q);
                    chain.begin();
                    left--;
                }
            }
        }
        for (HamiltonianChain chain : chains) {
            while (chain.stepped().wantsStep()) {
                SteppedTrajectory t = chain.stepped();
                LeapFrog.step(density, chain.metric(), t.eps(), t.from(), t.to());
                t.stepped();
            }
            chain.end(q);
        }
    }
}
