package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.infer.StopReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs in a folder: the same draws as in memory, wherever they were stopped and resumed; what is in the folder.
class RunFolderTest {
    private static final NDArray Y = NDArray.of(28.0, 8, -3, 7, -1, 1, 18, 12);
    private static final NDArray SIGMA = NDArray.of(15.0, 10, 16, 11, 9, 11, 10, 18);
    private static final PRNGKey KEY = key(7);

    @TempDir
    private Path temp;

    private static void eightSchools() {
        var mu = sample("mu", new Normal(0, 5));
        var tau = sample("tau", new HalfCauchy(5));
        try (var _ = plate("school", 8)) {
            var standardised = sample("theta_trans", new Normal(0, 1));
            sample("y", new Normal(deterministic("theta", mu.plus(tau.times(standardised))), SIGMA), Y);
        }
    }

    /// The run in memory, never stopped.
    private static final Posterior WANT = small().run(KEY);

    private static MCMC small() {
        return new MCMC(new NUTS(RunFolderTest::eightSchools)).numWarmup(150).numSamples(95).thinning(2).blockSize(10)
                .extraFields("accept_prob", "z.tau").progress(ProgressListener.NONE);
    }

    private static void assertSame(Posterior got) {
        assertThat(got.names()).isEqualTo(WANT.names());
        for (String site : WANT.names()) {
            assertThat(got.samplesByChain(site).known().sameAs(WANT.samplesByChain(site).known())).as(site).isTrue();
        }
        for (String field : new String[] {"accept_prob", "diverging", "z.tau"}) {
            assertThat(got.extraField(field).known().sameAs(WANT.extraField(field).known())).as(field).isTrue();
        }
        assertThat(got.divergences()).isEqualTo(WANT.divergences());
    }

    @Test
    void aFolderChangesNoDraw() {
        assertThat(WANT.samplesByChain("mu").size(1)).isEqualTo(47);
        assertSame(small().folder(temp.resolve("a")).run(KEY));
        assertSame(small().folder(temp.resolve("b")).keepInMemory(false).run(KEY));
        assertSame(small().keepInMemory(false).resume(temp.resolve("b")));
    }

    @Test
    void drawsThatDoNotStayInMemoryNeedAFolder() {
        MCMC nowhere = small().keepInMemory(false);
        assertThatThrownBy(() -> nowhere.run(KEY)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("draws that do not stay in memory need a run folder: name one with folder(path).\n  Got:      keepInMemory(false) alone");
    }

    /// Stops after so many iterations of all chains together, twice, and goes on with another number of threads; the first 100 choose coordinates.
    @ParameterizedTest
    @CsvSource({"103, 400", "800, 33", "1070, 9"})
    void aStoppedRunGoesOnBitForBit(int first, int second) {
        Path folder = temp.resolve("run");
        try {
            Posterior part = small().folder(folder).threads(2).stopWhen(after(first)).run(KEY);
            assertThat(part.end().orElseThrow().reason()).isEqualTo(StopReason.STOPPED);
            assertThat(part.toString()).contains("Stopped by the program after " + part.samplesByChain("mu").size(1) + " of 47 draws");
        } catch (java.util.concurrent.CancellationException e) {
            assertThat(e).hasMessage("MCMC: the run ended before all chains had a draw.\n  Got:      stopped\n"
                    + "  Fix:      go on by resume(" + folder + ").");
        }
        try {
            small().threads(1).stopWhen(after(second)).resume(folder);
        } catch (java.util.concurrent.CancellationException e) {
            assertThat(e).hasMessageContaining("resume(");
        }
        assertSame(small().threads(4).resume(folder));
    }

    private static java.util.function.BooleanSupplier after(long iterations) {
        AtomicLong asked = new AtomicLong();
        return () -> asked.incrementAndGet() >= iterations;
    }

    /// An interrupted thread still writes its last draws, which do not fill a block.
    @ParameterizedTest
    @CsvSource({"1", "4"})
    void anInterruptedRunIsWrittenAndGoesOn(int threads) {
        Path folder = temp.resolve("run");
        Thread caller = Thread.currentThread();
        AtomicLong asked = new AtomicLong();
        try {
            Posterior part = small().threads(threads).folder(folder).stopWhen(() -> {
                if (asked.incrementAndGet() == 890) {
                    caller.interrupt();
                }
                // The others go on only when the caller has seen it: it may wake later than all of them end.
                while (asked.get() >= 890 && !Thread.currentThread().equals(caller) && caller.isInterrupted()) {
                    Thread.onSpinWait();
                }
                return false;
            }).run(KEY);
            assertThat(part.end().orElseThrow().reason()).isEqualTo(StopReason.INTERRUPTED);
        } catch (java.util.concurrent.CancellationException e) {
            // The machine let one of the four threads wait while the others did its share.
            assertThat(e).hasMessageContaining("Got:      interrupted");
        }
        assertThat(Thread.interrupted()).isTrue();
        assertSame(small().resume(folder));
    }

    static Stream<String> kernels() {
        return KernelRuns.NAMES.stream();
    }

    /// Every kernel, stopped in the middle of its warm-up and again among its draws.
    @ParameterizedTest
    @MethodSource("kernels")
    @Checks(SamplerCheck.RESUMED)
    void everyKernelGoesOnBitForBit(String name) {
        MCMC mcmc = KernelRuns.mcmc(name);
        Kernel kernel = mcmc.sampler();
        Path folder = temp.resolve("run");
        boolean ensemble = kernel instanceof EnsembleSampler;
        for (int stop : new int[] {35, 50}) {
            try {
                var some = mcmc.stopWhen(after(ensemble ? stop : 4 * stop));
                if (stop == 35) {
                    some.folder(folder).run(KEY);
                } else {
                    some.resume(folder);
                }
            } catch (java.util.concurrent.CancellationException e) {
                assertThat(e).hasMessageContaining("resume(");
            }
        }
        Posterior got = mcmc.threads(1).resume(folder);
        Posterior want = mcmc.run(KEY);
        for (String site : want.names()) {
            assertThat(got.samplesByChain(site).known().sameAs(want.samplesByChain(site).known())).as(site).isTrue();
        }
        assertThat(got.lastState()).isEqualTo(want.lastState());
        assertThat(kernel.description()).doesNotContain("@").doesNotContain("$");
    }

    /// A run that met its stop rule goes on without one, or with a stricter one.
    @Test
    void aRunThatConvergedGoesOn() {
        Path folder = temp.resolve("run");
        Posterior met = small().until(3, 5).folder(folder).run(KEY);
        assertThat(met.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
        assertThat(met.end().orElseThrow().draws()).isEqualTo(10);
        Posterior stricter = small().until(3, 30).resume(folder);
        assertThat(stricter.end().orElseThrow().reason()).isEqualTo(StopReason.CONVERGED);
        assertThat(stricter.end().orElseThrow().draws()).isBetween(20, 46);
        assertSame(small().resume(folder));
    }

    /// The time limit counts anew in every process; the iterations are slow enough for it to end the run among them.
    @Test
    void aRunThatRanOutOfTimeGoesOn() {
        Path folder = temp.resolve("run");
        AtomicLong asked = new AtomicLong();
        MCMC slow = small().threads(2).timeLimit(Duration.ofSeconds(9)).stopWhen(() -> {
            // The warm-up of four chains is over.
            if (asked.incrementAndGet() > 700) {
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
            }
            return false;
        });
        Posterior part = slow.folder(folder).run(KEY);
        assertThat(part.end().orElseThrow().reason()).isEqualTo(StopReason.TIME_LIMIT);
        assertThat(part.toString()).contains("Stopped by the time limit after " + part.end().orElseThrow().draws() + " of 47 draws");
        assertSame(small().resume(folder));
    }

    @Test
    void aFinishedRunIsMadeLonger() {
        Path folder = temp.resolve("run");
        small().numSamples(31).folder(folder).run(KEY);
        assertSame(small().resume(folder));
    }

    @Test
    void theWarmupAloneIsResumedToARun() {
        Path folder = temp.resolve("run");
        Posterior warm = small().folder(folder).warmup(KEY);
        assertThat(warm.lastState()).hasSize(4).allMatch(s -> s.iteration() == 150);
        assertSame(small().resume(folder));
    }

    /// The layout of Zarr 2, read by hand.
    @Test
    void drawsAreZarrArrays() throws IOException {
        Path folder = temp.resolve("run");
        Posterior posterior = small().folder(folder).run(KEY);
        assertThat(folder.resolve(".zgroup")).hasContent("{\"zarr_format\": 2}\n");
        assertThat(folder.resolve("posterior/.zgroup")).exists();
        assertThat(folder.resolve("posterior/theta/.zarray")).hasContent("{\"zarr_format\": 2, \"shape\": [4, 47, 8], "
                + "\"chunks\": [1, 10, 8], \"dtype\": \"<f8\", \"compressor\": {\"id\": \"zlib\", \"level\": 1}, "
                + "\"fill_value\": \"NaN\", \"order\": \"C\", \"filters\": null}\n");
        assertThat(folder.resolve("posterior/theta/.zattrs")).hasContent(
                "{\"_ARRAY_DIMENSIONS\": [\"chain\", \"draw\", \"theta_dim_0\"]}\n");
        assertThat(folder.resolve("unconstrained_posterior/tau/3.4")).exists();
        assertThat(folder.resolve("sample_stats/accept_prob/0.0")).exists();
        for (int block = 0; block < 5; block++) {
            byte[] packed = Files.readAllBytes(folder.resolve("posterior/theta/2." + block + ".0"));
            ByteBuffer bytes = ByteBuffer.wrap(new InflaterInputStream(new ByteArrayInputStream(packed)).readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            assertThat(bytes.remaining()).isEqualTo(10 * 8 * 8);
            for (int i = 0; i < 80; i++) {
                int draw = 10 * block + i / 8;
                double want = draw < 47 ? posterior.samplesByChain("theta").get(2, draw, i % 8).item() : Double.NaN;
                assertThat(bytes.getDouble()).isEqualTo(Double.valueOf(want));
            }
        }
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(f -> f.toString().endsWith(".part"))).isEmpty();
        }
    }

    @Test
    void namesOfSitesAreNamesOfFolders() {
        Path folder = temp.resolve("run");
        new MCMC(new NUTS(() -> sample("a/b", new Normal(0, 1)))).numWarmup(10).numSamples(5).folder(folder)
                .progress(ProgressListener.NONE).run(KEY);
        assertThat(folder.resolve("posterior/a%2Fb/0.0")).exists();
    }
}
