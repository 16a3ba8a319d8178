package kiln.infer;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.transform.Transform;
import kiln.model.Message;

/// Where an algorithm starts: a value for every latent site, inside its support. The functions are to be imported statically.
///
/// ```java
/// new MCMC(new NUTS(model)).initStrategy(initToMedian())
/// ```
///
/// The sites are visited in the order of the model, so a prior that follows from other sites follows from their starting values.
/// The site of all steps of a scan is asked for once, with the prior of the first step for every step.
/// If the density is not finite there, the strategy is asked again with other keys.
@FunctionalInterface
public interface InitStrategy {
    /// {@return the value that a site starts from, `batch + event`}
    ///
    /// @param site the latent site, continuous
    /// @param key  source of randomness, one for each site and try
    NDArray value(Message.Sample site, PRNGKey key);

    /// {@return positions uniform in (−2, 2) on unconstrained space, as Stan and NumPyro}
    static InitStrategy initToUniform() {
        return initToUniform(2);
    }

    /// {@return positions uniform in (−radius, radius) on unconstrained space}
    ///
    /// @param radius ≥ 0
    static InitStrategy initToUniform(double radius) {
        return (site, key) -> {
            Transform t = PositionedRun.bijection(site);
            return t.call(key.uniform(t.inverseShape(shape(site)), -radius, radius));
        };
    }

    /// {@return the values at the origin of unconstrained space}
    static InitStrategy initToFeasible() {
        return (site, _) -> {
            Transform t = PositionedRun.bijection(site);
            return t.call(Np.full(t.inverseShape(shape(site)), 0.0));
        };
    }

    /// {@return medians of 15 draws of the priors, see [#initToMedian(int)]}
    static InitStrategy initToMedian() {
        return initToMedian(15);
    }

    /// {@return medians of draws of the priors, element by element on unconstrained space; uniform where a prior has no draws}
    ///
    /// @param numSamples how many draws; ≥ 1
    static InitStrategy initToMedian(int numSamples) {
        return (site, key) -> {
            NDArray draws;
            try {
                draws = site.distribution().sample(key, numSamples);
            } catch (UnsupportedOperationException e) {
                return initToUniform().value(site, key);
            }
            Transform t = PositionedRun.bijection(site);
            return t.call(Np.median(t.inverse(draws), 0));
        };
    }

    /// {@return a draw of each prior; uniform where a prior has no draws}
    static InitStrategy initToSample() {
        return initToMedian(1);
    }

    /// {@return the means of the priors; their medians where there is no mean inside the support}
    static InitStrategy initToMean() {
        return (site, key) -> {
            Distribution d = site.distribution();
            NDArray mean;
            try {
                mean = Np.broadcastTo(d.mean(), shape(site));
            } catch (UnsupportedOperationException e) {
                return initToMedian().value(site, key);
            }
            return Np.all(Np.isfinite(mean)).isTrue() && Np.all(d.support().check(mean)).isTrue()
                    ? mean
                    : initToMedian().value(site, key);
        };
    }

    /// {@return given values; uniform positions for the other sites}
    ///
    /// @param values name of the site and its value, inside its support
    static InitStrategy initToValue(Map<String, ? extends Number> values) {
        return new InitToValue(values);
    }

    private static Shape shape(Message.Sample site) {
        return site.distribution().batchShape().then(site.distribution().eventShape());
    }
}
