package kiln.infer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kiln.array.NDArray;
import kiln.array.Shape;

/// Data and test points of one posterior of posteriordb, from the test resources.
final class PosteriorDb {
    private final String name;
    private final JsonNode data;

    PosteriorDb(String name) {
        this.name = name;
        this.data = read("data.json");
    }

    /// Values of the parameters with the log joint density that Stan's densities give there.
    record Point(Map<String, NDArray> params, double logJoint) {
        NDArray get(String parameter) {
            return Objects.requireNonNull(params.get(parameter), parameter);
        }
    }

    List<Point> points() {
        var out = new ArrayList<Point>();
        for (JsonNode point : read("test_points.json").get("points")) {
            var params = new LinkedHashMap<String, NDArray>();
            point.get("params").properties().forEach(e -> params.put(e.getKey(), array(e.getValue())));
            out.add(new Point(params, point.get("log_joint").asDouble()));
        }
        return out;
    }

    /// {@return means, standard deviations and quantiles of the reference draws, by scalar with 1-based indices}
    JsonNode reference() {
        return read("reference.json").get("params");
    }

    NDArray data(String field) {
        return array(data.get(field));
    }

    private static NDArray array(JsonNode node) {
        var dims = new ArrayList<Integer>();
        for (JsonNode n = node; n.isArray(); n = n.get(0)) {
            dims.add(n.size());
        }
        var numbers = new ArrayList<Double>();
        collect(node, numbers);
        return NDArray.of(
                Shape.of(dims.stream().mapToInt(Integer::intValue).toArray()),
                numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void collect(JsonNode node, List<Double> numbers) {
        if (node.isArray()) {
            node.forEach(n -> collect(n, numbers));
        } else {
            numbers.add(node.asDouble());
        }
    }

    private JsonNode read(String file) {
        String path = "/posteriordb/" + name + "/" + file;
        try (InputStream in = PosteriorDb.class.getResourceAsStream(path)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
