package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.model.Model;

/// What a sampler samples: the posterior of a model, or a log density that the user wrote.
public sealed interface Target {
    /// The posterior of a model over its random variables that are not observed.
    ///
    /// @param model the model; its data is captured
    record Posterior(Model model) implements Target {}

    /// A density on `R^d`.
    ///
    /// @param density the log density, up to a constant
    record Density(LogDensity density) implements Target {}

    /// Nothing yet: the sampler is used through [Sampler#start].
    record Open() implements Target {}
}
