package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.model.Model;

/// Metropolis–Hastings with Barker's proposal: noise whose sign follows the gradient.
///
/// One gradient per draw. It moves less far than [NUTS], so it needs more draws, but hardly minds a step size that is too large or a
/// gradient that changes fast: for rough, light-tailed or badly scaled posteriors of few dimensions.
///
/// Source: Livingstone and Zanella (2022); NumPyro's `BarkerMH`.
///
/// @param target   what is sampled
/// @param settings step size and metric, adapted as those of [NUTS]; default: `targetAcceptProb` 0.4
public record BarkerMH(Target target, HMCSettings settings) implements AdaptiveSampler<BarkerMH> {
    private static final HMCSettings DEFAULT = HMCSettings.DEFAULT.metricAdaptation(MetricAdaptation.VARIANCE).targetAcceptProb(0.4);

    /// @throws IllegalArgumentException if the settings have a kinetic energy
    public BarkerMH {
        HMCSettings.require(settings.kineticFn().isEmpty(), "BarkerMH has no momentum, so kineticFn must not be set", settings.kineticFn());
    }

    /// The defaults, for the posterior of a model: `new BarkerMH(() -> model(x, y))`.
    public BarkerMH(Model model) {
        this(new Target.Posterior(model), DEFAULT);
    }

    /// The defaults, for a density that the user wrote.
    public BarkerMH(LogDensity density) {
        this(new Target.Density(density), DEFAULT);
    }

    /// The defaults, for use through [Sampler#start].
    public BarkerMH() {
        this(new Target.Open(), DEFAULT);
    }

    @Override
    public BarkerMH settings(HMCSettings v) {
        return new BarkerMH(target, v);
    }
}
