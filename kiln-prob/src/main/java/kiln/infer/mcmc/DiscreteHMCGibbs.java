package kiln.infer.mcmc;

/// Gibbs sampling of the discrete variables in turn with Hamiltonian Monte Carlo of the continuous ones.
///
/// ```
/// for every discrete coordinate, in random order, with p_k ∝ exp(L(q, z_i = k)):
///     plain        z_i ~ p
///     modified     k ~ p given k ≠ z_i;  accept with min(1, (1 − p_{z_i}) / (1 − p_k))
///     randomWalk   k uniform on the support (modified: on its other values);  accept with min(1, p_k / p_{z_i})
/// then one transition of the inner kernel in q, given z
/// ```
///
/// Where the discrete variables can be summed out, [NUTS] alone does better, which does so by itself. A sweep costs as many evaluations as
/// the discrete coordinates have other values; `randomWalk` one for each coordinate.
///
/// Source: Liu, *Peskun's theorem and a modified discrete-state Gibbs sampler* (1996), for `modified`. Differs from NumPyro in that values,
/// not their numbers, are proposed, so that a support such as {3, 4, 5} is right.
///
/// @param innerKernel the kernel of the continuous variables, with the target
/// @param randomWalk  whether one value is proposed uniformly instead of by the conditional distribution; default false
/// @param modified    whether the present value is never proposed; default false
public record DiscreteHMCGibbs(AdaptiveSampler<?> innerKernel, boolean randomWalk, boolean modified) implements GibbsSampler {
    /// Plain Gibbs sampling around a kernel: `new DiscreteHMCGibbs(new NUTS(() -> model(y)))`.
    public DiscreteHMCGibbs(AdaptiveSampler<?> innerKernel) {
        this(innerKernel, false, false);
    }

    /// A copy with another [#randomWalk()].
    public DiscreteHMCGibbs randomWalk(boolean v) {
        return new DiscreteHMCGibbs(innerKernel, v, modified);
    }

    /// A copy with another [#modified()].
    public DiscreteHMCGibbs modified(boolean v) {
        return new DiscreteHMCGibbs(innerKernel, randomWalk, v);
    }
}
