package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.model.Model;

/// No-U-Turn sampler whose step size adapts within a trajectory: small steps where the posterior is narrow, large ones elsewhere.
///
/// ```
/// new WALNUTS(() -> model(x, y)).maxError(1)
/// ```
///
/// Between two points of a trajectory it halves the step until the energy is kept to `maxError`. The points are then weighted and the tree is
/// built as in [NUTS]. It enters the neck of a funnel that NUTS with one step size cannot, and costs up to twice as many gradients where one
/// step size fits all of the posterior: `docs/samplers.md` has figures for both.
///
/// Source: Bou-Rabee, Carpenter, Kleppe and Liu, *The within-orbit adaptive leapfrog no-U-turn sampler* (2025). Differs in: Stan's turning
/// tests, and adaptation of step size and metric as [NUTS] does it, with the mean of `exp(−|ΔH|)` over first tries as its statistic.
///
/// @param target       what is sampled
/// @param settings     what all adaptive samplers share
/// @param maxTreeDepth at most `2^maxTreeDepth − 1` points per draw; in 1…30; default 10
/// @param maxError     largest change `δ` of the energy between two points, in nats; > 0; default 1
/// @param maxHalvings  how often the step between two points is halved at most, in 0…20; default 10; where that is not enough the draw
///                     counts as divergent
public record WALNUTS(Target target, HMCSettings settings, int maxTreeDepth, double maxError, int maxHalvings)
        implements AdaptiveSampler<WALNUTS> {
    private static final double MAX_ERROR = 1;

    /// @throws IllegalArgumentException if a value is outside its domain
    public WALNUTS {
        HMCSettings.require(maxTreeDepth >= 1 && maxTreeDepth <= 30, "maxTreeDepth must lie in 1…30", maxTreeDepth);
        HMCSettings.require(maxError > 0, "maxError must be > 0", maxError);
        HMCSettings.require(maxHalvings >= 0 && maxHalvings <= 20, "maxHalvings must lie in 0…20", maxHalvings);
    }

    /// The defaults, for the posterior of a model: `new WALNUTS(() -> model(x, y))`.
    public WALNUTS(Model model) {
        this(new Target.Posterior(model), HMCSettings.DEFAULT, 10, MAX_ERROR, 10);
    }

    /// The defaults, for a density that the user wrote.
    public WALNUTS(LogDensity density) {
        this(new Target.Density(density), HMCSettings.DEFAULT, 10, MAX_ERROR, 10);
    }

    /// The defaults, for use through [Sampler#start].
    public WALNUTS() {
        this(new Target.Open(), HMCSettings.DEFAULT, 10, MAX_ERROR, 10);
    }

    /// A copy with another [#maxTreeDepth()].
    public WALNUTS maxTreeDepth(int v) {
        return new WALNUTS(target, settings, v, maxError, maxHalvings);
    }

    /// A copy with another [#maxError()].
    public WALNUTS maxError(double v) {
        return new WALNUTS(target, settings, maxTreeDepth, v, maxHalvings);
    }

    /// A copy with another [#maxHalvings()].
    public WALNUTS maxHalvings(int v) {
        return new WALNUTS(target, settings, maxTreeDepth, maxError, v);
    }

    /// A copy with another [HMCSettings#kineticFn()], such as `KineticEnergy.relativistic(1)`.
    public WALNUTS kineticFn(KineticEnergy v) {
        return settings(settings.kineticFn(v));
    }

    @Override
    public WALNUTS settings(HMCSettings v) {
        return new WALNUTS(target, v, maxTreeDepth, maxError, maxHalvings);
    }
}
