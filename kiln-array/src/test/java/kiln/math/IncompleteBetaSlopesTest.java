package kiln.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Derivatives of the incomplete beta function by its shapes for shapes of 1e-3 to 1e8, in both tails down to 1e-300, against
/// `tools/incomplete-beta-slopes.py`.
class IncompleteBetaSlopesTest {
    private static List<double[]> rows() throws IOException {
        var stream = Objects.requireNonNull(IncompleteBetaSlopesTest.class.getResourceAsStream("/oracles/incomplete-beta-slopes.csv"));
        try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return in.lines()
                    .map(line -> List.of(line.split(",")).stream().mapToDouble(Double::parseDouble).toArray())
                    .toList();
        }
    }

    @Test
    void byBothShapes() throws IOException {
        List<double[]> rows = rows();
        assertThat(rows).hasSizeGreaterThan(450);
        for (double[] row : rows) {
            double a = row[0];
            double b = row[1];
            double x = row[2];
            String at = a + ", " + b + ", " + x;
            assertThat(Beta.betaincDa(a, b, x)).as(at).isCloseTo(row[3], within(2e-13 * -row[3]));
            assertThat(Beta.betaincDb(a, b, x)).as(at).isCloseTo(row[4], within(2e-13 * row[4]));
        }
    }

    /// The derivatives of a draw are those of the probability over the density.
    @Test
    void ofDraws() throws IOException {
        for (double[] row : rows()) {
            double a = row[0];
            double b = row[1];
            double x = row[2];
            double density = Beta.betaincDx(a, b, x);
            if (density > 1e-290 && density < Double.POSITIVE_INFINITY) {
                assertThat(Beta.implicitGradientA(a, b, x)).isCloseTo(-row[3] / density, within(-5e-13 * row[3] / density));
                assertThat(Beta.implicitGradientB(a, b, x)).isCloseTo(-row[4] / density, within(5e-13 * row[4] / density));
            }
        }
    }

    /// `I_x(a, 1) = x^a` and `I_x(1, b) = 1 − (1 − x)^b`, where one way of computing meets the other.
    @ParameterizedTest
    @CsvSource({"0.5", "0.64", "0.6400001", "0.36", "0.35999", "0.1", "0.999", "1e-200"})
    void closedForms(double x) {
        for (double shape : new double[] {1e-3, 0.999999, 1, 1.000001, 2.5, 7.999, 8.001, 30}) {
            double want = Math.pow(x, shape) * Math.log(x);
            assertThat(Beta.betaincDa(shape, 1, x)).isCloseTo(want, within(1e-13 * -want));
            double other = -Math.pow(1 - x, shape) * Math.log1p(-x);
            assertThat(Beta.betaincDb(1, shape, x)).isCloseTo(other, within(1e-13 * other));
        }
    }
}
