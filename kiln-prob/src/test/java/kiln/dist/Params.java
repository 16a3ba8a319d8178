package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.PowerTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.SoftplusTransform;
import kiln.dist.transform.Transform;
import org.jspecify.annotations.Nullable;

/// The parameters of an oracle record by NumPyro's names, some of them replaced by other arrays.
record Params(JsonNode node, Map<String, NDArray> replaced) {
    NDArray of(String name) {
        NDArray other = replaced.get(name);
        return other != null ? other : Oracle.array(node.get(name));
    }

    boolean has(String name) {
        return node.has(name);
    }

    @Nullable NDArray orNull(String name) {
        return has(name) ? of(name) : null;
    }

    int integer(String name) {
        return node.get(name).asInt();
    }

    NDArray flag(String name) {
        return Np.scalar(node.get(name).asBoolean());
    }

    Distribution base() {
        return part("base_dist");
    }

    Distribution part(String name) {
        return make(node.get(name));
    }

    List<Distribution> parts(String name) {
        return StreamSupport.stream(node.get(name).spliterator(), false).map(Params::make).toList();
    }

    private static Distribution make(JsonNode d) {
        return DistributionCases.make(d.get("dist").asText(), new Params(d.get("params"), Map.of()));
    }

    Transform[] transforms() {
        List<Transform> out = new ArrayList<>();
        for (JsonNode t : node.get("transforms")) {
            JsonNode p = t.get("params");
            out.add(switch (t.get("dist").asText()) {
                case "AffineTransform" -> new AffineTransform(p.get("loc").asDouble(), p.get("scale").asDouble());
                case "ExpTransform" -> new ExpTransform();
                case "SigmoidTransform" -> new SigmoidTransform();
                case "SoftplusTransform" -> new SoftplusTransform();
                case "PowerTransform" -> new PowerTransform(p.get("exponent").asDouble());
                default -> throw new IllegalArgumentException("unknown transform " + t);
            });
        }
        // An affine transform that follows a bijection onto an interval or half line maps that set.
        for (int i = 1; i < out.size(); i++) {
            if (out.get(i) instanceof AffineTransform(NDArray loc, NDArray scale, _)) {
                out.set(i, new AffineTransform(loc, scale, out.get(i - 1).codomain()));
            }
        }
        return out.toArray(Transform[]::new);
    }

    Constraint support() {
        return switch (node.get("support").get("type").asText()) {
            case "positive" -> Constraints.positive;
            case "ordered_vector" -> Constraints.orderedVector;
            default -> throw new IllegalArgumentException("unknown support " + node);
        };
    }

    int[] dims(String name) {
        return StreamSupport.stream(node.get(name).spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }

    static Stream<String> names(JsonNode node) {
        List<String> out = new ArrayList<>();
        node.fieldNames().forEachRemaining(out::add);
        return out.stream();
    }
}
