package kiln.model;

import kiln.array.NDArray;

/// A way to write a random variable as a function of other ones, see [Handlers#reparam].
///
/// The strategies are in `kiln.infer.reparam`; a model can use its own: `site -> sample("z", new Normal(0, 1)).times(3)`.
@FunctionalInterface
public interface Reparam {
    /// States the random variables that stand in for a site, and computes its value from them.
    ///
    /// The statements are made inside the plates and handlers of the site: they are scaled and masked as it is.
    ///
    /// @param site the latent site; its distribution is expanded to the plates inside the handler
    /// @return the value of the site, `batch + event`
    NDArray reparametrize(Message.Sample site);
}
