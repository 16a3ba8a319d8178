package kiln.infer.mcmc;

import static java.util.Objects.requireNonNull;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.deterministic;
import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Categorical;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.infer.Predictive;
import kiln.infer.StopReason;
import kiln.infer.store.RunFolderException;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `postprocessFn`: the posterior has what a function makes of the draws, the same numbers as the function applied to the draws of a run without it, whatever
/// other options the run has.
class PostprocessTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);

    private static final Model SCHOOLS = () -> {
        NDArray mu = sample("mu", new Normal(0, 5));
        NDArray tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            NDArray theta = deterministic("theta", mu.plus(tau.times(sample("effect", new Normal(0, 1)))));
            sample("y", new Normal(theta, 12), Y);
        }
    };

    /// The largest effect, the scale once more, and a site as it is; in an order that is not that of the names.
    private static Map<String, NDArray> made(Map<String, NDArray> draw) {
        var out = new LinkedHashMap<String, NDArray>();
        out.put("largest", site(draw, "theta").max());
        out.put("both", Np.stack(List.of(site(draw, "mu"), Np.log(site(draw, "tau"))), 0));
        out.put("above", site(draw, "theta").gt(10));
        out.put("tau", site(draw, "tau"));
        return out;
    }

    @TempDir
    private Path temp;

    private static NDArray site(Map<String, NDArray> draw, String name) {
        return requireNonNull(draw.get(name));
    }

    private static MCMC plain(Kernel kernel) {
        return new MCMC(kernel).numChains(4).numWarmup(150).numSamples(60).thinning(2).blockSize(7).progress(ProgressListener.NONE);
    }

    private static MCMC processed() {
        return plain(new NUTS(SCHOOLS)).postprocessFn(PostprocessTest::made);
    }

    private static void assertSame(Posterior got, Posterior want) {
        assertThat(got.names()).isEqualTo(want.names());
        for (String name : want.names()) {
            assertThat(got.samplesByChain(name).known().sameAs(want.samplesByChain(name).known())).as(name).isTrue();
        }
    }

    /// Maximum, comparison and copy are exact; the logarithm is that of the arrays.
    @Test
    void theDrawsAreThoseThatTheFunctionMakes() {
        Posterior got = processed().run(key(1));
        Posterior draws = plain(new NUTS(SCHOOLS)).run(key(1));
        assertThat(got.names()).containsExactly("largest", "both", "above", "tau");
        assertThat(got.samplesByChain("both").shape()).isEqualTo(Shape.of(4, 30, 2));
        assertThat(got.samplesByChain("above").dtype()).isEqualTo(DType.BOOL);
        for (int c = 0; c < 4; c++) {
            for (int i = 0; i < 30; i++) {
                var draw = new LinkedHashMap<String, NDArray>();
                for (String name : draws.names()) {
                    draw.put(name, draws.samplesByChain(name).get(c, i));
                }
                int at = i;
                int chain = c;
                made(draw).forEach((name, want) -> assertThat(got.samplesByChain(name).get(chain, at).toDoubleArray()).isEqualTo(want.toDoubleArray()));
            }
        }
    }

    @Test
    void aFolderStreamingVectorizedChainsAndTheLastStateChangeNoBit() {
        Posterior want = processed().run(key(1));
        assertSame(processed().folder(temp.resolve("a")).keepInMemory(false).run(key(1)), want);
        assertSame(processed().resume(temp.resolve("a")), want);
        assertSame(processed().chainMethod(ChainMethod.VECTORIZED).threads(1).run(key(1)), want);
        assertSame(processed().run(processed().warmup(key(1)).lastState()), want);
        assertThat(processed().collectWarmup(key(1)).samplesByChain("both").shape()).isEqualTo(Shape.of(4, 75, 2));
    }

    /// Stopped in the warm-up and between draws; what is in the folder is what the function made.
    @ParameterizedTest
    @ValueSource(ints = {300, 700, 790})
    void aStoppedRunGoesOnBitForBit(int iterations) {
        Path folder = temp.resolve("run");
        AtomicInteger asked = new AtomicInteger();
        try {
            Posterior part = processed().folder(folder).stopWhen(() -> asked.incrementAndGet() > iterations).run(key(1));
            assertThat(part.end().orElseThrow().reason()).isEqualTo(StopReason.STOPPED);
        } catch (java.util.concurrent.CancellationException e) {
            assertThat(e).hasMessageContaining("resume(");
        }
        assertThat(folder.resolve("posterior").resolve("largest")).exists();
        assertThat(folder.resolve("posterior").resolve("theta")).doesNotExist();
        assertSame(processed().resume(folder), processed().run(key(1)));
    }

    /// A map without an order is taken in the order of its names, which is the same in every process.
    @Test
    void theOrderOfOtherMapsIsThatOfTheNames() {
        Posterior p = plain(new NUTS(SCHOOLS)).postprocessFn(draw -> Map.of("c", site(draw, "mu"), "a", site(draw, "tau"), "b", site(draw, "mu").times(2))).run(key(1));
        assertThat(p.names()).containsExactly("a", "b", "c");
    }

    /// Everything that is returned is in the summary and the stop rule but deterministic sites of the model; these too where nothing else is kept.
    @Test
    void summaryAndStopRuleLookAtWhatIsKept() {
        MCMC mcmc = plain(new NUTS(SCHOOLS)).numSamples(4000).thinning(1);
        Posterior p = mcmc.postprocessFn(draw -> Map.of("gap", site(draw, "mu").minus(site(draw, "tau")), "theta", site(draw, "theta"))).until(1.05, 200).run(key(1));
        assertThat(p.summary().rows()).hasSize(1);
        assertThat(p.summary().row("gap").nEff()).isGreaterThan(150);
        assertThat(p.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
        Posterior only = mcmc.postprocessFn(draw -> Map.of("theta", site(draw, "theta"))).until(1.05, 200).run(key(1));
        assertThat(only.summary().rows()).hasSize(8);
        assertThat(only.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
        assertThat(mcmc.numSamples(100).extraFields("~z.mu", "~z.tau", "~z.effect").run(key(1)).summary().rows()).hasSize(8);
    }

    /// It may branch as a model may: each draw takes its own way.
    @Test
    void branches() {
        Posterior p = plain(new NUTS(SCHOOLS)).postprocessFn(draw -> Map.of("size", site(draw, "mu").gt(0).isTrue() ? site(draw, "mu") : site(draw, "mu").unaryMinus(), "mu", site(draw, "mu"))).run(key(1));
        double[] mu = p.samples("mu").toDoubleArray();
        assertThat(java.util.Arrays.stream(mu).filter(x -> x < 0)).isNotEmpty();
        assertThat(p.samples("size").toDoubleArray()).isEqualTo(java.util.Arrays.stream(mu).map(Math::abs).toArray());
    }

    /// Kernels with discrete draws and ensembles hand their draws to it as well; discrete values come as whole numbers.
    @Test
    void otherKernels() {
        Model mixture = () -> {
            NDArray k = sample("k", new Categorical(NDArray.of(0.3, 0.7)));
            sample("y", new Normal(k.times(2).plus(sample("m", new Normal(0, 1))), 1), NDArray.of(1.5));
        };
        Posterior p = plain(new DiscreteHMCGibbs(new NUTS(mixture))).postprocessFn(draw -> Map.of("twice", site(draw, "k").times(2))).run(key(1));
        assertThat(p.samplesByChain("twice").dtype().isFloating()).isFalse();
        assertThat(p.samples("twice").toDoubleArray()).containsOnly(0, 2);
        Posterior walkers = plain(new AIES(SCHOOLS)).numChains(20).postprocessFn(PostprocessTest::made).run(key(1));
        assertThat(walkers.samplesByChain("both").shape()).isEqualTo(Shape.of(20, 30, 2));
    }

    /// Predictions need the random variables: they are there if the function returns them.
    @Test
    void predictionsFromWhatIsKept() {
        MCMC mcmc = plain(new NUTS(SCHOOLS));
        Posterior p = mcmc.postprocessFn(draw -> {
            var out = new LinkedHashMap<>(draw);
            out.put("gap", site(draw, "mu").minus(site(draw, "tau")));
            return out;
        }).run(key(1));
        NDArray got = requireNonNull(new Predictive(SCHOOLS, p.samples()).run(key(2)).get("theta"));
        assertThat(got.known().sameAs(mcmc.run(key(1)).samples("theta").known())).isTrue();
    }

    @Test
    void anotherFunctionDoesNotGoOnInTheFolder() {
        Path folder = temp.resolve("run");
        MCMC mcmc = plain(new NUTS(SCHOOLS));
        mcmc.postprocessFn(draw -> Map.of("x", site(draw, "mu"))).folder(folder).run(key(1));
        assertThatThrownBy(() -> mcmc.postprocessFn(draw -> Map.of("x", site(draw, "tau"))).resume(folder))
                .isInstanceOf(RunFolderException.class).hasMessageContaining("fingerprint of postprocessFn");
        assertThatThrownBy(() -> mcmc.resume(folder)).isInstanceOf(RunFolderException.class).hasMessageContaining("posterior/x").hasMessageContaining("posterior/theta");
        // The same names and types: the line of the function is one too many.
        Path same = temp.resolve("same");
        mcmc.postprocessFn(LinkedHashMap::new).folder(same).run(key(1));
        assertThatThrownBy(() -> mcmc.resume(same)).isInstanceOf(RunFolderException.class).hasMessageContaining("fingerprint of postprocessFn");
    }

    @Test
    void errors() {
        MCMC mcmc = plain(new NUTS(SCHOOLS));
        assertThatThrownBy(() -> mcmc.postprocessFn(_ -> Map.of()).run(key(1))).isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("postprocessFn: it returns no array, so nothing would be kept of the draws.\n  Expected: at least one array by name\n");
        assertThatThrownBy(() -> mcmc.postprocessFn(draw -> Map.of("a", site(draw, "thata"))).run(key(1))).isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("postprocessFn: there is no such site.\n  Expected: one of \"mu\", \"tau\", \"effect\", \"theta\"\n  Got:      \"thata\"\n")
                .hasMessageContaining("\n  Fix:      write \"theta\" instead of \"thata\".");
        assertThatThrownBy(() -> mcmc.postprocessFn(draw -> site(draw, "mu").gt(0).isTrue() ? Map.of("a", site(draw, "mu")) : Map.of("b", site(draw, "mu"))).run(key(1)))
                .isInstanceOf(HandlerException.class)
                .hasMessageStartingWith("postprocessFn: a postprocessed array differs between the branches of the model.");
        assertThatThrownBy(() -> mcmc.postprocessFn(draw -> Map.of("a", site(draw, "mu"))).extraFields("~z.mu").run(key(1)))
                .hasMessageContaining("the model has no such site").hasMessageContaining("\"a\"");
    }
}
