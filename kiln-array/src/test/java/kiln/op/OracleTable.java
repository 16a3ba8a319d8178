package kiln.op;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import kiln.math.Oracles;

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
                out.put(Oracles.number(row.get(0)), Oracles.number(row.get(1)));
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
        try {
            return Oracles.read("special.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
