package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kiln.infer.FreshJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Processes that are told to end: after `kill -9` at random points the folder goes on to the same bits as a run that nobody killed; after Ctrl-C and SIGTERM the
/// process itself keeps what it drew.
///
/// A child process is told to report after a random number of iterations and killed a random moment later, in the warm-up, between
/// draws, or while it writes a file; then another child goes on. Every run is killed several times, and finished by this process.
class KillTest {
    @TempDir
    private Path temp;

    static Stream<String> kernels() {
        return Stream.concat(KernelRuns.NAMES.stream(), Stream.of(KernelRuns.PARTICLES));
    }

    /// 38 kills of all kernels together.
    @ParameterizedTest
    @MethodSource("kernels")
    @Checks(SamplerCheck.KILLED)
    void twoKillsChangeNoBit(String name) throws IOException, InterruptedException {
        kill(name, 2, 11);
    }

    /// 114 kills of all kernels together.
    @ParameterizedTest
    @MethodSource("kernels")
    @Tag("slow")
    @Checks(SamplerCheck.KILLED)
    void sixKillsChangeNoBit(String name) throws IOException, InterruptedException {
        kill(name, 6, 12);
    }

    private void kill(String name, int kills, long seed) throws IOException, InterruptedException {
        Crasher.Outcome want = Crasher.run(name, Optional.empty(), 1, () -> false);
        Random random = new Random(31 * seed + name.hashCode());
        int killed = 0;
        for (int run = 0; killed < kills; run++) {
            Path folder = temp.resolve("run" + run);
            // Four chains make about 1000 iterations, so a run is killed a few times before it is handed to this process.
            for (int k = 0; k < 3 && killed < kills; k++) {
                Process child = start(name, folder, 1 + random.nextInt(4), random.nextInt(20) == 0 ? 1 : 1 + random.nextInt(300), 0);
                int delay = random.nextInt(30);
                boolean reported = "now".equals(child.inputReader().readLine());
                Thread.sleep(delay);
                child.destroyForcibly();
                assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(temp.resolve("errors")).as("what the child complained about").content().matches("(?s)(.*WARNING: (AIES|ESS): .*)?");
                if (reported && child.exitValue() != 0) {
                    killed++;
                }
            }
            assertSame(Crasher.run(name, Optional.of(folder), 1 + run % 4, () -> false), want);
        }
        assertThat(killed).isEqualTo(kills);
    }

    private static void assertSame(Crasher.Outcome got, Crasher.Outcome want) {
        assertThat(got.arrays()).hasSameSizeAs(want.arrays());
        for (int i = 0; i < want.arrays().size(); i++) {
            assertThat(got.arrays().get(i).known().sameAs(want.arrays().get(i).known())).isTrue();
        }
        assertThat(got.rest()).isEqualTo(want.rest());
    }

    /// Ctrl-C and SIGTERM: the child keeps what it drew, prints the summary of that and its last line, and ends as the signal says; its folder goes on.
    @ParameterizedTest
    @CsvSource({"NUTS, INT, 130", "NUTS, TERM, 143", "NUTS vectorized, INT, 130", "AIES, TERM, 143"})
    void anInterruptedProcessPrintsWhatItDrew(String name, String signal, int status) throws IOException, InterruptedException {
        Path folder = temp.resolve("run");
        boolean isEnsemble = KernelRuns.kernel(name) instanceof EnsembleSampler;
        // Past the warm-up, and then so slowly that the signal comes long before the end.
        Process child = start(name, folder, 2, isEnsemble ? 100 : 400, 50);
        assertThat(child.inputReader().readLine()).isEqualTo("now");
        assertThat(new ProcessBuilder("kill", "-" + signal, "" + child.pid()).start().waitFor()).isZero();
        List<String> lines = child.inputReader().lines().toList();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(status);
        assertThat(lines).filteredOn(line -> line.matches(" +mean +std +median +5\\.0% +95\\.0% +n_eff +r_hat")).hasSize(1);
        assertThat(lines).filteredOn(line -> line.matches("Interrupted after \\d+ of 200 draws of each chain\\.")).hasSize(1);
        assertThat(lines.getLast()).isEqualTo("done");
        assertSame(Crasher.run(name, Optional.of(folder), 1, () -> false), Crasher.run(name, Optional.empty(), 1, () -> false));
    }

    private Process start(String name, Path folder, int threads, int iterations, int pause) throws IOException {
        return FreshJvm.of(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), Crasher.class, name, folder.toString(), "" + threads, "" + iterations,
                "" + pause).redirectError(temp.resolve("errors").toFile()).start();
    }
}
