package kiln.infer.mcmc;

import java.util.Set;
import kiln.infer.LogDensity;
import kiln.model.Model;

/// No-U-Turn sampler: Hamiltonian Monte Carlo whose trajectories end where they would turn back.
///
/// ```
/// new NUTS().denseMass(true).targetAcceptProb(0.9)
/// ```
///
/// Multinomial weights, biased progressive sampling, the generalised turning criterion with its tests across subtrees; step size by
/// dual averaging and metric in growing windows ([WarmupSchedule]) during warm-up.
///
/// Source: Hoffman and Gelman (2014); Betancourt (2017). Differs from NumPyro in the turning criterion (Stan's, with the additional
/// tests) and in the search for a step size at the start.
///
/// @param target             what is sampled
/// @param settings           what NUTS shares with HMC
/// @param maxTreeDepth       at most `2^maxTreeDepth − 1` leapfrog steps per draw; in 1…30; default 10
/// @param maxWarmupTreeDepth the same in the warm-up; default as after it
public record NUTS(Target target, HMCSettings settings, int maxTreeDepth, int maxWarmupTreeDepth) implements AdaptiveSampler<NUTS> {
    /// @throws IllegalArgumentException if a depth is outside 1…30
    public NUTS {
        HMCSettings.require(maxTreeDepth >= 1 && maxTreeDepth <= 30, "maxTreeDepth must lie in 1…30", maxTreeDepth);
        HMCSettings.require(maxWarmupTreeDepth >= 1 && maxWarmupTreeDepth <= 30, "maxTreeDepth must lie in 1…30", maxWarmupTreeDepth);
    }

    /// The defaults, for the posterior of a model: `new NUTS(() -> model(x, y))`.
    public NUTS(Model model) {
        this(new Target.Posterior(model), HMCSettings.DEFAULT, 10, 10);
    }

    /// The defaults, for a density that the user wrote.
    public NUTS(LogDensity density) {
        this(new Target.Density(density), HMCSettings.DEFAULT, 10, 10);
    }

    /// The defaults, for use through [Sampler#start].
    public NUTS() {
        this(new Target.Open(), HMCSettings.DEFAULT, 10, 10);
    }

    /// A copy with another [#maxTreeDepth()].
    public NUTS maxTreeDepth(int v) {
        return maxTreeDepth(v, v);
    }

    /// A copy with other depths, one for the warm-up and one for the draws.
    public NUTS maxTreeDepth(int warmup, int sampling) {
        return new NUTS(target, settings, sampling, warmup);
    }

    /// A copy with another [HMCSettings#kineticFn()], such as `KineticEnergy.relativistic(1)`.
    public NUTS kineticFn(KineticEnergy v) {
        return settings(settings.kineticFn(v));
    }

    @Override
    public NUTS settings(HMCSettings v) {
        return new NUTS(target, v, maxTreeDepth, maxWarmupTreeDepth);
    }

    @Override
    public Set<Statistic> reported() {
        return Set.of(Statistic.DIVERGING, Statistic.ENERGY, Statistic.TREE_DEPTH);
    }
}
