package kiln.infer.mcmc;

import java.util.Set;
import kiln.array.PRNGKey;
import kiln.infer.Differentiation;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// A kernel around another one: the inner kernel moves the coordinates that have a gradient while the others stand still, this one moves
/// the others.
public sealed interface GibbsSampler extends Sampler permits DiscreteHMCGibbs, HMCGibbs, MixedHMC, HMCECS {
    /// {@return the kernel of the coordinates that have a gradient, with the target}
    AdaptiveSampler<?> innerKernel();

    /// {@return the name of the kernel, which its states carry}
    default String name() {
        return switch (this) {
            case DiscreteHMCGibbs _ -> "DiscreteHMCGibbs";
            case HMCGibbs _ -> "HMCGibbs";
            case MixedHMC _ -> "MixedHMC";
            case HMCECS _ -> "HMCECS";
        };
    }

    @Override
    default Target target() {
        return innerKernel().target();
    }

    @Override
    default boolean usesGradient() {
        return innerKernel().usesGradient();
    }

    @Override
    default String description() {
        String own = switch (this) {
            case DiscreteHMCGibbs k -> "randomWalk=" + k.randomWalk() + ", modified=" + k.modified();
            case HMCGibbs k -> "gibbsSites=" + new java.util.TreeSet<>(k.gibbsSites());
            case MixedHMC k ->
                "numDiscreteUpdates=" + k.numDiscreteUpdates() + ", randomWalk=" + k.randomWalk() + ", modified=" + k.modified();
            case HMCECS k -> "numBlocks=" + k.numBlocks() + ", proxy=" + k.proxy().map(p -> "Taylor of degree " + p.degree()).orElse("none");
        };
        return name() + ": " + own + ", " + innerKernel().description();
    }

    @Override
    default PosteriorDensity density(Model model, PRNGKey key) {
        Differentiation gradients = innerKernel().differentiation();
        return switch (this) {
            case DiscreteHMCGibbs _, MixedHMC _ -> PosteriorDensity.withDiscrete(name(), model, key, gradients);
            case HMCGibbs k -> PosteriorDensity.withGibbsSites(model, k.gibbsSites(), key, gradients);
            case HMCECS k -> PosteriorDensity.withSubsampling(model, k.proxy(), key, gradients);
        };
    }

    /// As the inner kernel, but no energies: they change with the other coordinates.
    @Override
    default Set<Statistic> reported() {
        return Set.of(Statistic.DIVERGING);
    }

    @Override
    default Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        return GibbsChain.start(this, density, initialPosition, seed, numWarmup);
    }

    @Override
    default Chain resume(LogDensity density, ChainState state) {
        return GibbsChain.resume(this, density, state);
    }
}
