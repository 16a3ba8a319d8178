package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.func.Functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Densities, derivatives, distribution functions, quantiles and moments against values computed with 50 to 60 digits.
class DistributionOracleTest {
    @TestFactory
    Stream<DynamicTest> everyRecord() {
        return Oracle.records("distributions.json").stream()
                .map(r -> DynamicTest.dynamicTest(
                        r.get("id").asInt() + " " + r.get("dist").asText() + " " + r.get("params"), () -> check(r)));
    }

    private static void check(JsonNode r) {
        var params = new Params(r.get("params"), Map.of());
        Distribution d = DistributionCases.make(r.get("dist").asText(), params);
        var wrong = new Mismatches(r);
        assertThat(d.batchShape()).isEqualTo(shape(r.get("batch_shape")));
        assertThat(d.eventShape()).isEqualTo(shape(r.get("event_shape")));
        if (r.has("value")) {
            NDArray x = Oracle.array(r.get("value"));
            assertThat(d.logProb(x).shape()).isEqualTo(shape(r.get("log_prob_shape")));
            wrong.compare("log_prob", d.logProb(x), r.get("log_prob"), null);
            wrong.none();
            return;
        }
        NDArray x = Oracle.array(r.get("values"));
        if (d.eventShape().equals(Shape.of(0))) {
            x = Np.zeros(1, 0);
        }
        wrong.compare("log_prob", d.logProb(x), r.get("log_prob"), r.get("log_prob_kappa"));
        derivatives(r, x, wrong);
        functions(r, x, d, wrong);
        if (r.has("out_of_support")) {
            NDArray outside = outside(r);
            assertThat(d.logProb(outside).toDoubleArray()).containsOnly(Double.NEGATIVE_INFINITY);
            NDArray slope = Functions.grad((NDArray p) -> d.logProb(p).sum()).apply(outside.times(1.0));
            assertThat(slope.toDoubleArray()).containsOnly(0);
        }
        wrong.none();
    }

    /// The values that the record calls outside; for a half line the table lists both ends of the line, of which one lies inside.
    private static NDArray outside(JsonNode r) {
        NDArray all = Oracle.array(r.get("out_of_support"));
        return switch (r.get("support").get("type").asText()) {
            case "greater_than_eq" -> all.get(all.lt(r.get("support").get("lower_bound").asDouble()));
            case "less_than_eq" -> all.get(all.gt(r.get("support").get("upper_bound").asDouble()));
            default -> all;
        };
    }

    private static void derivatives(JsonNode r, NDArray x, Mismatches wrong) {
        var score = Score.of(r, x);
        Map<String, NDArray> g = score.at(score.inputs());
        for (String name : g.keySet()) {
            boolean byValue = name.equals(Score.VALUE);
            JsonNode want = byValue ? r.get("dlogp_dvalue") : r.get("dlogp_dparams").get(name);
            wrong.conditioned(byValue ? "dlogp_dvalue" : "d/d" + name, Objects.requireNonNull(g.get(name)), want, () -> score.condition(name));
        }
    }

    private static void functions(JsonNode r, NDArray x, Distribution d, Mismatches wrong) {
        Closed closed = Closed.of(d);
        List<String> wanted = new ArrayList<>(List.of("cdf", "icdf", "mean", "variance", "entropy"));
        wanted.retainAll(strings(r.get("numpyro_has")));
        wanted.removeIf(w -> !r.has(w));
        assertThat(closed.names()).as("what NumPyro has, Kiln has").containsAll(wanted);
        if (r.has("cdf") && closed.cdf()) {
            wrong.compare("cdf", d.cdf(x), r.get("cdf"), r.get("cdf_kappa"));
            wrong.compare("sf", d.sf(x), r.get("sf"), r.get("cdf_kappa"));
        }
        if (r.has("log_cdf") && closed.cdf()) {
            logarithm(r, "cdf", d, x, wrong);
            logarithm(r, "sf", d, x, wrong);
        }
        if (r.has("icdf") && closed.icdf()) {
            wrong.compare("icdf", d.icdf(Oracle.array(r.get("icdf_q"))), r.get("icdf"), r.get("icdf_kappa"));
        }
        if (r.has("mean") && closed.mean()) {
            wrong.compare("mean", d.mean(), r.get("mean"), null);
        }
        if (r.has("variance") && closed.variance()) {
            wrong.compare("variance", d.variance(), r.get("variance"), null);
        }
        if (r.has("entropy") && closed.entropy()) {
            wrong.compare("entropy", d.entropy(), r.get("entropy"), null);
        }
    }

    /// The logarithm of a probability, where the distribution computes it directly. Its condition is that of the probability,
    /// which the oracle gives for an absolute error.
    private static void logarithm(JsonNode r, String what, Distribution d, NDArray x, Mismatches wrong) {
        Distribution computes = d;
        while (computes instanceof Equivalent e) {
            computes = e.equivalent();
        }
        try {
            String method = what.equals("cdf") ? "logCdf" : "logSf";
            if (computes.getClass().getMethod(method, NDArray.class).getDeclaringClass() == Distribution.class) {
                return;
            }
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
        double[] p = Oracle.numbers(r.get(what), x.size());
        double[] kappa = Oracle.numbers(r.get("cdf_kappa"), p.length);
        double[] density = Oracle.numbers(r.get("log_prob_kappa"), p.length);
        for (int i = 0; i < p.length; i++) {
            kappa[i] = kappa[i] > 0 && p[i] > 0 ? kappa[i] / p[i] : density[i];
        }
        JsonNode condition = new ObjectMapper().valueToTree(kappa);
        wrong.compare("log_" + what, what.equals("cdf") ? d.logCdf(x) : d.logSf(x), r.get("log_" + what), condition);
    }

    private static List<String> strings(JsonNode list) {
        List<String> out = new ArrayList<>();
        list.forEach(n -> out.add(n.asText()));
        return out;
    }

    private static Shape shape(JsonNode dims) {
        int[] out = new int[dims.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = dims.get(i).asInt();
        }
        return Shape.of(out);
    }

    /// Which closed forms a distribution has: those that do not refuse to answer.
    record Closed(boolean cdf, boolean icdf, boolean mean, boolean variance, boolean entropy) {
        static Closed of(Distribution d) {
            NDArray half = Np.full(d.batchShape(), 0.5);
            boolean scalar = d.eventShape().rank() == 0;
            return new Closed(
                    scalar && has(() -> d.cdf(half)), scalar && has(() -> d.icdf(half)), has(d::mean), has(d::variance), has(d::entropy));
        }

        private static boolean has(Supplier<NDArray> method) {
            try {
                return method.get().size() >= 0;
            } catch (UnsupportedOperationException e) {
                return false;
            }
        }

        /// The names of the methods in the oracle's list of what NumPyro has.
        List<String> names() {
            List<String> out = new ArrayList<>();
            String[] all = {"cdf", "icdf", "mean", "variance", "entropy"};
            boolean[] have = {cdf, icdf, mean, variance, entropy};
            for (int i = 0; i < all.length; i++) {
                if (have[i]) {
                    out.add(all[i]);
                }
            }
            return out;
        }
    }

    /// Collects what lies outside the tolerance, so that one run shows all of it.
    ///
    /// A value `w` may be off by `1e-11 |w|` (1e-9 in class B, which are series and linear algebra), and by 4 units of the last place of its condition number:
    /// what it moves when each of its inputs moves by its own size. Numbers that the record gives as 0 are so to its 60 digits, 40 of
    /// derivatives. What a formula cancels beyond that is named in [Terms].
    private static final class Mismatches {
        private static final double ULPS = 4 * 0x1p-53;
        private static final double NOISE = 1e-58;
        private static final double DIFFERENCES = 1e-39;
        private final JsonNode record;
        private final double relative;
        private final List<String> all = new ArrayList<>();

        Mismatches(JsonNode r) {
            this.record = r;
            this.relative = switch (r.get("tol").asText()) {
                case "A" -> 1e-11;
                case "B" -> 1e-9;
                default -> 0;
            };
        }

        void compare(String what, NDArray got, JsonNode want, @Nullable JsonNode kappa) {
            conditioned(what, got, want, () -> kappa == null ? new double[1] : Oracle.numbers(kappa, 1));
        }

        /// @param condition condition numbers, asked for where the relative error alone is too large; several elements may share one
        void conditioned(String what, NDArray got, JsonNode want, Supplier<double[]> condition) {
            double[] g = got.toDoubleArray();
            double[] w = Oracle.numbers(want, g.length);
            assertThat(g).as(what).hasSameSizeAs(w);
            double[] k = {};
            for (int i = 0; i < w.length; i++) {
                double off = Math.abs(g[i] - w[i]);
                if (Double.compare(g[i], w[i]) == 0 || off <= relative * Math.abs(w[i]) || Oracle.isMissing(w[i])) {
                    continue;
                }
                k = k.length == 0 ? condition.get() : k;
                double kappa = k[i * k.length / w.length];
                double room = relative * Math.abs(w[i]) + ULPS * ((Double.isFinite(kappa) ? kappa : 0) + Terms.of(record, what))
                        + (what.startsWith("d") ? DIFFERENCES : w[i] == 0 || what.startsWith("log_") ? NOISE : 0);
                if (!(off <= room)) {
                    all.add(what + "[" + i + "] = " + g[i] + ", not " + w[i] + " (off by " + off + " of " + room + ")");
                }
            }
        }

        void none() {
            assertThat(all).isEmpty();
        }
    }
}
