package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
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

    /// @param want the derivative of the probability above the value by the degrees of freedom
    record Slope(double df, double value, double want) {}

    static List<Slope> slopes() throws IOException {
        return Rows.of("student-t-slopes.csv").stream()
                .map(f -> new Slope(Double.parseDouble(f[0]), Double.parseDouble(f[1]), Double.parseDouble(f[2])))
                .toList();
    }

    /// Against `tools/student-t-slopes.py`, in reverse and forwards, in both tails.
    @ParameterizedTest
    @MethodSource("slopes")
    void derivativesByTheDegreesOfFreedom(Slope row) {
        NDArray x = NDArray.as(row.value());
        NDArray df = NDArray.as(row.df());
        Function<NDArray, NDArray> above = v -> new StudentT(v, NDArray.as(0.0), NDArray.as(1.0)).sf(x);
        Function<NDArray, NDArray> below = v -> new StudentT(v, NDArray.as(0.0), NDArray.as(1.0)).cdf(x.unaryMinus());
        double room = 1e-12 * Math.abs(row.want());
        assertThat(Functions.grad(above).apply(df).item()).isCloseTo(row.want(), within(room));
        assertThat(Functions.grad(below).apply(df).item()).isCloseTo(row.want(), within(room));
        assertThat(Functions.jvp(above, df, NDArray.as(1.0)).tangent().item()).isCloseTo(row.want(), within(room));
    }

    /// The slope of the slope along the value is the density times the derivative of its logarithm; below 1e-307 numbers have fewer digits.
    @ParameterizedTest
    @MethodSource("slopes")
    void mixedSecondDerivatives(Slope row) {
        NDArray df = NDArray.as(row.df());
        NDArray x = NDArray.as(row.value());
        Function<NDArray, NDArray> byShape = t -> Functions.grad((NDArray v) -> new StudentT(v, NDArray.as(0.0), NDArray.as(1.0)).cdf(t)).apply(df);
        Function<NDArray, NDArray> density = v -> Np.exp(new StudentT(v, NDArray.as(0.0), NDArray.as(1.0)).logProb(x));
        double want = Functions.grad(density).apply(df).item();
        assertThat(Functions.grad(byShape).apply(x).item())
                .isCloseTo(want, within(1e-9 * Math.abs(want) + 1e-14 * density.apply(df).item() * Math.max(1, Math.log1p(row.value())) + 1e-307));
    }
}
