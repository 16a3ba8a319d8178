package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import kiln.array.NDArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tails of Student's t distribution of 0.1 to 10⁸ degrees of freedom down to probabilities of 10⁻³⁰⁰, against `tools/student-t-tails.py`.
class StudentTTailsTest {
    /// @param above the probability above the value
    record Row(double df, double value, double above) {}

    static List<Row> rows() throws IOException {
        return Rows.of("student-t-tails.csv").stream()
                .map(f -> new Row(Double.parseDouble(f[0]), Double.parseDouble(f[2]), Double.parseDouble(f[3])))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void probabilitiesAndQuantiles(Row row) {
        var d = new StudentT(row.df(), 0, 1);
        NDArray z = NDArray.as(row.value());
        assertThat(d.sf(z).item()).isCloseTo(row.above(), within(1e-12 * row.above()));
        assertThat(d.cdf(z.unaryMinus()).item()).isCloseTo(row.above(), within(1e-12 * row.above()));
        assertThat(d.cdf(z).item()).isCloseTo(1 - row.above(), within(1e-15));
        assertThat(d.isf(NDArray.as(row.above())).item()).isCloseTo(row.value(), within(1e-12 * row.value() * Math.max(1, 1 / row.df())));
        assertThat(d.icdf(NDArray.as(row.above())).item()).isCloseTo(-row.value(), within(1e-12 * row.value() * Math.max(1, 1 / row.df())));
    }
}
