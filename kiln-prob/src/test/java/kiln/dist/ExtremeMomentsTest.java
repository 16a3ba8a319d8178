package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Moments of narrow distributions, where the second moment less the square of the first leaves nothing of either.
///
/// Values by mpmath 1.3 with 50 digits: closed forms, asymptotic series of Bessel functions, quadrature of what is cut.
class ExtremeMomentsTest {
    record Row(Distribution d, double mean, double variance) {}

    static List<Row> rows() {
        return List.of(
                new Row(new Weibull(2, 1e6), 1.9999988455706483, 6.5797190551308648e-12),
                new Row(new Kumaraswamy(1e6, 3), 0.99999816666902778, 1.3611037963205084e-12),
                new Row(new Dagum(2, 1e6, 3), 3.0000030000049348, 2.0608872421079174e-11),
                new Row(new LogUniform(2, 2.02), 2.0099834161426106, 3.3333278328416344e-5),
                new Row(new LogUniform(2, 2.0002), 2.0000999983334167, 3.3333333327770991e-9),
                new Row(new LogUniform(2, 2.0000002), 2.0000000999999984, 3.3333333372257806e-15),
                new Row(new LogUniform(2, 20), 7.8173006742585329, 24.880117585080949),
                new Row(new LogUniform(2, 2e10), 868588963.71964476, 7.9314428501694702e+18),
                new Row(new VonMises(0, 1000), 0.0, 0.0005001251251957198),
                new Row(new VonMises(0, 100000), 0.0, 5.000012500125002e-6),
                new Row(new VonMises(0, 1e10), 0.0, 5.000000000125e-11),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), 3, 3.001), 3.0004997499583791, 8.3333293043053166e-8),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), -3.7, -3), -3.2260475256642032, 0.031369715502132655),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), -0.2, 0.3), 0.048966998541879793, 0.020659605384467695),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), 300, 300.3), 300.00333325926337, 1.1110370438949582e-5),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), -1000000.03, -1e6), -1000000.000001, 9.99999999994e-13),
                new Row(new TwoSidedTruncatedDistribution(new Normal(0, 1), 1e6, 1000000.000001), 1000000.000000418, 7.9327555185055797e-14),
                new Row(new TwoSidedTruncatedDistribution(new Cauchy(0, 1), 3, 3.000001), 3.0000004999999501, 8.3333333356628606e-14),
                new Row(new TwoSidedTruncatedDistribution(new Cauchy(0, 1), -300.5, -300), -300.24986122827558, 0.02083332563025424),
                new Row(new TwoSidedTruncatedDistribution(new Logistic(0, 1), 3, 3.000001), 3.0000004999999246, 8.3333333356625996e-14),
                new Row(new TwoSidedTruncatedDistribution(new StudentT(5, 0, 1), 3, 3.000001), 3.0000004999998929, 8.3333333356623114e-14),
                new Row(new TwoSidedTruncatedDistribution(new StudentT(5, 0, 1), -50.01, -50), -50.004999002095413, 8.3333328020967065e-6));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void keepTheirDigits(Row row) {
        assertThat(row.d.mean().item()).isCloseTo(row.mean, within(1e-14 * Math.abs(row.mean)));
        assertThat(row.d.variance().item()).isCloseTo(row.variance, within(1e-12 * row.variance));
    }
}
