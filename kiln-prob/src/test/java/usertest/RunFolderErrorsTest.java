package usertest;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kiln.array.NDArray;
import kiln.dist.Normal;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.mcmc.TemperedSMC;
import kiln.infer.store.RunFolderException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user reads when a run folder is damaged, foreign, or holds another run.
class RunFolderErrorsTest {
    @TempDir
    private Path temp;

    private Path folder = Path.of("");

    private static MCMC mcmc(double... data) {
        NDArray y = NDArray.of(data);
        return new MCMC(new NUTS(() -> {
                    var mu = sample("mu", new Normal(0, 1));
                    sample("y", new Normal(mu, 1), y);
                }))
                .numWarmup(20).numSamples(30).numChains(2).blockSize(10).progress(ProgressListener.NONE);
    }

    @BeforeEach
    void run() {
        folder = temp.resolve("run");
        mcmc(1, 2).folder(folder).run(key(0));
    }

    private void fails(ThrowingCallable program, String message) {
        Throwable error = catchThrowable(program);
        assertThat(error).isInstanceOf(RunFolderException.class);
        assertThat(String.valueOf(error.getMessage()).replace(folder.toString(), "RUN")
                .replaceAll("[0-9a-f]{12,16}", "HEX")).isEqualTo(message);
    }

    @Test
    void aRunIsNotOverwritten() {
        fails(() -> mcmc(1, 2).folder(folder).run(key(0)), """
                run: the folder holds a run already.
                  Expected: a folder without a run
                  Got:      RUN/run.txt
                  Fix:      go on with it by resume(folder), or name another folder.""");
    }

    @Test
    void thereIsNoRun() {
        fails(() -> mcmc(1, 2).resume(folder.resolve("elsewhere")), """
                resume: there is no run to go on with.
                  Expected: the folder of a run, with its file run.txt
                  Got:      RUN/elsewhere
                  Fix:      begin one: new MCMC(…).folder(path).run(key).""");
    }

    @Test
    void theDataDiffer() {
        fails(() -> mcmc(1, 2.5).resume(folder), """
                resume: the folder holds another run, described in RUN/run.txt.
                  Expected: fingerprint of model and data HEX
                  Got:      fingerprint of model and data HEX
                  Fix:      resume with the model, data and settings that the run began with, or run(key) in another folder.""");
    }

    @Test
    void theSettingsDiffer() {
        fails(() -> mcmc(1, 2).numChains(3).numWarmup(40).resume(folder), """
                resume: the folder holds another run, described in RUN/run.txt.
                  Expected: numWarmup 20
                            base 20
                            numChains 2
                  Got:      numWarmup 40
                            base 40
                            numChains 3
                  Fix:      resume with the model, data and settings that the run began with, or run(key) in another folder.""");
    }

    @Test
    void theFormatIsOfAnotherVersion() throws IOException {
        String lines = Files.readString(folder.resolve("run.txt")).replace("format: 4\n", "format: 1\n").replaceFirst("checksum: .*\n", "");
        var crc = new java.util.zip.CRC32();
        crc.update(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("run.txt"), lines + "checksum: " + Long.toHexString(crc.getValue()) + "\n");
        fails(() -> mcmc(1, 2).resume(folder), """
                resume: the run was begun by another version of Kiln, see RUN/run.txt.
                  Expected: format 1
                  Got:      format 4
                  Fix:      finish the run with the version of Kiln that began it; its draws can be read by any.""");
    }

    @Test
    void theDescriptionIsDamaged() throws IOException {
        Files.writeString(folder.resolve("run.txt"), Files.readString(folder.resolve("run.txt")).replace("thinning: 1", "thinning: 2"));
        fails(() -> mcmc(1, 2).resume(folder), """
                run folder: a file is damaged.
                  Got:      RUN/run.txt: its checksum does not fit its text
                  Fix:      restore the file from a copy; without it the run cannot be resumed, but its draws can be read.""");
    }

    @Test
    void aBlockOfDrawsIsTruncatedForeignOrMissing() throws IOException {
        Path block = folder.resolve("posterior/mu/1.2");
        byte[] good = Files.readAllBytes(block);
        String fix = "\n  Fix:      restore the file from a copy, or delete the numbered files in the folder \"state\": all chains are then"
                + " drawn anew, with the same draws.";
        Files.write(block, Arrays.copyOf(good, good.length / 2));
        fails(() -> mcmc(1, 2).resume(folder),
                "run folder: a file is damaged.\n  Got:      RUN/posterior/mu/1.2: it ends too early" + fix);
        Files.writeString(block, "another program's file");
        fails(() -> mcmc(1, 2).resume(folder), "run folder: a file is damaged.\n  Got:      RUN/posterior/mu/1.2: it is not what zlib"
                + " wrote (incorrect header check)" + fix);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        Files.write(block, flipped);
        assertThat(catchThrowable(() -> mcmc(1, 2).resume(folder))).isInstanceOf(RunFolderException.class)
                .hasMessageContaining("posterior/mu/1.2: it ");
        Files.delete(block);
        fails(() -> mcmc(1, 2).resume(folder), "run folder: a file is damaged.\n  Got:      RUN/posterior/mu/1.2: it is missing" + fix);
    }

    @Test
    void aStateIsTruncatedForeignOrFlipped() throws IOException {
        Path state = folder.resolve("state/1.state");
        byte[] good = Files.readAllBytes(state);
        String head = "run folder: a file is damaged.\n  Got:      RUN/state/1.state: ";
        String fix = "\n  Fix:      restore the file from a copy, or delete it: the chain is then drawn anew, with the same draws.";
        Files.write(state, Arrays.copyOf(good, good.length / 2));
        fails(() -> mcmc(1, 2).resume(folder), head + "its checksum does not fit its " + good.length / 2 + " bytes" + fix);
        Files.writeString(state, "another program's file");
        fails(() -> mcmc(1, 2).resume(folder), head + "it is not a state that Kiln wrote" + fix);
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        Files.write(state, flipped);
        fails(() -> mcmc(1, 2).resume(folder), head + "its checksum does not fit its " + good.length + " bytes" + fix);
        byte[] newer = good.clone();
        newer[14] = 2;
        Files.write(state, newer);
        fails(() -> mcmc(1, 2).resume(folder), head + "its format version is 2; this Kiln reads version 1" + fix);
    }

    @Test
    void filesAreThoseOfAnotherChainOrRun() throws IOException {
        Path other = temp.resolve("other");
        mcmc(1, 2).folder(other).run(key(1));
        byte[] good = Files.readAllBytes(folder.resolve("state/1.state"));
        String state = "run folder: a file is damaged.\n  Got:      RUN/state/1.state: it is the state of another chain, or of another run than RUN/run.txt describes"
                + "\n  Fix:      restore the file from a copy, or delete it: the chain is then drawn anew, with the same draws.";
        Files.write(folder.resolve("state/1.state"), Files.readAllBytes(folder.resolve("state/0.state")));
        fails(() -> mcmc(1, 2).resume(folder), state);
        Files.write(folder.resolve("state/1.state"), Files.readAllBytes(other.resolve("state/1.state")));
        fails(() -> mcmc(1, 2).resume(folder), state);
        Files.write(folder.resolve("state/1.state"), good);
        Files.write(folder.resolve("posterior/mu/1.2"), Files.readAllBytes(other.resolve("posterior/mu/1.2")));
        fails(() -> mcmc(1, 2).resume(folder), """
                run folder: a file is damaged.
                  Got:      RUN/posterior/mu: the files of chain 1 hold other draws than those after which its state was written
                  Fix:      restore the file from a copy, or delete the numbered files in the folder "state": all chains are then drawn anew, with the same draws.""");
        Files.write(folder.resolve("run.txt"), Files.readAllBytes(other.resolve("run.txt")));
        fails(() -> mcmc(1, 2).resume(folder), """
                run folder: a file is damaged.
                  Got:      RUN/state/start.state: it is the state of another chain, or of another run than RUN/run.txt describes
                  Fix:      restore the file from a copy; without it the run cannot be resumed, but its draws can be read.""");
    }

    /// A file in the way of the folder: what no permission mends, for any user.
    @Test
    void theFolderCannotBeWritten() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThat(catchThrowable(() -> mcmc(1, 2).folder(file.resolve("run")).run(key(0)))).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("run folder: a file cannot be written.\n  Got:      " + file.resolve("run"))
                .hasMessageEndingWith("\n  Fix:      make room or give permission, then go on by resume(folder): what was written before is there.");
    }

    @Test
    void particlesAreOfAnotherRun() {
        Path particles = temp.resolve("particles");
        smc(1.5).folder(particles).run(key(0));
        Throwable error = catchThrowable(() -> smc(1.6).numMoves(3).resume(particles));
        assertThat(error).isInstanceOf(RunFolderException.class);
        assertThat(String.valueOf(error.getMessage()).replace(particles.toString(), "RUN").replaceAll("[0-9a-f]{12,16}", "HEX")).isEqualTo("""
                resume: the folder holds another run, described in RUN/run.txt.
                  Expected: kernel TemperedSMC: numMoves=2, essFraction=0.5
                            fingerprint of model and data HEX
                  Got:      kernel TemperedSMC: numMoves=3, essFraction=0.5
                            fingerprint of model and data HEX
                  Fix:      resume with the model, data and settings that the run began with, or run(key) in another folder.""");
        // A chain has nothing to go on from there.
        assertThat(catchThrowable(() -> mcmc(1, 2).resume(particles))).isInstanceOf(RunFolderException.class).hasMessageContaining("Expected: kernel TemperedSMC");
    }

    private static TemperedSMC smc(double y) {
        return new TemperedSMC(() -> sample("y", new Normal(sample("mu", new Normal(0, 1)), 1), NDArray.of(y))).numParticles(30);
    }

    /// Two runs in one folder: as a second process would, this thread asks for it while the first run is at work. The folder is free again after a run, and after one that failed.
    @Test
    void aRunGoesOnInTheFolder() {
        var wrong = new AtomicReference<@Nullable Throwable>();
        Path other = temp.resolve("other");
        var asked = new AtomicInteger();
        mcmc(1, 2).threads(1).stopWhen(() -> {
            if (asked.incrementAndGet() == 60) {
                wrong.set(catchThrowable(() -> mcmc(1, 2).resume(other)));
            }
            return false;
        }).folder(other).run(key(0));
        assertThat(wrong.get()).isInstanceOf(RunFolderException.class).hasMessage("""
                run folder: a run that goes on now is writing to it.
                  Expected: a folder that no other run has open
                  Got:      %s
                  Fix:      wait until that run has ended, or name another folder.""".formatted(other));
        assertThat(catchThrowable(() -> mcmc(1, 2.5).resume(other))).hasMessageContaining("the folder holds another run");
        assertThat(mcmc(1, 2).resume(other).samples("mu").known().sameAs(mcmc(1, 2).run(key(0)).samples("mu").known())).isTrue();
    }

    /// What the remedies promise: without its state a chain is drawn anew, with the same draws.
    @Test
    void aChainWithoutStateIsDrawnAnew() throws IOException {
        Files.delete(folder.resolve("state/1.state"));
        Files.writeString(folder.resolve("posterior/mu/1.1"), "damaged");
        assertThat(mcmc(1, 2).resume(folder).samples("mu").known().sameAs(mcmc(1, 2).run(key(0)).samples("mu").known())).isTrue();
    }
}
