package kiln.infer.mcmc;

import java.util.OptionalInt;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
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
public record HMC(Target target, HMCSettings settings, double trajectoryLength, OptionalInt numSteps) implements Sampler {
    private static final String KERNEL = "HMC";

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

    @Override
    public String description() {
        return KERNEL + " trajectoryLength " + trajectoryLength + ", numSteps " + numSteps + ", " + settings;
    }

    @Override
    public Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        PhasePoints points = new PhasePoints(density.dimension());
        return HamiltonianChain.start(KERNEL, density, trajectory(density, points), points, settings, initialPosition, seed, numWarmup);
    }

    @Override
    public Chain resume(LogDensity density, ChainState state) {
        PhasePoints points = new PhasePoints(density.dimension());
        return HamiltonianChain.resume(KERNEL, density, trajectory(density, points), points, settings, state);
    }

    private Trajectory trajectory(LogDensity density, PhasePoints points) {
        return new FixedLengthTrajectory(density, points, numSteps.orElse(0), trajectoryLength, settings.maxDeltaEnergy());
    }

    /// A copy with another [#trajectoryLength()], which then decides the number of steps.
    public HMC trajectoryLength(double v) {
        return new HMC(target, settings, v, OptionalInt.empty());
    }

    /// A copy with another [#numSteps()].
    public HMC numSteps(int v) {
        return new HMC(target, settings, trajectoryLength, OptionalInt.of(v));
    }

    /// A copy with another [HMCSettings#stepSize()].
    public HMC stepSize(double v) {
        return new HMC(target, settings.stepSize(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#adaptStepSize()].
    public HMC adaptStepSize(boolean v) {
        return new HMC(target, settings.adaptStepSize(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#adaptMassMatrix()].
    public HMC adaptMassMatrix(boolean v) {
        return new HMC(target, settings.adaptMassMatrix(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#denseMass()].
    public HMC denseMass(boolean v) {
        return new HMC(target, settings.denseMass(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#targetAcceptProb()].
    public HMC targetAcceptProb(double v) {
        return new HMC(target, settings.targetAcceptProb(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#findHeuristicStepSize()].
    public HMC findHeuristicStepSize(boolean v) {
        return new HMC(target, settings.findHeuristicStepSize(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#regularizeMassMatrix()].
    public HMC regularizeMassMatrix(boolean v) {
        return new HMC(target, settings.regularizeMassMatrix(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#inverseMassMatrix()].
    public HMC inverseMassMatrix(Metric v) {
        return new HMC(target, settings.inverseMassMatrix(v), trajectoryLength, numSteps);
    }

    /// A copy with another [HMCSettings#maxDeltaEnergy()].
    public HMC maxDeltaEnergy(double v) {
        return new HMC(target, settings.maxDeltaEnergy(v), trajectoryLength, numSteps);
    }
}
