package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What NumPyro's options and members of the driver mean here (numpyro-surface.md, 5.1): keys by chain, going on from a state, thinning, fields, rules of ensembles.
class DriverOptionsTest {
    @TempDir
    private Path temp;

    private static MCMC mcmc() {
        return new MCMC(new NUTS(() -> sample("x", new Normal(NDArray.of(1.0, 2), 1)))).numChains(2).numWarmup(100).numSamples(60).blockSize(10)
                .progress(ProgressListener.NONE);
    }

    private static boolean same(Posterior a, int i, Posterior b, int j) {
        return a.samplesByChain("x").get(i).known().sameAs(b.samplesByChain("x").get(j).known());
    }

    /// NumPyro's batch of keys: a chain depends on its own key and on nothing else.
    @Test
    void aKeyForEachChain() {
        Posterior both = mcmc().runByChain(List.of(key(3), key(4)));
        Posterior turned = mcmc().runByChain(List.of(key(4), key(5)));
        assertThat(same(both, 1, turned, 0)).isTrue();
        assertThat(same(both, 0, turned, 1)).isFalse();
        assertThat(same(mcmc().numChains(1).runByChain(List.of(key(4))), 0, both, 1)).isTrue();
    }

    @Test
    void aRunWithKeysByChainIsResumed() {
        List<PRNGKey> keys = List.of(key(3), PRNGKey.fast(4));
        Posterior want = mcmc().runByChain(keys);
        Path folder = temp.resolve("run");
        AtomicInteger asked = new AtomicInteger();
        mcmc().threads(1).folder(folder).stopWhen(() -> asked.incrementAndGet() > 250).runByChain(keys);
        Posterior got = mcmc().resume(folder);
        assertThat(same(got, 0, want, 0) && same(got, 1, want, 1)).isTrue();
    }

    @Test
    void theNumberOfKeysIsThatOfTheChains() {
        assertThatThrownBy(() -> mcmc().runByChain(List.of(key(3)))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("MCMC.runByChain: there must be one key for each chain.\n  Expected: 2 keys\n  Got:      1 keys\n")
                .hasMessageEndingWith("numChains(1).");
    }

    /// `mcmc.post_warmup_state = mcmc.last_state; mcmc.run(...)`: the iterations are counted on, the draws are those of one longer run.
    @Test
    void aRunGoesOnFromTheLastState() {
        Posterior first = mcmc().run(key(1));
        Posterior second = mcmc().run(first.lastState());
        Posterior whole = mcmc().numSamples(120).run(key(1));
        assertThat(second.lastState().getFirst().iteration()).isEqualTo(100 + 120);
        assertThat(second.samplesByChain("x").get(1, 59).known().sameAs(whole.samplesByChain("x").get(1, 119).known())).isTrue();
    }

    /// The draws of the warm-up are those that lead to its state.
    @Test
    void theWarmUpCanBeCollected() {
        Posterior warm = mcmc().collectWarmup(key(1));
        assertThat(warm.samplesByChain("x").shape()).isEqualTo(Shape.of(2, 100, 2));
        assertThat(warm.lastState()).isEqualTo(mcmc().warmup(key(1)).lastState());
        assertThat(same(mcmc().run(warm.lastState()), 1, mcmc().run(key(1)), 1)).isTrue();
    }

    /// 100 samples with thinning 3 are 33, as NumPyro counts.
    @Test
    void samplesAreCountedBeforeThinning() {
        assertThat(mcmc().numSamples(100).thinning(3).run(key(1)).samples("x").shape()).isEqualTo(Shape.of(66, 2));
    }

    /// Dotted paths are those of NumPyro's states, `~` leaves a site out.
    @Test
    void fieldsHaveNumPyrosPaths() {
        Posterior p = mcmc().extraFields("adapt_state.step_size", "potential_energy", "z.x").run(key(1));
        assertThat(p.extraField("adapt_state.step_size").get(0, 59).item()).isEqualTo(p.extraField("step_size").get(0, 0).item());
        // −log p of two independent normals with variance 1.
        double[] x = p.samplesByChain("x").get(0, 7).toDoubleArray();
        double want = 0.5 * (Math.pow(x[0] - 1, 2) + Math.pow(x[1] - 2, 2)) + Math.log(2 * Math.PI);
        assertThat(p.extraField("potential_energy").get(0, 7).item()).isCloseTo(want, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(p.extraField("z.x").known().sameAs(p.samplesByChain("x").known())).isTrue();
        assertThatThrownBy(() -> mcmc().extraFields("~z.x").run(key(1))).hasMessageContaining("no site is left to keep");
    }

    private static MCMC walkers(Kernel kernel, int chains) {
        return new MCMC(kernel).numChains(chains).numWarmup(5).numSamples(5).progress(ProgressListener.NONE);
    }

    /// An even number of walkers; fewer than twice the dimension are allowed, and warned of.
    @Test
    void theNumberOfWalkers() {
        kiln.model.Model five = () -> sample("x", new Normal(0, 1).expand(5));
        for (Kernel kernel : List.of(new AIES(five), new ESS(five))) {
            String name = kernel instanceof AIES ? "AIES" : "ESS";
            for (int n : new int[] {1, 2, 7}) {
                assertThatThrownBy(() -> walkers(kernel, n).run(key(0)))
                        .hasMessage(name + ": the number of chains must be even and at least 4.\n  Got:      " + n
                                + "\n  Fix:      new MCMC(…).numChains(10); twice the dimension is a good number.");
            }
            assertThat(walkers(kernel, 8).run(key(0)).samples("x").shape()).isEqualTo(Shape.of(40, 5));
        }
        assertThat(Walkers.warning("ESS", 8, 5)).contains("ESS: 8 chains are few for 5 dimensions: walkers move slowly out of the space that they span."
                + " numChains(10) or more is a good number.");
        assertThat(Walkers.warning("ESS", 10, 5)).isEmpty();
    }

    /// SA's population has twice as many points as dimensions, but one more than a full covariance needs; NumPyro leaves one dimension with two points.
    @Test
    void thePopulationOfSA() {
        for (int d : new int[] {1, 3}) {
            var p = new MCMC(new SA(() -> sample("x", new Normal(0, 1).expand(d)))).numChains(1).numWarmup(10).numSamples(1).progress(ProgressListener.NONE).run(key(0));
            assertThat(p.lastState().getFirst().doubles("population")).hasSize(d * (d == 1 ? 3 : 6));
        }
    }
}
