package kiln.infer;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import kiln.array.NDArray;
import kiln.dist.Cauchy;
import kiln.dist.Distribution;
import kiln.dist.Exponential;
import kiln.dist.Normal;
import kiln.dist.StudentT;
import kiln.dist.Weibull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A compiled density leaves out what only matters beyond all data, and is asked again with it where that is missed.
class PrecautionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"Cauchy", "StudentT"})
    void observationsBeyondTheSquareRootOfTheDoubles(String name) {
        double y = 1e200;
        var density = PosteriorDensity.of(
                () -> {
                    var mu = sample("mu", new Normal(0, 1));
                    Distribution noise = name.equals("Cauchy") ? new Cauchy(mu, 1) : new StudentT(1, mu, 1);
                    sample("y", noise, NDArray.as(y));
                },
                key(0));
        assertThat(density.explain()).doesNotContain("Gt");

        double[] gradient = new double[1];
        double value = density.valueAndGradient(new double[] {0.5}, gradient);

        // log p = −μ²/2 − log(2π)/2 − log π − 2 log |y − μ|, whose last term hardly depends on μ
        double exact = -0.125 - 0.5 * Math.log(2 * Math.PI) - Math.log(Math.PI) - 2 * Math.log(y);
        assertThat(value).isCloseTo(exact, within(1e-9));
        assertThat(gradient[0]).isCloseTo(-0.5, within(1e-15));
        assertThat(density.value(new double[] {0.5}, gradient)).isCloseTo(exact, within(1e-9));
    }

    /// The exponential of a Weibull density is taken as it is; where it is no double the density is −∞ and nothing is NaN.
    @Test
    void termsBeyondTheDoubles() {
        NDArray y = NDArray.of(0.5, 2, 3);
        var density = PosteriorDensity.of(
                () -> {
                    var k = sample("k", new Exponential(1));
                    sample("y", new Weibull(NDArray.as(1e-3), k), y);
                },
                key(0));
        assertThat(density.explain()).doesNotContain("Gt");

        double[] gradient = new double[1];
        // at k = 1: −k of the prior and log(1/λ) − y/λ of each observation; at k = e⁶ the last term is e^3100 and more
        double exact = -1 + 3 * Math.log(1e3) - 5500;
        assertThat(density.valueAndGradient(new double[] {0}, gradient)).isCloseTo(exact, within(1e-9));
        assertThat(density.valueAndGradient(new double[] {6}, gradient)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(gradient[0]).isNotNaN();
    }
}
