package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kiln.array.Index;
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

    /// A parameter of a marginal distribution, whose last axis is that of the vector if it has one: copies need an axis of size 1.
    NDArray marginal(String name) {
        NDArray p = of(name);
        return replaced.containsKey(name) ? Np.expandDims(p, -1) : p;
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

    /// The equations of the oracle's paths, by the names that it gives them.
    Sde sde() {
        JsonNode sde = node.get("sde");
        JsonNode c = sde.get("params");
        return switch (sde.get("dist").asText()) {
            case "ornstein_uhlenbeck" -> (x, t) -> new Sde.Terms(x.times(-c.get("theta").asDouble()),
                    NDArray.as(c.get("sigma").asDouble()));
            case "geometric_brownian" -> (x, t) -> new Sde.Terms(x.times(c.get("mu").asDouble()), x.times(c.get("sigma").asDouble()));
            case "time_varying" -> (x, t) ->
                    new Sde.Terms(Np.cos(t).times(c.get("a").asDouble()).minus(x), t.times(0.1).plus(c.get("b").asDouble()));
            case "fitzhugh_nagumo" -> (x, t) -> {
                NDArray v = x.get(Index.DOTS, Index.at(0));
                NDArray w = x.get(Index.DOTS, Index.at(1));
                NDArray dv = v.minus(v.pow(3).div(3)).minus(w);
                NDArray dw = v.plus(c.get("a").asDouble()).minus(w.times(c.get("b").asDouble())).div(c.get("tau").asDouble());
                return new Sde.Terms(Np.stack(List.of(dv, dw), -1), NDArray.as(c.get("s").asDouble()));
            };
            default -> throw new IllegalArgumentException("unknown equation " + sde);
        };
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
