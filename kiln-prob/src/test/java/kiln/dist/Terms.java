package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;

/// The terms whose difference is a value of an oracle record, where a formula takes a difference of terms far larger than what is left: what is wrong
/// in the last places of them stays, whatever the condition of the value. Every case is named, with its reason.
final class Terms {
    private Terms() {}

    /// {@return the size of the terms; 0 if nothing is known to cancel}
    ///
    /// @param what the method, or `d/d` and the parameter
    static double of(JsonNode r, String what) {
        JsonNode p = r.get("params");
        return switch (r.get("dist").asText()) {
            // The location, from which the cut is as far; the probability beyond the cut, to which that of the quantile is added: ½ over the density there.
            case "TruncatedNormal" -> what.equals("icdf") ? Math.abs(p.get("loc").asDouble()) + 1.25 * p.get("scale").asDouble() : 0;
            case "TruncatedCauchy" -> what.equals("icdf") ? Math.abs(p.get("loc").asDouble()) + 1.57 * p.get("scale").asDouble() : what.equals("d/dscale") ? 1 / p.get("scale").asDouble() : 0;
            // The slopes of the two sides, which are one another's negative at 0.
            case "FoldedDistribution" -> what.equals("dlogp_dvalue")
                    ? 1 / p.get("base_dist").get("params").get("scale").asDouble() : 0;
            default -> 0;
        };
    }
}
