package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
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
/// @param target           what is sampled
/// @param settings     what NUTS shares with HMC
/// @param maxTreeDepth at most `2^maxTreeDepth − 1` leapfrog steps per draw; in 1…30; default 10
public record NUTS(Target target, HMCSettings settings, int maxTreeDepth) implements Sampler {
    private static final String KERNEL = "NUTS";

    /// @throws IllegalArgumentException if `maxTreeDepth` is outside 1…30
    public NUTS {
        HMCSettings.require(maxTreeDepth >= 1 && maxTreeDepth <= 30, "maxTreeDepth must lie in 1…30", maxTreeDepth);
    }

    /// The defaults, for the posterior of a model: `new NUTS(() -> model(x, y))`.
    public NUTS(Model model) {
        this(new Target.Posterior(model), HMCSettings.DEFAULT, 10);
    }

    /// The defaults, for a density that the user wrote.
    public NUTS(LogDensity density) {
        this(new Target.Density(density), HMCSettings.DEFAULT, 10);
    }

    /// The defaults, for use through [Sampler#start].
    public NUTS() {
        this(new Target.Open(), HMCSettings.DEFAULT, 10);
    }

    @Override
    public String description() {
        return KERNEL + " maxTreeDepth " + maxTreeDepth + ", " + settings;
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
        return new NoUTurnTrajectory(density, points, maxTreeDepth, settings.maxDeltaEnergy());
    }

    /// A copy with another [#maxTreeDepth()].
    public NUTS maxTreeDepth(int v) {
        return new NUTS(target, settings, v);
    }

    /// A copy with another [HMCSettings#stepSize()].
    public NUTS stepSize(double v) {
        return new NUTS(target, settings.stepSize(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#adaptStepSize()].
    public NUTS adaptStepSize(boolean v) {
        return new NUTS(target, settings.adaptStepSize(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#adaptMassMatrix()].
    public NUTS adaptMassMatrix(boolean v) {
        return new NUTS(target, settings.adaptMassMatrix(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#denseMass()].
    public NUTS denseMass(boolean v) {
        return new NUTS(target, settings.denseMass(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#targetAcceptProb()].
    public NUTS targetAcceptProb(double v) {
        return new NUTS(target, settings.targetAcceptProb(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#findHeuristicStepSize()].
    public NUTS findHeuristicStepSize(boolean v) {
        return new NUTS(target, settings.findHeuristicStepSize(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#regularizeMassMatrix()].
    public NUTS regularizeMassMatrix(boolean v) {
        return new NUTS(target, settings.regularizeMassMatrix(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#inverseMassMatrix()].
    public NUTS inverseMassMatrix(Metric v) {
        return new NUTS(target, settings.inverseMassMatrix(v), maxTreeDepth);
    }

    /// A copy with another [HMCSettings#maxDeltaEnergy()].
    public NUTS maxDeltaEnergy(double v) {
        return new NUTS(target, settings.maxDeltaEnergy(v), maxTreeDepth);
    }
}
