package kiln.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;

/// The recorded results of other programs: `diagnostics.json`, in which NaN and the infinities are texts.
final class DiagnosticsOracle {
    private DiagnosticsOracle() {}

    static JsonNode section(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(DiagnosticsOracle.class.getResourceAsStream("diagnostics.json"))) {
            return new ObjectMapper().readTree(in).get(name);
        }
    }

    static double number(JsonNode node) {
        return switch (node.asText()) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> node.asDouble();
        };
    }

    static double[] numbers(JsonNode node) {
        return IntStream.range(0, node.size()).mapToDouble(i -> number(node.get(i))).toArray();
    }

    static double[][] table(JsonNode node) {
        return IntStream.range(0, node.size()).mapToObj(i -> numbers(node.get(i))).toArray(double[][]::new);
    }
}
