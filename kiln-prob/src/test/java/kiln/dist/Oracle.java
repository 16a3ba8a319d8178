package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.Shape;

/// Reads the trusted values of `distributions.json` and `transforms.json` (their README states provenance and tolerance rule).
final class Oracle {
    private static final double MISSING = Double.longBitsToDouble(0x7ff8_0000_0000_0badL);

    private Oracle() {}

    static List<JsonNode> records(String file) {
        try (InputStream in = Objects.requireNonNull(Oracle.class.getResourceAsStream("/kiln/dist/" + file), file)) {
            List<JsonNode> out = new ArrayList<>();
            new ObjectMapper().readTree(in).get("records").forEach(out::add);
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A number, or one of the strings "inf", "-inf" and "nan".
    static double number(JsonNode node) {
        return switch (node.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> node.asDouble();
        };
    }

    /// A nested list as an array; `int64` if every number was written as an integer.
    static NDArray array(JsonNode node) {
        List<Integer> dims = new ArrayList<>();
        for (JsonNode n = node; n.isArray(); n = n.get(0)) {
            dims.add(n.size());
            if (n.isEmpty()) {
                break;
            }
        }
        List<JsonNode> flat = new ArrayList<>();
        flatten(node, flat);
        Shape shape = Shape.of(dims.stream().mapToInt(d -> d).toArray());
        if (!flat.isEmpty() && flat.stream().allMatch(JsonNode::isIntegralNumber)) {
            return NDArray.of(flat.stream().mapToLong(JsonNode::asLong).toArray()).reshape(shape);
        }
        return NDArray.of(shape, flat.stream().mapToDouble(Oracle::number).toArray());
    }

    /// The numbers of a nested list in row order.
    ///
    /// A missing value is null and becomes the NaN of [#isMissing], repeated where the other values are vectors.
    ///
    /// @param size how many numbers there should be, for the length of a vector
    static double[] numbers(JsonNode node, int size) {
        List<JsonNode> flat = new ArrayList<>();
        if (!node.isArray()) {
            flat.add(node);
        }
        int width = node.isEmpty() ? 1 : Math.max(1, size / node.size());
        for (JsonNode n : node) {
            if (n.isNull()) {
                flat.addAll(Collections.nCopies(width, n));
            } else {
                flatten(n, flat);
            }
        }
        return flat.stream().mapToDouble(n -> n.isNull() ? MISSING : number(n)).toArray();
    }

    /// Whether this is the mark of a value that does not exist, and not a NaN that is expected.
    static boolean isMissing(double x) {
        return Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(MISSING);
    }

    private static void flatten(JsonNode node, List<JsonNode> out) {
        if (node.isArray()) {
            node.forEach(n -> flatten(n, out));
        } else {
            out.add(node);
        }
    }
}
