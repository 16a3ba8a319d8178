package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.func.Functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where a function changes from one form to another, its derivative is that of one of them, and not half of it: `Density.split`.
class SplitTest {
    /// @param want the derivative at `x`, by mpmath or the formula
    record Limit(String name, Function<NDArray, NDArray> f, double x, double want) {
        @Override
        public String toString() {
            return name + " at " + x;
        }
    }

    static Stream<Limit> limits() {
        return Stream.of(
                new Limit("StudentT.logProb by df", df -> Cancellation.tolerated(() -> new StudentT(df, 0, 1).logProb(1.3)), 50, 0.0001537182334428006),
                new Limit("HalfNormal.logSf", x -> new HalfNormal(1).logSf(x), 0.5, -1.14107777036806448),
                new Limit("HalfCauchy.icdf", q -> new HalfCauchy(1).icdf(q), 0.5, Math.PI),
                new Limit("HalfCauchy.isf", q -> new HalfCauchy(1).isf(q), 0.5, -Math.PI),
                new Limit("Levy.icdf", q -> new Levy(0, 1).icdf(q), 0.5, 10.2553871545066864),
                new Limit("Levy.isf", q -> new Levy(0, 1).isf(q), 0.5, -10.2553871545066864),
                new Limit("Gompertz.entropy", c -> new Gompertz(c, 1).entropy(), 2, -0.361328616888222585),
                new Limit("Poisson.entropy", r -> new Poisson(r).entropy(), 100, 0.00500841829679920776),
                new Limit("Beta.entropy", a -> new Beta(a, 3).entropy(), 25, -0.034105506871641487),
                new Limit("LeftTruncatedDistribution.variance", z -> new LeftTruncatedDistribution(new Normal(0, 1), z).variance(), 3, -0.0314706728308424879));
    }

    /// To 1e-10: Laplace's fraction of the normal tail has 2e-12 of its value.
    @ParameterizedTest
    @MethodSource("limits")
    void theDerivativeAtALimitIsWhole(Limit row) {
        NDArray x = NDArray.as(row.x());
        double room = 1e-10 * Math.abs(row.want());
        assertThat(Functions.grad(row.f()).apply(x).item()).isCloseTo(row.want(), within(room));
        assertThat(Functions.jit(Functions.grad(row.f())).apply(x).item()).isCloseTo(row.want(), within(room));
    }

    @Test
    void knownNumbersOfOneSideTakeOneForm() {
        NDArray x = NDArray.of(1, 2, 3, Double.NaN);
        Function<NDArray, double[]> split = v -> Density.split(v, 2, Np::negative, Np::square).toDoubleArray();
        assertThat(split.apply(x)).containsExactly(-1, 4, 9, Double.NaN);
        assertThat(split.apply(NDArray.of(1, 0))).containsExactly(-1, 0);
        assertThat(split.apply(NDArray.of(2, 5))).containsExactly(4, 25);
    }

    /// `log(1 + x) − x` by mpmath, its derivative `−x / (1 + x)` and the next one, `−1 / (1 + x)²`.
    @Test
    void whatIsLeftOfALogarithmHasItsDigits() {
        double[] at = {-0.5, -0.1, 1e-9, 0.03, 0.5};
        double[] want = {-0.193147180559945309, -0.00536051565782630184, -4.99999999666666729e-19, -0.000441197758455597235, -0.094534891891835618};
        for (int i = 0; i < at.length; i++) {
            NDArray x = NDArray.as(at[i]);
            double up = 1 + at[i];
            Function<NDArray, NDArray> slope = Functions.grad(Density::log1pmx);
            assertThat(Density.log1pmx(x).item()).isCloseTo(want[i], within(1e-15 * Math.abs(want[i])));
            assertThat(slope.apply(x).item()).isCloseTo(-at[i] / up, within(2e-15 * Math.abs(at[i])));
            assertThat(Functions.grad(slope).apply(x).item()).isCloseTo(-1 / (up * up), within(1e-14 / (up * up)));
        }
    }
}
