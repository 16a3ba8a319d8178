package kiln.infer.mcmc;

import kiln.array.PRNGKey;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
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

    /// The density that is to be sampled.
    ///
    /// @param who whose target it is, for messages
    /// @param key source of the run in which the random variables of a model are found
    default PosteriorDensity density(String who, PRNGKey key) {
        return switch (this) {
            case Posterior(var model) -> PosteriorDensity.of(model, key);
            case Density(var density) -> PosteriorDensity.of(density);
            case Open() -> throw new IllegalStateException(
                    who + ": the sampler has no target.\n  Fix:      give it a model: new NUTS(() -> model(x, y)).");
        };
    }
}
