package kiln.array;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import kiln.func.Functions;
import kiln.math.Oracles;
import org.junit.jupiter.api.Test;

/// `logsumexp` on every row of special.json (mpmath, 60 digits).
class LogSumExpTest {
    @Test
    void everyRow() throws IOException {
        int rows = 0;
        for (JsonNode function : Oracles.read("special.json").get("functions")) {
            if (function.get("fn").asText().equals("logsumexp")) {
                for (JsonNode row : function.get("rows")) {
                    check(row, function.get("rtol").asDouble());
                    rows++;
                }
            }
        }
        assertThat(rows).isEqualTo(16);
    }

    /// `−∞` counts nothing; where there is nothing else, the derivative of that is 0 and not ∞ · 0.
    @Test
    void nothingToAdd() {
        double none = Double.NEGATIVE_INFINITY;
        NDArray x = NDArray.of(new double[][] {{none, none}, {none, 3}, {Double.POSITIVE_INFINITY, 0}});
        assertThat(Np.logsumexp(x, -1).toDoubleArray()).containsExactly(none, 3, Double.POSITIVE_INFINITY);
        NDArray known = NDArray.of(new double[][] {{none, none}, {none, 3}});
        assertThat(Functions.grad((NDArray y) -> Np.logsumexp(y, -1).sum()).apply(known).toDoubleArray()).containsExactly(0, 0, 0, 1);
        assertThat(Functions.jit(Functions.grad((NDArray y) -> Np.logsumexp(y, -1).sum())).apply(known).toDoubleArray())
                .containsExactly(0, 0, 0, 1);
        assertThat(Np.logsumexp(NDArray.of(none, Double.NaN)).item()).isNaN();
    }

    private static void check(JsonNode row, double rtol) {
        double[] x = new double[row.get(0).size()];
        java.util.Arrays.setAll(x, i -> Oracles.number(row.get(0).get(i)));
        double want = Oracles.number(row.get(1));
        double got = Np.logsumexp(NDArray.of(x)).item();
        boolean near = got == want || Math.abs(got - want) <= rtol * Math.max(1, Math.abs(want));
        assertThat(near).as("%s: got %s", row, got).isTrue();
    }
}
