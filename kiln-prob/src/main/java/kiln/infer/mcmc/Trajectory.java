package kiln.infer.mcmc;

/// How a transition follows the dynamics from one draw to the next: until it turns back ([NoUTurnTrajectory]) or for a given
/// length ([FixedLengthTrajectory]).
///
/// An instance belongs to one chain and keeps its workspace; the statistics are those of the last transition.
sealed interface Trajectory permits NoUTurnTrajectory, FixedLengthTrajectory {
    /// One transition that leaves `exp(L)` invariant: fresh momentum, integration, choice of the next point.
    ///
    /// @param current position, gradient and log density of the last draw; its momentum is overwritten
    /// @param eps     step size, > 0
    /// @return the next draw, with the momentum and energy it had on the trajectory; valid until the next call
    PhasePoint advance(PhasePoint current, double eps, Metric metric, ChainRandom random);

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
