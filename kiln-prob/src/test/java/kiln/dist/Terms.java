package kiln.dist;

import com.fasterxml.jackson.databind.JsonNode;

/// The terms whose difference is a value of an oracle record, where a formula takes a difference of terms far larger than what is left: what is wrong
/// in the last places of them stays, whatever the condition of the value.
final class Terms {
    private Terms() {}

    /// {@return the size of the terms; 0 if nothing is known to cancel}
    ///
    /// @param what the method, or `d/d` and the parameter
    static double of(JsonNode r, String what) {
        JsonNode base = r.get("params").path("base_dist");
        // Next to the fold both sides of a Laplace density are rounded, at the size of their logarithm, before one is taken from the other; half
        // of what they differ is weighed by the slope.
        return base.path("dist").asText().equals("Laplace") && what.equals("dlogp_dvalue") ? 0.5 / base.get("params").get("scale").asDouble() : 0;
    }
}
