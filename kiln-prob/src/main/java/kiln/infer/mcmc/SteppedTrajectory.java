package kiln.infer.mcmc;

/// A transition that consists of single steps with a density each, which can be evaluated by whoever holds it: by [Trajectory#advance] one
/// after the other, by [LaneSteps] together with those of other chains.
///
/// ```
/// begin;   while it wants a step: beforeDensity, density and gradient of to(), afterDensity, stepped;   end
/// ```
///
/// The transition knows what the steps are for and where they end; what a step computes is the same whoever makes it.
sealed interface SteppedTrajectory extends Trajectory permits NoUTurnTrajectory, FixedLengthTrajectory, Proposal {
    /// Begins a transition, see [Trajectory#advance] for the arguments.
    void begin(PhasePoint current, double stepSize, Metric metric, ChainRandom random);

    /// {@return whether another step is wanted; not before [#begin]}
    boolean wantsStep();

    /// {@return where the step begins}
    PhasePoint from();

    /// {@return another point, which is to receive the end of the step: position, momentum, velocity, gradient, log density, energy}
    PhasePoint to();

    /// {@return the time that the step lasts; negative backwards}
    double eps();

    /// Makes the step up to the density: [#to] gets its position. A leapfrog step, unless overridden.
    ///
    /// @param metric that of the chain
    default void beforeDensity(Metric metric) {
        metric.kickDrift(eps(), from(), to());
    }

    /// Completes the step, with density and gradient known at [#to].
    ///
    /// @param metric that of the chain
    default void afterDensity(Metric metric) {
        to().setEnergy(metric.kick(eps(), to()));
    }

    /// Takes in a step that was made.
    void stepped();

    /// {@return the next draw, as [Trajectory#advance] returns it, when no step is wanted any more}
    PhasePoint end();
}
