package kiln.infer.mcmc;

import java.util.Optional;
import kiln.infer.GaussianPrior;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// Elliptical slice sampling: for a posterior whose prior is normal, such as a latent Gaussian process. No gradient, no tuning, and no draw
/// is refused.
///
/// ```
/// ν ~ N(mean, Σ),  y = log likelihood(q) − Exp(1);   q' = mean + (q − mean) cos θ + (ν − mean) sin θ
/// θ from a bracket around 0 that shrinks until log likelihood(q') > y
/// ```
///
/// All random variables of the model must be normal with parameters that do not depend on other random variables. For a hierarchical model
/// use NUTS.
///
/// Source: Murray, Adams and MacKay, *Elliptical slice sampling* (2010), figure 2.
///
/// @param target what is sampled
/// @param prior  the normal part of a density that the user wrote; empty: found in the model
public record EllipticalSlice(Target target, Optional<GaussianPrior> prior) implements Sampler {
    /// The posterior of a model with normal random variables.
    public EllipticalSlice(Model model) {
        this(new Target.Posterior(model), Optional.empty());
    }

    /// A density that the user wrote.
    ///
    /// @param density log prior plus log likelihood
    /// @param prior   the prior in it
    public EllipticalSlice(LogDensity density, GaussianPrior prior) {
        this(new Target.Density(density), Optional.of(prior));
    }

    /// For use through [Sampler#start].
    ///
    /// @param prior the normal part of the densities
    public EllipticalSlice(GaussianPrior prior) {
        this(new Target.Open(), Optional.of(prior));
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    @Override
    public String description() {
        return EllipseChain.KERNEL + prior.map(p -> " " + p).orElse("");
    }

    @Override
    public Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        return new EllipseChain(density, priorOf(density), initialPosition, new ChainRandom(seed), 0, numWarmup);
    }

    @Override
    public Chain resume(LogDensity density, ChainState state) {
        return new EllipseChain(density, priorOf(density), state.madeBy(EllipseChain.KERNEL).position(),
                ChainRandom.ofWords(state.longs("random")), state.iteration(), (int) state.integer("numWarmup"));
    }

    private GaussianPrior priorOf(LogDensity density) {
        GaussianPrior found = prior.orElseGet(() -> ((PosteriorDensity) density).gaussianPrior());
        if (found.dimension() != density.dimension()) {
            throw new IllegalArgumentException("EllipticalSlice: the prior does not have the dimension of the density.\n  Expected: "
                    + density.dimension() + "\n  Got:      " + found.dimension());
        }
        return found;
    }
}
