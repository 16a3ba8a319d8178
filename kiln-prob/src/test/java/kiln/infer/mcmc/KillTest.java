package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import kiln.array.NDArray;
import kiln.infer.FreshJvm;
import kiln.infer.Posterior;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` at random points: what the folder holds afterwards goes on to the same bits as a run that nobody killed.
///
/// A child process is told to report after a random number of evaluations and killed a random moment later, in the warm-up, between
/// draws, or while it writes a file; then another child goes on. Every run is killed several times, and finished by this process.
class KillTest {
    @TempDir
    private Path temp;

    @Test
    void thirtyKillsChangeNoBit() throws IOException, InterruptedException {
        kill(30, 11);
    }

    @Test
    @Tag("slow")
    void aHundredKillsChangeNoBit() throws IOException, InterruptedException {
        kill(100, 12);
    }

    private void kill(int kills, long seed) throws IOException, InterruptedException {
        Posterior want = Crasher.mcmc(() -> {}).run(key(5));
        Random random = new Random(seed);
        int killed = 0;
        for (int run = 0; killed < kills; run++) {
            Path folder = temp.resolve("run" + run);
            // About 8000 evaluations make a run, so one is killed five times or so before it is handed to this process.
            for (int k = 0; k < 5 && killed < kills; k++) {
                Process child = start(folder, 1 + random.nextInt(4), random.nextInt(20) == 0 ? 1 : 1 + random.nextInt(2000));
                int delay = random.nextInt(30);
                boolean reported = "now".equals(child.inputReader().readLine());
                Thread.sleep(delay);
                child.destroyForcibly();
                assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(temp.resolve("errors")).as("what the child complained about").isEmptyFile();
                if (reported && child.exitValue() != 0) {
                    killed++;
                }
            }
            Posterior got = Files.exists(folder.resolve("run.txt"))
                    ? Crasher.mcmc(() -> {}).threads(1 + run % 4).resume(folder)
                    : Crasher.mcmc(() -> {}).folder(folder).run(key(5));
            for (String field : new String[] {"diverging", "energy", "step_size"}) {
                assertSame(got.extraField(field), want.extraField(field));
            }
            assertSame(got.samplesByChain("z"), want.samplesByChain("z"));
            assertThat(got.lastState()).isEqualTo(want.lastState());
        }
        assertThat(killed).isEqualTo(kills);
    }

    private static void assertSame(NDArray got, NDArray want) {
        assertThat(got.known().sameAs(want.known())).isTrue();
    }

    /// Ctrl-C: the child gets SIGINT, keeps what it drew, says so, and prints its last line.
    @Test
    void anInterruptedProcessKeepsItsDraws() throws IOException, InterruptedException {
        Path folder = temp.resolve("run");
        Process child = start(folder, 2, 5000);
        assertThat(child.inputReader().readLine()).isEqualTo("now");
        assertThat(new ProcessBuilder("kill", "-INT", "" + child.pid()).start().waitFor()).isZero();
        List<String> lines = child.inputReader().lines().toList();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (child.exitValue() == 0) {
            return; // it had finished before the signal came
        }
        assertThat(child.exitValue()).isEqualTo(130);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("(Interrupted after \\d+ of 300 draws of each chain\\.)?");
        assertThat(lines.get(1)).isEqualTo("done");
        assertSame(Crasher.mcmc(() -> {}).resume(folder).samplesByChain("z"), Crasher.mcmc(() -> {}).run(key(5)).samplesByChain("z"));
    }

    private Process start(Path folder, int threads, int evaluations) throws IOException {
        return FreshJvm.of(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), Crasher.class, folder.toString(), "" + threads, "" + evaluations)
                .redirectError(temp.resolve("errors").toFile()).start();
    }
}
