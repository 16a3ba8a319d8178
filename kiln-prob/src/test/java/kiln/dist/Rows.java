package kiln.dist;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Lines of the tables that the programs in `tools` write, split at commas.
final class Rows {
    private Rows() {}

    static List<String[]> of(String file) throws IOException {
        var stream = Objects.requireNonNull(Rows.class.getResourceAsStream("/kiln/dist/" + file), file);
        try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return in.lines().map(line -> line.split(",")).toList();
        }
    }
}
