package kiln.posteriordb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import kiln.array.NDArray;
import kiln.array.Shape;

/// The files of the set, which lie beside this class, one folder for each posterior.
final class Resources {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Resources() {}

    static boolean exists(String file) {
        return Resources.class.getResource(file) != null;
    }

    /// {@return a JSON file}
    ///
    /// @param file path from here; decompressed if it ends in `.gz`
    /// @throws IllegalArgumentException if there is no such file
    static JsonNode json(String file) {
        try (InputStream in = Resources.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no file " + file + " in posteriordb");
            }
            return MAPPER.readTree(file.endsWith(".gz") ? new GZIPInputStream(in) : in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return a number or nested lists of numbers as an array of doubles; an integer may stand among them}
    static NDArray array(JsonNode node) {
        List<Integer> dims = new ArrayList<>();
        for (JsonNode n = node; n.isArray(); n = n.get(0)) {
            dims.add(n.size());
        }
        Shape shape = Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
        double[] numbers = new double[shape.size()];
        fill(node, numbers, 0);
        return NDArray.of(shape, numbers);
    }

    private static int fill(JsonNode node, double[] numbers, int from) {
        if (!node.isArray()) {
            numbers[from] = node.asDouble();
            return from + 1;
        }
        int at = from;
        for (JsonNode part : node) {
            at = fill(part, numbers, at);
        }
        return at;
    }
}
