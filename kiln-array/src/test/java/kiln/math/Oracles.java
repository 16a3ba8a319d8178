package kiln.math;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/// Reads the tables of trusted values in src/test/resources/oracles.
public final class Oracles {
    private Oracles() {}

    /// {@return a table by its file name}
    public static JsonNode read(String file) throws IOException {
        try (InputStream in = Oracles.class.getResourceAsStream("/oracles/" + file)) {
            if (in == null) {
                throw new IOException("no test resource /oracles/" + file);
            }
            return new ObjectMapper().readTree(in);
        }
    }

    /// A number, or one of the strings "inf", "-inf", "nan" and decimal integers that stand for numbers JSON cannot hold.
    public static double number(JsonNode node) {
        if (node.isNumber()) {
            return node.asDouble();
        }
        return switch (node.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(node.asText());
        };
    }
}
