package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kiln.infer.Posterior;
import kiln.infer.store.RunFolderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every file of a run folder damaged in every way that a disk or a hand has: a run goes on with the right bits or says which file is damaged, and
/// no other file changes when it does.
///
/// The texts of the errors are in `RunFolderErrorsTest`.
class DamagedRunFolderTest {
    private static final int DRAWS = 23;
    private static final int KINDS = 8;
    /// One bit is flipped. Some bits of what zlib packs mean nothing: whoever flips those gets the right draws.
    private static final int FLIP = 7;

    @TempDir
    private Path temp;

    /// A density that needs no compiling: the runs are many.
    private static MCMC mcmc() {
        return new MCMC(new NUTS(Targets.gaussian(new double[2], Targets.autoregressivePrecision(2, 0.6))).stepSize(0.6).adaptStepSize(false))
                .numWarmup(20).numSamples(DRAWS).numChains(2).blockSize(10).threads(1).extraFields(Statistic.NUM_STEPS).progress(ProgressListener.NONE);
    }

    private static final Posterior WANT = mcmc().numSamples(2 * DRAWS).run(key(0));

    private static Map<Path, byte[]> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toMap(folder::relativize, DamagedRunFolderTest::bytes, (a, _) -> a, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes the folder hold these files and no others.
    private static void restore(Path folder, Map<Path, byte[]> files) throws IOException {
        for (Path file : files(folder).keySet()) {
            if (!files.containsKey(file)) {
                Files.delete(folder.resolve(file));
            }
        }
        for (var e : files.entrySet()) {
            Path file = folder.resolve(e.getKey());
            if (!Files.exists(file) || !Arrays.equals(bytes(file), e.getValue())) {
                Files.write(file, e.getValue());
            }
        }
    }

    /// What becomes of a run that was complete with half of the draws and is made longer: the error, if there was one.
    private static Optional<RunFolderException> goesOn(Path folder) {
        try {
            Posterior got = mcmc().numSamples(2 * DRAWS).resume(folder);
            assertThat(got.samplesByChain("z").known().sameAs(WANT.samplesByChain("z").known())).isTrue();
            for (String field : new String[] {"num_steps", "diverging"}) {
                assertThat(got.extraField(field).known().sameAs(WANT.extraField(field).known())).as(field).isTrue();
            }
            return Optional.empty();
        } catch (RunFolderException e) {
            return Optional.of(e);
        }
    }

    /// What is made anew at every resumption: for readers in other languages, and the lock.
    private static boolean isForReaders(Path file) {
        return file.getFileName().toString().startsWith(".z") || file.endsWith(".lock");
    }

    @Test
    void everyDamageIsMendedOrTold() throws IOException {
        Path folder = temp.resolve("run");
        mcmc().folder(folder).run(key(0));
        Map<Path, byte[]> good = files(folder);
        assertThat(good.keySet().stream().filter(f -> !isForReaders(f)).map(Path::toString)).contains("run.txt", "state/start.state", "state/0.state",
                "posterior/z/1.2.0", "sample_stats/num_steps/0.0");
        var random = new Random(7);
        for (Path file : good.keySet()) {
            for (int kind = 0; kind < KINDS; kind++) {
                String what = file + ", damage " + kind;
                if (kind == 0) {
                    Files.delete(folder.resolve(file));
                } else {
                    Files.write(folder.resolve(file), damaged(kind, good.get(file), random));
                }
                Map<Path, byte[]> before = files(folder);
                Optional<RunFolderException> error = goesOn(folder);
                // Only what holds nothing of the run, and a state that is not there, whose chain is drawn anew.
                boolean isNoLoss = isForReaders(file) || (kind == 0 && file.toString().matches("state.[01]\\.state"));
                if (kind != FLIP || file.startsWith("state") || file.endsWith("run.txt")) {
                    assertThat(error.isEmpty()).as(what).isEqualTo(isNoLoss);
                }
                if (error.isPresent()) {
                    assertThat(error.get()).as(what).hasMessageContaining((file.endsWith("run.txt") ? folder : file).toString())
                            .hasMessageContaining("Fix:");
                    Map<Path, byte[]> after = files(folder);
                    before.forEach((f, bytes) -> assertThat(isForReaders(f) || Arrays.equals(after.get(f), bytes)).as("%s after %s", f, what).isTrue());
                }
                restore(folder, good);
                if (isForReaders(file)) {
                    break; // one way is enough
                }
            }
        }
        assertThat(goesOn(folder)).isEmpty();
    }

    private static byte[] damaged(int kind, byte[] bytes, Random random) {
        byte[] out = bytes.clone();
        switch (kind) {
            case 1 -> out = new byte[0];
            case 2 -> out = Arrays.copyOf(bytes, bytes.length - 1);
            case 3 -> out = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
            case 4 -> Arrays.fill(out, (byte) 0);
            case 5 -> random.nextBytes(out);
            case 6 -> out = Arrays.copyOf(bytes, bytes.length + 5);
            default -> out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return out;
    }

    /// A bit of every fifth byte of a file of each kind.
    @Test
    void everyBitCounts() throws IOException {
        Path folder = temp.resolve("run");
        mcmc().folder(folder).run(key(0));
        Map<Path, byte[]> good = files(folder);
        for (String name : new String[] {"run.txt", "state/0.state", "state/start.state", "posterior/z/1.1.0"}) {
            byte[] bytes = bytes(folder.resolve(name));
            int told = 0;
            int flips = 0;
            for (int i = 0; i < bytes.length; i += 5) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) (1 << i % 8);
                Files.write(folder.resolve(name), flipped);
                flips++;
                if (goesOn(folder).isPresent()) {
                    told++;
                } else {
                    restore(folder, good);
                }
            }
            assertThat(told).as(name).isGreaterThanOrEqualTo(flips - (name.startsWith("posterior") ? 1 : 0));
            restore(folder, good);
        }
    }

    /// The files of another run of the same model, and those of another chain.
    @Test
    void filesOfOthersAreRefused() throws IOException {
        Path folder = temp.resolve("run");
        Path other = temp.resolve("other");
        mcmc().folder(folder).run(key(0));
        mcmc().folder(other).run(key(1));
        Map<Path, byte[]> good = files(folder);
        for (String name : new String[] {"run.txt", "state/0.state", "state/start.state", "posterior/z/0.1.0", "sample_stats/num_steps/1.0"}) {
            Files.copy(other.resolve(name), folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(goesOn(folder)).as(name).isPresent();
            restore(folder, good);
        }
        for (String[] pair : new String[][] {{"state/0.state", "state/1.state"}, {"posterior/z/0.0.0", "posterior/z/1.0.0"}, {"posterior/z/0.0.0", "posterior/z/0.1.0"}}) {
            Files.copy(folder.resolve(pair[1]), folder.resolve(pair[0]), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(goesOn(folder)).as(pair[0]).isPresent();
            restore(folder, good);
        }
        assertThat(goesOn(folder)).isEmpty();
    }
}
