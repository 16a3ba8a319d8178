package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Functions;

/// The derivatives that an oracle record states of a log density, by the value and by parameters, at all its values, and their condition.
///
/// @param record the record
/// @param x      its values, `[n] + event`
/// @param inputs what is differentiated by, and where: a copy of each parameter for every value, so that one gradient has all derivatives
record Score(JsonNode record, NDArray x, Map<String, NDArray> inputs) {
    static final String VALUE = "value";

    static Score of(JsonNode r, NDArray x) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        if (r.has("dlogp_dvalue")) {
            inputs.put(VALUE, x.times(1.0));
        }
        Stream<String> names = r.has("dlogp_dparams") ? Params.names(r.get("dlogp_dparams")) : Stream.of();
        names.forEach(name -> {
            NDArray p = Oracle.array(r.get("params").get(name)).times(1.0);
            inputs.put(name, Np.broadcastTo(p, Shape.of(x.size(0)).then(p.shape())));
        });
        return new Score(r, x, inputs);
    }

    Map<String, NDArray> at(Map<String, NDArray> point) {
        return point.isEmpty() ? point : Functions.grad(this::logProb).apply(point);
    }

    private NDArray logProb(Map<String, NDArray> point) {
        Map<String, NDArray> parameters = new LinkedHashMap<>(point);
        NDArray value = parameters.remove(VALUE);
        Distribution d = DistributionCases.make(record.get("dist").asText(), new Params(record.get("params"), parameters));
        return d.logProb(value == null ? x : value).sum();
    }

    /// `Σⱼ |θⱼ ∂g/∂θⱼ|` of a derivative `g`, over all inputs `θⱼ`: its condition number for absolute errors, by second derivatives.
    ///
    /// Of a family of locations the input is the distance from the location, as in the condition numbers of the record.
    double[] condition(String name) {
        double[] sum = new double[Objects.requireNonNull(inputs.get(name)).size()];
        boolean isLocated = isLocated();
        for (String input : inputs.keySet()) {
            if (isLocated && input.equals("loc")) {
                continue;
            }
            NDArray at = Objects.requireNonNull(inputs.get(input));
            NDArray size = isLocated && input.equals(VALUE) ? at.minus(Objects.requireNonNull(inputs.get("loc"))) : at;
            int width = at.size() / at.size(0);
            for (int k = 0; k < width; k++) {
                Map<String, NDArray> direction = new LinkedHashMap<>();
                NDArray one = Np.arange(width).eq(k).reshape(at.shape().last(at.rank() - 1));
                inputs.forEach((n, p) -> direction.put(n, n.equals(input) ? size.times(one) : Np.zerosLike(p)));
                double[] moved = Objects.requireNonNull(Functions.jvp(this::at, inputs, direction).tangent().get(name)).toDoubleArray();
                Arrays.setAll(sum, i -> sum[i] + Math.abs(moved[i]));
            }
        }
        return sum;
    }

    /// Whether only `value − loc` matters.
    private boolean isLocated() {
        if (!inputs.keySet().containsAll(List.of(VALUE, "loc")) || Objects.requireNonNull(inputs.get(VALUE)).rank() > 1) {
            return false;
        }
        double[] byValue = Oracle.numbers(record.get("dlogp_dvalue"), 1);
        double[] byLoc = Oracle.numbers(record.get("dlogp_dparams").get("loc"), 1);
        for (int i = 0; i < byValue.length; i++) {
            if (!Oracle.isMissing(byValue[i]) && Math.abs(byValue[i] + byLoc[i]) > 1e-12 * Math.abs(byValue[i])) {
                return false;
            }
        }
        return true;
    }
}
