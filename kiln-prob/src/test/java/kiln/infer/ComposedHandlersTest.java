package kiln.infer;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import kiln.array.NDArray;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.dist.constraint.Constraints;
import kiln.func.Functions;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.infer.reparam.LocScaleReparam;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// Handlers around each other, under the density that samplers see.
class ComposedHandlersTest {
    private static final NDArray Y = array(1, -0.5, 2);

    private static void model() {
        NDArray scale = param("scale", 1, Constraints.positive);
        NDArray mu = sample("mu", new Normal(0, 2));
        try (var _ = plate("N", 3)) {
            NDArray theta = sample("theta", new Normal(mu, scale));
            sample("y", new Normal(theta, 1));
        }
    }

    private static double normal(double x, double loc, double scale) {
        double z = (x - loc) / scale;
        return -0.5 * z * z - StrictMath.log(scale) - 0.5 * StrictMath.log(2 * Math.PI);
    }

    /// A parameter with a prior, a decentred site, data, a scale and a prefix: each does its part of the log joint.
    @Test
    void everyHandlerDoesItsPart() {
        Model whole = handle(
                ComposedHandlersTest::model,
                condition(Map.of("y", Y)),
                lift(Map.of("scale", new HalfNormal(3))),
                reparam(Map.of("theta", new LocScaleReparam(0))),
                scale(2),
                scope("a"));
        var density = UnconstrainedModel.of(whole, key(0));
        assertThat(density.sites()).extracting(LatentSite::name).containsExactly("a/scale", "a/mu", "a/theta_decentered");
        double s = StrictMath.exp(0.3);
        double[] z = {0.1, 1.2, -0.7};
        double expected = 0.3 + StrictMath.log(2) + normal(s, 0, 3) + normal(0.5, 0, 2);
        for (int i = 0; i < 3; i++) {
            expected += normal(z[i], 0, 1) + normal(Y.get(i).item(), 0.5 + s * z[i], 1);
        }
        Map<String, NDArray> at = Map.of("a/scale", scalar(0.3), "a/mu", scalar(0.5), "a/theta_decentered", array(z));
        assertThat(density.logJoint(at).item()).isCloseTo(2 * expected, within(1e-11));
    }

    /// Missing values are latent; the NaN in their place reaches neither the density nor its gradient.
    @Test
    void missingValuesUnderGradients() {
        NDArray holes = array(1, Double.NaN, 2);
        Model m = () -> {
            NDArray mu = sample("mu", new Normal(0, 1));
            try (var _ = plate("N", 3)) {
                sample("y", new Normal(mu, 1), holes, obsMask(NDArray.of(true, false, true)));
            }
        };
        var density = UnconstrainedModel.of(m, key(0));
        NDArray hidden = array(9, 0.4, 9);
        NDArray slope = Functions.grad((NDArray mu) -> density.logJoint(Map.of("mu", mu, "y_unobserved", hidden))).apply(scalar(0.2));
        assertThat(slope.item()).isCloseTo(-0.2 + (1 - 0.2) + (0.4 - 0.2) + (2 - 0.2), within(1e-13));
    }

    /// NUTS on an intervened model: x keeps its prior, y follows from the constant. With 1000 effective draws each bound is 4.4 standard errors,
    /// which correct code exceeds with probability 1e-5.
    @Test
    void aSamplerSeesTheIntervention() {
        Model m = () -> {
            NDArray x = sample("x", new Normal(0, 1));
            sample("y", new Normal(x.times(3), 2));
        };
        Posterior p = new MCMC(new NUTS(handle(m, doIntervene(Map.of("x", 5))))).progress(ProgressListener.NONE).run(key(2));
        assertThat(p.samples("x").mean().item()).isCloseTo(0, within(0.14));
        assertThat(p.samples("y").mean().item()).isCloseTo(15, within(0.28));
        assertThat(std(p.samples("y")).item()).isCloseTo(2, within(0.2));
    }
}
