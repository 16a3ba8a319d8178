package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The parameters, in every mix of numbers, vectors and batches, with which NumPyro 0.21 tests its distributions, and the shapes that broadcasting gives them there.
class NumPyroParametersTest {
    @TestFactory
    Stream<DynamicTest> whatNumPyroTakesIsTaken() {
        return Oracle.records("numpyro-parameters.json").stream()
                .map(r -> DynamicTest.dynamicTest(r.get("dist").asText() + " " + r.get("params"), () -> check(r)));
    }

    private static void check(JsonNode row) {
        var params = new Params(row.get("params"), Map.of());
        Distribution d = DistributionCases.make(row.get("dist").asText(), params);
        Shape batch = Shape.of(new Params(row, Map.of()).dims("batch_shape"));
        Shape event = Shape.of(new Params(row, Map.of()).dims("event_shape"));
        assertThat(d.batchShape()).isEqualTo(batch);
        assertThat(d.eventShape()).isEqualTo(event);
        NDArray draws = d.sample(PRNGKey.key(0), Shape.of(3));
        assertThat(draws.shape()).isEqualTo(Shape.of(3).then(batch).then(event));
        NDArray density = d.logProb(draws);
        assertThat(density.shape()).isEqualTo(Shape.of(3).then(batch));
        assertThat(Arrays.stream(density.toDoubleArray())).allMatch(Double::isFinite);
    }
}
