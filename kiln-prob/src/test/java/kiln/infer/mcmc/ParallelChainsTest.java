package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several chains: the same bits for any number of threads, thinning, statistics, failure, resuming.
class ParallelChainsTest {
    private static final LogDensity GAUSSIAN =
            Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.7));

    static Stream<Sampler> samplers() {
        return Stream.of(new NUTS(), new NUTS().denseMass(true), new HMC().trajectoryLength(2));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void drawsDoNotDependOnThreads(Sampler sampler) {
        ChainDraws one = run(sampler, 1);
        for (int threads : new int[] {1, 2, 4}) {
            ChainDraws other = run(sampler, threads);
            for (int c = 0; c < 4; c++) {
                for (int i = 0; i < 200; i++) {
                    assertThat(other.position(c, i)).isEqualTo(one.position(c, i));
                }
            }
            for (Statistic s : Statistic.values()) {
                assertThat(other.statistic(s)).isDeepEqualTo(one.statistic(s));
            }
        }
        assertThat(one.position(0, 0)).isNotEqualTo(one.position(1, 0));
    }

    private static ChainDraws run(Sampler sampler, int threads) {
        return new ParallelChains().numSamples(200).threads(threads).keep(EnumSet.allOf(Statistic.class))
                .run(sampler, GAUSSIAN, Targets.starts(GAUSSIAN, 4), Targets.seeds(4, 1), 200);
    }

    @Test
    void thinningKeepsEveryThirdOfAHundred() {
        ParallelChains chains = new ParallelChains().numChains(1).numSamples(100);
        double[][] starts = Targets.starts(GAUSSIAN, 1);
        ChainDraws all = chains.run(new NUTS(), GAUSSIAN, starts, Targets.seeds(1, 1), 50);
        ChainDraws thinned = chains.thinning(3).run(new NUTS(), GAUSSIAN, starts, Targets.seeds(1, 1), 50);
        assertThat(all.draws()).isEqualTo(100);
        assertThat(thinned.draws()).isEqualTo(33);
        for (int i = 0; i < 33; i++) {
            assertThat(thinned.position(0, i)).isEqualTo(all.position(0, 3 * i + 2));
        }
    }

    /// Stops anywhere, also inside the warm-up, and goes on as if nothing had happened.
    @ParameterizedTest
    @MethodSource("samplers")
    void aResumedChainContinuesBitForBit(Sampler sampler) {
        double[] start = Targets.starts(GAUSSIAN, 1)[0];
        double[] q = new double[3];
        double[] r = new double[3];
        for (int stop : new int[] {0, 10, 90, 149, 150, 180}) {
            Chain whole = sampler.start(GAUSSIAN, start, 9, 150);
            for (int i = 0; i < stop; i++) {
                whole.next(q);
            }
            ChainState state = whole.state();
            Chain resumed = sampler.resume(GAUSSIAN, state);
            for (int i = stop; i < 220; i++) {
                whole.next(q);
                resumed.next(r);
                assertThat(r).isEqualTo(q);
            }
            assertThat(resumed.iteration()).isEqualTo(220);
            assertThat(resumed.metric()).isEqualTo(whole.metric());
            assertThat(state.iteration()).isEqualTo(stop);
        }
    }

    @Test
    void chainsRunOnFromTheirStates() {
        ParallelChains chains = new ParallelChains().numChains(2).threads(2);
        double[][] starts = Targets.starts(GAUSSIAN, 2);
        ChainDraws whole = chains.numSamples(60).run(new NUTS(), GAUSSIAN, starts, Targets.seeds(2, 1), 50);
        ChainDraws first = chains.numSamples(40).run(new NUTS(), GAUSSIAN, starts, Targets.seeds(2, 1), 50);
        ChainDraws rest = chains.numSamples(20).run(c -> new NUTS().resume(GAUSSIAN, first.states().get(c)));
        for (int c = 0; c < 2; c++) {
            for (int i = 0; i < 20; i++) {
                assertThat(rest.position(c, i)).isEqualTo(whole.position(c, 40 + i));
            }
        }
    }

    @Test
    void anExceptionOfTheDensityArrivesUnwrapped() {
        for (int threads : new int[] {1, 4}) {
            AtomicInteger calls = new AtomicInteger();
            LogDensity failing = Targets.of(1, (q, g) -> {
                if (calls.incrementAndGet() > 1000) {
                    throw new ArithmeticException("from the model");
                }
                g[0] = -q[0];
                return -0.5 * q[0] * q[0];
            });
            assertThatThrownBy(() -> new ParallelChains().threads(threads).numSamples(100_000)
                            .run(new NUTS(), failing, Targets.starts(failing, 4), Targets.seeds(4, 1), 100))
                    .isExactlyInstanceOf(ArithmeticException.class).hasMessage("from the model");
        }
    }

    /// A cliff at 1: beyond it the density is zero, which a transition reports as divergent; warm-up does not count.
    @Test
    void divergencesAreCountedPerChainWithoutWarmup() {
        LogDensity cliff = Targets.of(1, (q, g) -> {
            g[0] = -q[0];
            return q[0] > 1 ? Double.NEGATIVE_INFINITY : -0.5 * q[0] * q[0];
        });
        Sampler sampler = new NUTS().adaptStepSize(false).stepSize(0.3);
        ChainDraws draws = new ParallelChains().numChains(2).numSamples(300)
                .run(sampler, cliff, new double[][] {{0}, {-1}}, Targets.seeds(2, 1), 100);
        double[][] flags = draws.statistic(Statistic.DIVERGING);
        for (int c = 0; c < 2; c++) {
            assertThat(draws.divergences()[c]).isPositive().isEqualTo((int) java.util.Arrays.stream(flags[c]).sum());
        }
        assertThatThrownBy(() -> draws.statistic(Statistic.ENERGY)).hasMessageContaining("energy was not kept");
        ChainDraws thinned = new ParallelChains().numChains(2).numSamples(300).thinning(10).keep(Set.of())
                .run(sampler, cliff, new double[][] {{0}, {-1}}, Targets.seeds(2, 1), 100);
        assertThat(thinned.divergences()).isEqualTo(draws.divergences());
    }

    @Test
    void listenersHearTheEndOfEveryChain() {
        List<ChainProgress> heard = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger finished = new AtomicInteger();
        ProgressListener listener = new ProgressListener() {
            @Override
            public void update(ChainProgress progress) {
                heard.add(progress);
            }

            @Override
            public void finished() {
                finished.incrementAndGet();
            }
        };
        new ParallelChains().numChains(3).numSamples(10).threads(2).progress(listener)
                .run(new NUTS(), GAUSSIAN, Targets.starts(GAUSSIAN, 3), Targets.seeds(3, 1), 20);
        assertThat(finished).hasValue(1);
        assertThat(heard).filteredOn(p -> p.iteration() == 30 && p.total() == 30 && !p.warmingUp())
                .extracting(ChainProgress::chain).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void progressIsRedrawnInPlaceAndRemoved() {
        StringBuilder out = new StringBuilder();
        TerminalProgress terminal = new TerminalProgress(out);
        String first = "\r\u001b[2Kchain 0  warm-up    500/2000  [#####               ]  step size 0.412  divergences 0\n";
        String second = "\r\u001b[2Kchain 1  sampling  2000/2000  [####################]  step size 12.0  divergences 3\n";
        terminal.update(new ChainProgress(0, true, 500, 2000, 0.4123, 0));
        assertThat(out).hasToString(first);
        out.setLength(0);
        terminal.update(new ChainProgress(1, false, 2000, 2000, 12.0, 3));
        assertThat(out).hasToString("\u001b[1A" + first + second);
        out.setLength(0);
        terminal.finished();
        assertThat(out).hasToString("\u001b[2A\r\u001b[J");
    }

    /// A model whose sites are all observed has nothing to sample, and that is no error.
    @ParameterizedTest
    @MethodSource("samplers")
    void aDensityWithoutCoordinatesRuns(Sampler sampler) {
        LogDensity constant = Targets.of(0, (q, g) -> -3);
        ChainDraws draws = new ParallelChains().numSamples(10).keep(Set.of(Statistic.POTENTIAL_ENERGY))
                .run(sampler, constant, new double[4][0], Targets.seeds(4, 1), 30);
        assertThat(draws.position(3, 9)).isEmpty();
        assertThat(draws.statistic(Statistic.POTENTIAL_ENERGY)[0]).containsOnly(3);
    }

    @Test
    void numbersAreChecked() {
        assertThatThrownBy(() -> new ParallelChains().thinning(0)).hasMessageStartingWith("thinning must be ≥ 1.\n  Got:      0");
        assertThatThrownBy(() -> new ParallelChains().run(new NUTS(), GAUSSIAN, new double[1][3], new long[4], 0))
                .hasMessageContaining("Expected: 4").hasMessageContaining("1 positions, 4 seeds");
    }

    /// Chains that run at a time share the processors; one thread evaluates unless more are asked for.
    @Test
    void evaluationsGetNoMoreThreadsThanThereAreProcessors() {
        int processors = Runtime.getRuntime().availableProcessors();
        ParallelChains chains = new ParallelChains().threads(processors);
        assertThat(chains.sharing(4 * processors)).isEqualTo(1);
        assertThat(chains.evaluationThreads(8).sharing(4 * processors)).isEqualTo(1);
        assertThat(chains.evaluationThreads(1000).sharing(1)).isEqualTo(processors);
        assertThat(chains.threads(1).evaluationThreads(1000).sharing(4)).isEqualTo(processors);
        assertThat(chains.threads(1).evaluationThreads(1).sharing(4)).isEqualTo(1);
    }
}
