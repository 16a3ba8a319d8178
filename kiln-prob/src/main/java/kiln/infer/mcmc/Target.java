package kiln.infer.mcmc;

import java.util.function.Function;
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
    /// @param who       whose target it is, for messages
    /// @param posterior the density of a model
    default PosteriorDensity density(String who, Function<Model, PosteriorDensity> posterior) {
        return switch (this) {
            case Posterior(var model) -> posterior.apply(model);
            case Density(var density) -> PosteriorDensity.of(density);
            case Open() -> throw new IllegalStateException(
                    who + ": the sampler has no target.\n  Fix:      give it a model: new NUTS(() -> model(x, y)).");
        };
    }
}
