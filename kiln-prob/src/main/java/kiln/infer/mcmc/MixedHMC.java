package kiln.infer.mcmc;

import java.util.OptionalInt;

/// Mixed Hamiltonian Monte Carlo: discrete variables change in the course of a trajectory of the continuous ones.
///
/// ```
/// p ~ N(0, S⁻¹),   k_i ~ Exp(1) for every discrete coordinate,   times 0 < t_1 < … < t_L < T  uniform
/// flow in q to t_1;  update a discrete coordinate i:  propose z_i' with ratio r = p(z') g(z' → z) / (p(z) g(z → z'))
///     if k_i + log r > 0:   z_i ← z_i',  k_i ← k_i + log r
/// flow to t_2, …, flow to T;   accept all of it with  min(1, exp(−Σ of the energy errors of the flows))
/// ```
///
/// The coordinates are visited round by round in a random order. Proposals are those of [DiscreteHMCGibbs]. The length `T` is that of the inner
/// kernel, its `trajectoryLength`, or `numSteps · ε`; every flow has at least one step, so that a trajectory has at least `L + 1`.
///
/// A sweep of [DiscreteHMCGibbs] between trajectories does the same where the variables hardly depend on each other; within a trajectory the
/// discrete ones change where they can, at many places.
///
/// Source: Zhou, *Mixed Hamiltonian Monte Carlo for mixed discrete and continuous variables* (2020), algorithm 1. Differs from NumPyro in
/// that the last update is followed by a flow: there a trajectory ends at an update, is not its own reverse, and the target
/// is not quite invariant; and in that values, not their numbers, are proposed.
///
/// @param innerKernel        the dynamics of the continuous variables, with the target
/// @param numDiscreteUpdates updates of single coordinates in one trajectory `L`, ≥ 1; empty: the number of discrete coordinates
/// @param randomWalk         whether one value is proposed uniformly instead of by the conditional distribution; default false
/// @param modified           whether the present value is never proposed; default false
public record MixedHMC(HMC innerKernel, OptionalInt numDiscreteUpdates, boolean randomWalk, boolean modified) implements GibbsSampler {
    /// @throws IllegalArgumentException if `numDiscreteUpdates` is not ≥ 1
    public MixedHMC {
        HMCSettings.require(numDiscreteUpdates.orElse(1) >= 1, "numDiscreteUpdates must be ≥ 1", numDiscreteUpdates);
    }

    /// The defaults: `new MixedHMC(new HMC(() -> model(y)).trajectoryLength(1.2))`.
    public MixedHMC(HMC innerKernel) {
        this(innerKernel, OptionalInt.empty(), false, false);
    }

    /// A copy with another [#numDiscreteUpdates()].
    public MixedHMC numDiscreteUpdates(int v) {
        return new MixedHMC(innerKernel, OptionalInt.of(v), randomWalk, modified);
    }

    /// A copy with another [#randomWalk()].
    public MixedHMC randomWalk(boolean v) {
        return new MixedHMC(innerKernel, numDiscreteUpdates, v, modified);
    }

    /// A copy with another [#modified()].
    public MixedHMC modified(boolean v) {
        return new MixedHMC(innerKernel, numDiscreteUpdates, randomWalk, v);
    }
}
