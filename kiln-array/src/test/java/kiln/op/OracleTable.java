package kiln.op;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The values of special functions that mpmath computed, by function and argument.
final class OracleTable {
    private OracleTable() {}

    /// {@return argument → value of a function of one variable, where the argument's rounding does not matter to it}
    ///
    /// Rows that carry a condition number (zeros of the function) are left to the test of kiln.math.
    static Map<Double, Double> unary(String name) {
        var out = new LinkedHashMap<Double, Double>();
        for (JsonNode row : rows(name)) {
            if (row.size() < 3 || row.get(2).asDouble() == 0) {
                out.put(number(row.get(0)), number(row.get(1)));
            }
        }
        return out;
    }

    private static JsonNode rows(String name) {
        for (JsonNode function : TABLE.get("functions")) {
            if (function.get("fn").asText().equals(name)) {
                return function.get("rows");
            }
        }
        throw new IllegalArgumentException("special.json has no function " + name);
    }

    private static final JsonNode TABLE = read();

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(OracleTable.class.getResourceAsStream("/oracles/special.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double number(JsonNode node) {
        return switch (node.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> node.isNumber() ? node.asDouble() : Double.parseDouble(node.asText());
        };
    }
}
