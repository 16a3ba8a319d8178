package kiln.infer.mcmc;

import kiln.infer.LogDensity;

/// How a transition gets from one draw to the next: along the dynamics until it turns back ([NoUTurnTrajectory]) or for a given length
/// ([FixedLengthTrajectory]), also with discrete variables that change on the way ([MixedTrajectory]), or by one proposal that is accepted or
/// refused ([Proposal]).
///
/// An instance belongs to one chain and keeps its workspace; the statistics are those of the last transition.
sealed interface Trajectory permits SteppedTrajectory, MetropolisTrajectory {
    /// {@return how one chain of a sampler moves, a new workspace}
    ///
    /// @param shared the density that the chains of a run share
    static Trajectory of(AdaptiveSampler<?> sampler, LogDensity shared, PhasePoints points) {
        LogDensity density = shared.worker();
        double limit = sampler.settings().maxDeltaEnergy();
        return switch (sampler) {
            case NUTS s -> new NoUTurnTrajectory(new PlainSteps(density), points, s.maxWarmupTreeDepth(), s.maxTreeDepth(), limit);
            case WALNUTS s ->
                new NoUTurnTrajectory(new AdaptiveSteps(density, s.maxError(), s.maxHalvings()), points, s.maxTreeDepth(), limit);
            case HMC s -> new FixedLengthTrajectory(density, points, s);
            case BarkerMH _ -> new BarkerProposal(density, points, limit);
            case RandomWalkMetropolis s -> new RandomWalkProposal(density, points, s.settings());
        };
    }

    /// One transition that leaves `exp(L)` invariant: fresh momentum, integration, choice of the next point.
    ///
    /// @param current position, gradient and log density of the last draw; its momentum is overwritten
    /// @param eps     step size, > 0
    /// @return the next draw, with the momentum and energy it had on the trajectory; valid until the next call
    PhasePoint advance(PhasePoint current, double eps, Metric metric, ChainRandom random);

    /// {@return whether the density is to be evaluated with its gradient now}
    default boolean wantsGradient() {
        return true;
    }

    /// Computes the log density of a point, and its gradient if that is wanted.
    default void evaluate(LogDensity density, PhasePoint at) {
        at.logDensity = density.valueAndGradient(at.position, at.gradient);
    }

    /// {@return by how much one step raises the logarithm of the density, that of the momentum included: what the search for a first step size looks at}
    ///
    /// @param current where it begins; its momentum is overwritten
    /// @param next    receives its end
    default double gain(LogDensity density, PhasePoint current, PhasePoint next, double eps, Metric metric, ChainRandom random) {
        current.refresh(metric, random);
        LeapFrog.step(density, metric, eps, current, next);
        return current.energy - next.energy;
    }

    /// Tells whether the next transition belongs to the warm-up, where another limit may hold.
    default void warmUp(boolean isWarmingUp) {}

    /// {@return the largest step size that makes a difference: adaptation stays below it; `+∞` without a limit}
    double maxStepSize();

    /// {@return the step size the last transition used: `eps`, unless a fixed length rounds it}
    double stepSize();

    /// {@return the acceptance statistic of the last transition, in [0, 1]}
    double acceptProb();

    /// {@return the number of leapfrog steps, that is of gradients, of the last transition}
    int numSteps();

    /// {@return the number of doublings of the last transition; 0 without a tree}
    int treeDepth();

    /// {@return whether the energy error of the last transition exceeded the limit}
    boolean diverging();
}
