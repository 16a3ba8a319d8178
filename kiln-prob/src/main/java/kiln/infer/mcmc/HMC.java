package kiln.infer.mcmc;

import java.util.OptionalInt;
import java.util.Set;
import kiln.infer.LogDensity;
import kiln.model.Model;

/// Hamiltonian Monte Carlo with trajectories of fixed length.
///
/// ```
/// new HMC().trajectoryLength(1.5)          new HMC().numSteps(20)
/// ```
///
/// Adapts as [NUTS] does. A length that divides the period of a near-Gaussian posterior makes the chain return to where it was: tune
/// it, or take NUTS.
///
/// Source: Duane, Kennedy, Pendleton and Roweth (1987); Neal (2011).
///
/// @param target           what is sampled
/// @param settings         what HMC shares with NUTS
/// @param trajectoryLength integration time, `ε` times the number of steps; finite, > 0; default 2π; without effect if `numSteps` is set
/// @param numSteps         number of leapfrog steps, ≥ 1; empty: `⌈trajectoryLength / ε⌉`
public record HMC(Target target, HMCSettings settings, double trajectoryLength, OptionalInt numSteps) implements AdaptiveSampler<HMC> {
    /// @throws IllegalArgumentException if a value is outside its domain
    public HMC {
        HMCSettings.require(trajectoryLength > 0 && Double.isFinite(trajectoryLength),
                "trajectoryLength must be finite and > 0", trajectoryLength);
        HMCSettings.require(numSteps.orElse(1) >= 1, "numSteps must be ≥ 1", numSteps);
    }

    /// The defaults, for the posterior of a model: `new HMC(() -> model(x, y))`.
    public HMC(Model model) {
        this(new Target.Posterior(model), HMCSettings.DEFAULT, 2 * StrictMath.PI, OptionalInt.empty());
    }

    /// The defaults, for a density that the user wrote.
    public HMC(LogDensity density) {
        this(new Target.Density(density), HMCSettings.DEFAULT, 2 * StrictMath.PI, OptionalInt.empty());
    }

    /// The defaults, for use through [Sampler#start].
    public HMC() {
        this(new Target.Open(), HMCSettings.DEFAULT, 2 * StrictMath.PI, OptionalInt.empty());
    }

    /// A copy with another [#trajectoryLength()], which then decides the number of steps.
    public HMC trajectoryLength(double v) {
        return new HMC(target, settings, v, OptionalInt.empty());
    }

    /// A copy with another [#numSteps()].
    public HMC numSteps(int v) {
        return new HMC(target, settings, trajectoryLength, OptionalInt.of(v));
    }

    /// A copy with another [HMCSettings#kineticFn()], such as `KineticEnergy.relativistic(1)`.
    public HMC kineticFn(KineticEnergy v) {
        return settings(settings.kineticFn(v));
    }

    @Override
    public HMC settings(HMCSettings v) {
        return new HMC(target, v, trajectoryLength, numSteps);
    }

    @Override
    public Set<Statistic> reported() {
        return Set.of(Statistic.DIVERGING, Statistic.ENERGY);
    }
}
