package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;

/// The terms whose difference is a value of an oracle record, where a formula takes a difference of terms far larger than what is left: what is wrong
/// in the last places of them stays, whatever the condition of the value. Every case is named, with its reason.
final class Terms {
    private Terms() {}

    /// {@return the size of the terms; 0 if nothing is known to cancel}
    ///
    /// @param what the method, or `d/d` and the parameter
    /// @param i    which value
    static double of(JsonNode r, String what, int i) {
        JsonNode p = r.get("params");
        return switch (r.get("dist").asText()) {
            // ψ of large shapes, of which the derivative is a difference from logarithms as large.
            case "Gamma" -> what.equals("d/dconcentration") ? logarithm(p, "concentration") : 0;
            case "Beta" -> what.startsWith("d/d") ? logarithm(p, "concentration1") : 0;
            case "NegativeBinomial2" -> what.equals("d/dconcentration") ? logarithm(p, "concentration") : 0;
            case "NegativeBinomialLogits" -> what.equals("d/dtotal_count") ? logarithm(p, "total_count") : 0;
            // ½ log(1 + z²/ν) and ½ z²/ν, of which terms in 1/ν² are left.
            case "StudentT" -> {
                double z = (Oracle.number(r.get("values").get(i)) - p.get("loc").asDouble()) / p.get("scale").asDouble();
                yield what.equals("d/ddf") ? Math.log1p(z * z / p.get("df").asDouble()) / 2 : 0;
            }
            // The location, from which the cut is as far; the probability beyond the cut, to which that of the quantile is added: ½ over the density there.
            case "TruncatedNormal" -> what.equals("icdf") ? Math.abs(p.get("loc").asDouble()) + 1.25 * p.get("scale").asDouble() : 0;
            case "TruncatedCauchy" -> what.equals("icdf") ? Math.abs(p.get("loc").asDouble()) + 1.57 * p.get("scale").asDouble() : what.equals("d/dscale") ? 1 / p.get("scale").asDouble() : 0;
            // The slopes of the two sides, which are one another's negative at 0.
            case "FoldedDistribution" -> what.equals("dlogp_dvalue")
                    ? 1 / p.get("base_dist").get("params").get("scale").asDouble() : 0;
            default -> 0;
        };
    }

    /// `|ψ|`, about the logarithm.
    private static double logarithm(JsonNode p, String name) {
        return 1 + Math.abs(Math.log(p.get(name).asDouble()));
    }
}
