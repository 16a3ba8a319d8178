package kiln.dist;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import kiln.array.NDArray;
import kiln.infer.PosteriorDensity;
import org.junit.jupiter.api.Test;

/// Likelihoods with bounds among their observations, as engines evaluate them.
class CensoredTest {
    /// Value and derivatives by mpmath 1.3 with 40 digits.
    @Test
    void lifetimesOfWhichSomeGoOn() {
        var density = PosteriorDensity.of(
                () -> {
                    NDArray scale = exp(sample("log_scale", new Normal(0, 1)));
                    NDArray concentration = exp(sample("log_concentration", new Normal(0, 1)));
                    try (var _ = plate("rows", 4)) {
                        NDArray isBound = NDArray.of(false, false, true, true);
                        sample("t", new RightCensoredDistribution(new Weibull(scale, concentration), isBound), NDArray.of(0.3, 2, 5, 5));
                    }
                },
                key(0));
        double[] slopes = new double[2];
        assertThat(density.valueAndGradient(new double[] {0.75, 0.5}, slopes)).isCloseTo(-13.248247153665123, within(1e-13));
        assertThat(slopes[0]).isCloseTo(11.120223900735754, within(1e-13));
        assertThat(slopes[1]).isCloseTo(-13.290377380918766, within(1e-13));
    }
}
