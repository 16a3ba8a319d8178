package kiln.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// A part of the recorded results of other programs, `diagnostics.json`, in which NaN and the infinities are texts. It notes what is read of it.
///
/// @param path where it is in the file: `.chains[3].numpyro`
/// @param read paths of the values that were read, of all parts together
record DiagnosticsOracle(JsonNode node, String path, Set<String> read) {
    /// The whole file, of which nothing was read.
    static DiagnosticsOracle open() throws IOException {
        try (InputStream in = Objects.requireNonNull(DiagnosticsOracle.class.getResourceAsStream("diagnostics.json"))) {
            return new DiagnosticsOracle(new ObjectMapper().readTree(in), "", new TreeSet<>());
        }
    }

    DiagnosticsOracle get(String field) {
        return new DiagnosticsOracle(Objects.requireNonNull(node.get(field), path + "." + field), path + "." + field, read);
    }

    boolean has(String field) {
        return node.has(field);
    }

    List<String> fields() {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false).toList();
    }

    List<DiagnosticsOracle> records() {
        return IntStream.range(0, node.size()).mapToObj(i -> new DiagnosticsOracle(node.get(i), path + "[" + i + "]", read)).toList();
    }

    // ---- values

    String text() {
        read.add(path);
        return node.asText();
    }

    double number() {
        read.add(path);
        return number(node);
    }

    /// A number, or a list of them.
    double[] numbers() {
        read.add(path);
        return numbers(node);
    }

    double[][] table() {
        read.add(path);
        return IntStream.range(0, node.size()).mapToObj(i -> numbers(node.get(i))).toArray(double[][]::new);
    }

    private static double[] numbers(JsonNode node) {
        return node.isArray() ? IntStream.range(0, node.size()).mapToDouble(i -> number(node.get(i))).toArray() : new double[] {number(node)};
    }

    private static double number(JsonNode node) {
        return switch (node.asText()) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!node.isNumber()) {
                    throw new IllegalStateException("no number: " + node);
                }
                yield node.doubleValue();
            }
        };
    }

    // ---- counting

    /// {@return the paths of all values: whatever is no object and no list of objects}
    List<String> values() {
        if (node.isObject()) {
            return fields().stream().flatMap(f -> get(f).values().stream()).toList();
        }
        return node.isArray() && node.size() > 0 && node.get(0).isObject() ? records().stream().flatMap(r -> r.values().stream()).toList() : List.of(path);
    }
}
