package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/distributions.md` and its pictures are what the code makes of itself.
class DistributionPageTest {
    private static final Path DOCS = Path.of("../docs");

    @Test
    void thePageIsUpToDate() throws IOException {
        var page = new DistributionPage(Path.of("src/main/java/kiln/dist"));
        String text = page.text();
        Path folder = DOCS.resolve("distributions");
        if (Boolean.getBoolean("kiln.write")) {
            Files.createDirectories(folder);
            Files.writeString(DOCS.resolve("distributions.md"), text);
            for (var picture : page.pictures().entrySet()) {
                Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
            }
        }
        assertThat(Files.readString(DOCS.resolve("distributions.md"))).as("docs/distributions.md, see DistributionPage").isEqualTo(text);
        for (var picture : page.pictures().entrySet()) {
            assertThat(Files.readString(folder.resolve(picture.getKey()))).as(picture.getKey()).isEqualTo(picture.getValue());
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).collect(Collectors.toSet())).isEqualTo(page.pictures().keySet());
        }
    }
}
