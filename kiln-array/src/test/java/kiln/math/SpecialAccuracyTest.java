package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The errors in ulp that the comments of the functions with a vector form state, at random points.
///
/// The values are those of mpmath at 60 digits (`kiln-array/tools/math-ulps.py` wrote the table, bounds included).
class SpecialAccuracyTest {
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.ofEntries(
            Map.entry("lgamma", Gamma::lgamma),
            Map.entry("digamma", Gamma::digamma),
            Map.entry("trigamma", Gamma::trigamma),
            Map.entry("erf", Erf::erf),
            Map.entry("erfc", Erf::erfc),
            Map.entry("erfcx", Erf::erfcx),
            Map.entry("ndtr", Erf::ndtr),
            Map.entry("logNdtr", Erf::logNdtr),
            Map.entry("logNdtrDerivative", Erf::logNdtrDerivative),
            Map.entry("log1mexp", Elementary::log1mexp),
            Map.entry("sin", Elementary::sin),
            Map.entry("cos", Elementary::cos),
            Map.entry("tan", Elementary::tan));

    @TestFactory
    Stream<DynamicTest> statedErrors() throws IOException {
        return StreamSupport.stream(Oracles.read("ulps.json").spliterator(), false)
                .map(row -> DynamicTest.dynamicTest(
                        row.get("fn").asText() + " around " + row.get("x").get(0), () -> statedError(row)));
    }

    private static void statedError(JsonNode row) {
        DoubleUnaryOperator f = Objects.requireNonNull(FUNCTIONS.get(row.get("fn").asText()));
        double worst = 0;
        double at = 0;
        for (int i = 0; i < row.get("x").size(); i++) {
            double x = row.get("x").get(i).asDouble();
            double want = row.get("y").get(i).asDouble();
            double error = Math.abs(f.applyAsDouble(x) - want) / Math.ulp(want);
            if (error > worst) {
                worst = error;
                at = x;
            }
        }
        assertThat(worst).as("worst at %s", at).isLessThanOrEqualTo(row.get("ulps").asDouble());
    }
}
