package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kiln.infer.FreshJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Draws that are only on the disk: a process makes more of them than its memory holds, and looks at all of them afterwards, site by site.
class StreamingTest {
    private static final int MEGABYTES = 28;

    @TempDir
    private Path temp;

    /// The draws alone are 32 MB, the heap is 28. Every coordinate of every site has its line in the summary; the mean of the site about 7 is right within five standard
    /// errors of 400,000 draws, as Hamiltonian draws of independent normals are worth as many or more (6e-7).
    @Test
    @Tag("slow")
    void moreDrawsThanMemory() throws IOException, InterruptedException {
        long draws = 8L * 4 * Streamer.DRAWS * Streamer.SITES * Streamer.SIZE;
        assertThat(draws).isGreaterThan(MEGABYTES << 20);
        Process child = FreshJvm.of(List.of("-Xmx" + MEGABYTES + "m", "-XX:+UseSerialGC"), Streamer.class, temp.resolve("run").toString())
                .redirectErrorStream(true).start();
        List<String> lines = child.inputReader().lines().toList();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(String.join("\n", lines)).isZero();
        assertThat(lines).filteredOn(line -> line.matches(" +x\\d\\[\\d] .*")).hasSize(Streamer.SITES * Streamer.SIZE);
        assertThat(lines).contains("Number of divergences: 0");
        assertThat(lines).filteredOn(line -> line.startsWith("mean "))
                .singleElement().satisfies(line -> assertThat(Double.parseDouble(line.substring(5))).isCloseTo(7, within(5 / Math.sqrt(400_000))));
        assertThat(lines).filteredOn(line -> line.startsWith("heap "))
                .singleElement().satisfies(line -> assertThat(Long.parseLong(line.substring(5))).isLessThanOrEqualTo(MEGABYTES << 20));
    }
}
