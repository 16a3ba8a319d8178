package usertest;

import static kiln.array.Np.*;
import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import kiln.infer.mcmc.InitialisationException;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads when a sampler cannot start. This package is not Kiln's, so its lines count as the user's.
class StartErrorsTest {
    private static void run(Model model) {
        new MCMC(new NUTS(model)).progress(ProgressListener.NONE).run(key(0));
    }

    @Test
    void aDensityThatIsNaNNamesTheSiteItsValuesAndTheLine() {
        var y = NDArray.of(1.0, Double.NaN, 2.0);
        assertThatThrownBy(() -> run(() -> {
                    var mu = sample("mu", new Normal(0, 1));
                    sample("y", new Normal(mu, 1), y);
                }))
                .isInstanceOf(InitialisationException.class)
                .hasMessageMatching("""
                        MCMC: no place to start was found: the log density is not finite\\.
                          Expected: a finite log density and gradient at one of 100 places
                          Got:      log density (NaN|-Infinity) at the last of them
                                    site "y" has log density NaN: y\\[1\\] = NaN \\(1 of 3 values\\), shape \\[3\\] is outside the support, values that are finite
                                    mu = -?\\d+\\.\\d+
                          At:       sample\\("y"\\), StartErrorsTest.java:31
                          Fix:      check the data and the parameters of that site for values outside their domain, or start from \
                        known good values with initParams\\.""");
    }

    @Test
    void aGradientThatIsNaNNamesTheCoordinate() {
        assertThatThrownBy(() -> run(() -> {
                    var scale = sample("scale", new HalfNormal(1));
                    factor("kink", sqrt(scale.minus(scale)));
                }))
                .isInstanceOf(InitialisationException.class)
                .hasMessage("""
                        MCMC: no place to start was found: the gradient is not finite.
                          Expected: a finite log density and gradient at one of 100 places
                          Got:      d log density / d scale = NaN, not finite in 100 of 100 tries
                          Fix:      look for sqrt, log or a division at 0 in the model, or start from known good values with \
                        initParams.""");
    }

    @Test
    void aModelWithNothingToSampleSaysSo() {
        assertThatThrownBy(() -> run(() -> sample("y", new Normal(0, 1), 1.5)))
                .isInstanceOf(HandlerException.class)
                .hasMessage("""
                        MCMC: the model has no random variable to sample.
                          Got:      sites [y], all of them observed or deterministic
                          Fix:      leave one sample site without an observed value.""");
    }

    @Test
    void aModelWithDiscreteVariablesOnlySaysWhereTheirDistributionIs() {
        assertThatThrownBy(() -> run(() -> sample("lazy", new Bernoulli(0.9))))
                .isInstanceOf(HandlerException.class)
                .hasMessage("""
                        MCMC: the model has no random variable to sample.
                          Got:      sites [lazy], none of them continuous and latent
                          Fix:      discrete sites are summed out: UnconstrainedModel.of(model, key).enumeration(Map.of()) has their exact distribution.""");
    }
}
