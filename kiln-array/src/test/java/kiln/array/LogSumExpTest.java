package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// `logsumexp` on every row of special.json (mpmath, 60 digits).
class LogSumExpTest {
    @Test
    void everyRow() throws IOException {
        int rows = 0;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/oracles/special.json"))) {
            for (JsonNode function : new ObjectMapper().readTree(in).get("functions")) {
                if (function.get("fn").asText().equals("logsumexp")) {
                    for (JsonNode row : function.get("rows")) {
                        check(row, function.get("rtol").asDouble());
                        rows++;
                    }
                }
            }
        }
        assertThat(rows).isEqualTo(16);
    }

    private static void check(JsonNode row, double rtol) {
        double[] x = new double[row.get(0).size()];
        java.util.Arrays.setAll(x, i -> number(row.get(0).get(i)));
        double want = number(row.get(1));
        double got = Np.logsumexp(NDArray.of(x)).item();
        boolean near = got == want || Math.abs(got - want) <= rtol * Math.max(1, Math.abs(want));
        assertThat(near).as("%s: got %s", row, got).isTrue();
    }

    private static double number(JsonNode node) {
        return switch (node.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> node.asDouble();
        };
    }
}
