package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.model.Model;

/// Random-walk Metropolis: a normal step in the adapted metric, accepted with `min(1, π(q')/π(q))`.
///
/// The slowest method here, good for checking the others; it needs no gradient, so it samples models that have none. The acceptance rate aimed at is the optimal one for many dimensions
/// (Roberts, Gelman and Gilks 1997).
///
/// Source: Metropolis et al. (1953).
///
/// @param target   what is sampled
/// @param settings step size and metric, adapted as those of [NUTS]; default: `targetAcceptProb` 0.234, `centering`
///                 [Centering#AS_WRITTEN]
public record RandomWalkMetropolis(Target target, HMCSettings settings) implements AdaptiveSampler<RandomWalkMetropolis> {
    private static final HMCSettings DEFAULT = HMCSettings.DEFAULT.metricAdaptation(MetricAdaptation.VARIANCE)
            .centering(Centering.AS_WRITTEN).targetAcceptProb(0.234);

    /// @throws IllegalArgumentException if the settings have a kinetic energy
    public RandomWalkMetropolis {
        HMCSettings.require(settings.kineticFn().isEmpty(), "RandomWalkMetropolis has no momentum, so kineticFn must not be set", settings.kineticFn());
    }

    /// The defaults, for the posterior of a model: `new RandomWalkMetropolis(() -> model(x, y))`.
    public RandomWalkMetropolis(Model model) {
        this(new Target.Posterior(model), DEFAULT);
    }

    /// The defaults, for a density that the user wrote.
    public RandomWalkMetropolis(LogDensity density) {
        this(new Target.Density(density), DEFAULT);
    }

    /// The defaults, for use through [Sampler#start].
    public RandomWalkMetropolis() {
        this(new Target.Open(), DEFAULT);
    }

    /// For a metric learnt from scores, and for coordinates that a pilot chooses, alone.
    @Override
    public boolean usesGradient() {
        return settings.metricAdaptation() != MetricAdaptation.VARIANCE || settings.centering() == Centering.ADAPTED;
    }

    @Override
    public RandomWalkMetropolis settings(HMCSettings v) {
        return new RandomWalkMetropolis(target, v);
    }
}
