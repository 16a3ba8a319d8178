package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import kiln.array.NDArray;
import kiln.array.Np;
import kiln.diagnostics.MonteCarloError;
import kiln.dist.HalfNormal;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.infer.Posterior;
import kiln.math.Erf;
import kiln.model.HandlerException;
import org.junit.jupiter.api.Test;

/// Elliptical slice sampling of models. Stationarity: [GibbsInvarianceTest].
class EllipticalSliceTest {
    /// Two means, 5e-7 each. Conjugate: precision of the posterior = that of the prior plus one over the noise's variance.
    @Test
    @Checks(value = SamplerCheck.POSTERIOR, kernels = "EllipticalSlice")
    void posteriorOfAModelIsExact() {
        NDArray covariance = NDArray.of(new double[][] {{2, 0.8}, {0.8, 1}});
        NDArray y = NDArray.of(1.0, -0.5);
        Posterior posterior = new MCMC(new EllipticalSlice(() -> {
            var f = sample("f", MultivariateNormal.covariance(NDArray.of(0.3, -0.2), covariance));
            var shift = sample("shift", new Normal(0, 0.5));
            sample("y", new Normal(f.plus(shift), 0.7), y);
        })).numSamples(20_000).run(key(3));
        // f + shift is normal too: with A = cov + 0.25 and noise 0.49, E f = m + cov (A + 0.49 I)⁻¹ (y − m).
        NDArray a = covariance.plus(0.25).plus(Np.eye(2).times(0.49));
        NDArray m = NDArray.of(0.3, -0.2);
        NDArray want = m.plus(covariance.matmul(kiln.array.Linalg.solve(a, y.minus(m))));
        double limit = -Erf.ndtri(1e-6 / 4);
        for (int i = 0; i < 2; i++) {
            double[][] draws = posterior.draws().element("f", i);
            assertThat(Np.mean(NDArray.of(draws)).item()).isCloseTo(want.get(i).item(), within(limit * MonteCarloError.mcseMean(draws)));
        }
    }

    @Test
    void refusesOtherPriors() {
        assertThatThrownBy(() -> new MCMC(new EllipticalSlice(() -> {
            var tau = sample("tau", new Normal(0, 1));
            sample("theta", new Normal(tau, 1));
        })).run(key(0))).isInstanceOf(HandlerException.class).hasMessageContaining("sample(\"theta\")").hasMessageContaining("depend on other");
        assertThatThrownBy(() -> new MCMC(new EllipticalSlice(() -> sample("s", new HalfNormal(1)))).run(key(0)))
                .isInstanceOf(HandlerException.class).hasMessageContaining("sample(\"s\")").hasMessageContaining("not normal");
    }
}
