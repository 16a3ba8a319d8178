package kiln.posteriordb;

import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.HalfCauchy;
import kiln.dist.Normal;
import kiln.model.Model;

/// Effects of coaching in eight schools, from their estimates `y` with standard errors `sigma`.
///
/// ```
/// theta[j] ~ N(mu, tau)    y[j] ~ N(theta[j], sigma[j])
/// ```
final class EightSchools {
    private EightSchools() {}

    /// Sampled in standardised effects, `theta = mu + tau theta_trans`.
    static Model nonCentred(Data data) {
        NDArray y = data.get("y");
        NDArray sigma = data.get("sigma");
        return () -> {
            NDArray mu = sample("mu", new Normal(0, 5));
            NDArray tau = sample("tau", new HalfCauchy(5));
            try (var _ = plate("school", y.size())) {
                NDArray standardised = sample("theta_trans", new Normal(0, 1));
                NDArray theta = deterministic("theta", mu.plus(tau.times(standardised)));
                sample("y", new Normal(theta, sigma), y);
            }
        };
    }

    /// Sampled in the effects themselves: a funnel.
    static Model centred(Data data) {
        NDArray y = data.get("y");
        NDArray sigma = data.get("sigma");
        return () -> {
            NDArray mu = sample("mu", new Normal(0, 5));
            NDArray tau = sample("tau", new HalfCauchy(5));
            try (var _ = plate("school", y.size())) {
                NDArray theta = sample("theta", new Normal(mu, tau));
                sample("y", new Normal(theta, sigma), y);
            }
        };
    }
}
