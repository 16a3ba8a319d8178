package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import kiln.array.NDArray;
import kiln.diagnostics.EffectiveSampleSize;
import kiln.diagnostics.Rhat;
import kiln.infer.LogDensity;
import kiln.infer.Posterior;
import kiln.infer.StopReason;
import org.junit.jupiter.api.Test;

/// What ends a run: the stop rule, time, the program, an interrupt; and what goes on after it.
class StoppingTest {
    private static final LogDensity GAUSSIAN = Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.9));

    private static MCMC mcmc() {
        return new MCMC(new NUTS(GAUSSIAN)).numWarmup(200).progress(ProgressListener.NONE);
    }

    private static double[][] chains(NDArray z, int element, int draws) {
        double[][] x = new double[z.size(0)][draws];
        for (int c = 0; c < x.length; c++) {
            for (int i = 0; i < draws; i++) {
                x[c][i] = z.get(c, i, element).item();
            }
        }
        return x;
    }

    /// The first of the draws looked at that satisfy the rule, found from the whole run.
    @Test
    void theStopRuleEndsTheRunAtTheFirstLookThatSatisfiesIt() {
        Posterior whole = mcmc().numSamples(4000).run(key(1));
        NDArray z = whole.samplesByChain("z");
        IntUnaryOperator next = n -> n + Math.max(100, n / 4 / 100 * 100);
        int want = next.applyAsInt(0);
        while (!satisfied(z, want)) {
            want = next.applyAsInt(want);
        }
        assertThat(want).isBetween(200, 3999);
        for (int threads : new int[] {1, 3, 4}) {
            Posterior got = mcmc().numSamples(4000).until(1.01, 1200).threads(threads).run(key(1));
            assertThat(got.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
            assertThat(got.samplesByChain("z").size(1)).isEqualTo(want);
            assertThat(chains(got.samplesByChain("z"), 1, want)).isDeepEqualTo(chains(z, 1, want));
            assertThat(got.toString()).contains("\nConverged after " + want + " of 4000 draws of each chain.");
        }
    }

    private static boolean satisfied(NDArray z, int draws) {
        for (int e = 0; e < 3; e++) {
            double[][] x = chains(z, e, draws);
            if (!(Rhat.rhat(x) < 1.01 && EffectiveSampleSize.essBulk(x) > 1200)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aRuleThatIsNeverSatisfiedChangesNothing() {
        Posterior got = mcmc().numSamples(300).until(1.0001, 1e6).run(key(1));
        assertThat(got.end().orElseThrow().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(got.samplesByChain("z").known().sameAs(mcmc().numSamples(300).run(key(1)).samplesByChain("z").known())).isTrue();
        assertThat(got.toString()).contains("Number of divergences: 0").doesNotContain("draws of each chain");
    }

    @Test
    void timeEndsTheRunWithTheFirstDraws() {
        Posterior got = mcmc().numSamples(100_000_000).timeLimit(Duration.ofSeconds(1)).run(key(1));
        assertThat(got.end().orElseThrow().reason()).isEqualTo(StopReason.TIME_LIMIT);
        int draws = got.end().orElseThrow().draws();
        assertThat(draws).isPositive();
        int compared = Math.min(draws, 200);
        NDArray want = mcmc().numSamples(200).run(key(1)).samplesByChain("z");
        assertThat(chains(got.samplesByChain("z"), 0, compared)).isDeepEqualTo(chains(want, 0, compared));
    }

    /// The interrupt comes when every chain has been heard of after its warm-up, however unfairly the threads are scheduled.
    @Test
    void anInterruptedThreadReturnsTheDrawsAndStaysInterrupted() {
        for (int threads : new int[] {1, 4}) {
            Thread caller = Thread.currentThread();
            Set<Integer> drawing = ConcurrentHashMap.newKeySet();
            Posterior got = mcmc().numSamples(100_000_000).threads(threads).progress(progress -> {
                if (!progress.warmingUp() && drawing.add(progress.chain()) && drawing.size() == 4) {
                    caller.interrupt();
                }
            }).run(key(1));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(got.end().orElseThrow().reason()).isEqualTo(StopReason.INTERRUPTED);
            assertThat(got.end().orElseThrow().draws()).isPositive();
            assertThat(got.toString()).contains("Interrupted after ");
        }
    }

    @Test
    void anEndInTheWarmupIsAnError() {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> mcmc().stopWhen(() -> asked.incrementAndGet() > 50).run(key(1)))
                .isInstanceOf(CancellationException.class)
                .hasMessage("""
                        MCMC: the run ended before all chains had a draw.
                          Got:      stopped
                          Fix:      give it a folder(path), from which an ended run can be resumed.""");
    }

    @Test
    void warmupAndLastStateGoOn() {
        NDArray whole = mcmc().numSamples(300).run(key(3)).samplesByChain("z");
        Posterior warm = mcmc().warmup(key(3));
        Posterior first = mcmc().numSamples(100).run(warm.lastState());
        Posterior second = mcmc().numSamples(200).run(first.lastState());
        assertThat(second.lastState()).allMatch(s -> s.iteration() == 500);
        assertThat(chains(first.samplesByChain("z"), 2, 100)).isDeepEqualTo(chains(whole, 2, 100));
        for (int i = 0; i < 200; i++) {
            assertThat(second.samplesByChain("z").get(1, i, 0).item()).isEqualTo(whole.get(1, 100 + i, 0).item());
        }
        assertThatThrownBy(() -> mcmc().numChains(2).run(warm.lastState()))
                .hasMessageContaining("Expected: 2 states").hasMessageContaining("Fix:      numChains(4).");
        assertThatThrownBy(() -> new MCMC(new HMC(GAUSSIAN)).progress(ProgressListener.NONE).threads(1).run(warm.lastState()))
                .hasMessageContaining("HMC: the state was made by another kernel");
        assertThatThrownBy(() -> new MCMC(new NUTS(Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0.9)))).progress(ProgressListener.NONE).run(warm.lastState()))
                .hasMessageStartingWith("MCMC.run: the state is of another model.\n  Expected: 2 coordinates, as the model has\n  Got:      3 coordinates in NUTS after 200 iterations\n");
        assertThatThrownBy(warm::printSummary).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Summary: there are no draws.").hasMessageContaining("Got:      4 chains of 0 draws").hasMessageContaining("run(posterior.lastState())");
    }

    /// The draws of the warm-up are those of the same chain asked one by one.
    @Test
    void theWarmupIsCollected() {
        Posterior warm = mcmc().numChains(1).collectWarmup(key(3));
        assertThat(warm.samplesByChain("z").shape().dims()).containsExactly(1, 200, 3);
        NDArray next = mcmc().numChains(1).numSamples(10).run(warm.lastState()).samplesByChain("z");
        NDArray want = mcmc().numChains(1).numSamples(10).run(key(3)).samplesByChain("z");
        assertThat(next.known().sameAs(want.known())).isTrue();
    }

    @Test
    void sitesAreLeftOutOrKeptUnconstrained() {
        Posterior got = mcmc().numSamples(20).extraFields("z.z", "adapt_state.step_size", "num_steps").run(key(1));
        assertThat(got.extraField("z.z").known().sameAs(got.samplesByChain("z").known())).isTrue();
        assertThat(got.extraField("adapt_state.step_size").shape().dims()).containsExactly(4, 20);
        assertThatThrownBy(() -> mcmc().extraFields("acept_prob"))
                .hasMessageContaining("extraFields: there is no such field.").hasMessageContaining("write \"accept_prob\"");
        assertThatThrownBy(() -> mcmc().extraFields("~z.z").run(key(1))).hasMessageContaining("no site is left to keep");
        assertThatThrownBy(() -> mcmc().extraFields("~z.y").run(key(1))).hasMessageContaining("the model has no such site");
    }

    @Test
    void listenersHearHowWellTheChainsAgree() {
        List<Convergence> heard = Collections.synchronizedList(new ArrayList<>());
        ProgressListener listener = new ProgressListener() {
            @Override
            public void update(ChainProgress progress) {}

            @Override
            public void convergence(Convergence c) {
                heard.add(c);
            }
        };
        mcmc().numSamples(100_000_000).timeLimit(Duration.ofMillis(2500)).progress(listener).run(key(1));
        assertThat(heard).isNotEmpty();
        Convergence last = heard.getLast();
        NDArray z = mcmc().numSamples(last.draws()).run(key(1)).samplesByChain("z");
        double worst = 0;
        for (int e = 0; e < 3; e++) {
            worst = Math.max(worst, Rhat.rhat(chains(z, e, last.draws())));
        }
        assertThat(last.rHat()).isEqualTo(worst);
        assertThat(last.rHatOf()).matches("z\\[[012]]");
    }
}
