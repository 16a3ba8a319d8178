package kiln.infer.mcmc;

import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.PRNGKey;
import kiln.infer.DiscreteDensity;
import kiln.infer.LogDensity;
import kiln.infer.PosteriorDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

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
/// @param inner      the kernel of the continuous variables, with the target
/// @param randomWalk whether one value is proposed uniformly instead of by the conditional distribution; default false
/// @param modified   whether the present value is never proposed; default false
public record DiscreteHMCGibbs(AdaptiveSampler<?> inner, boolean randomWalk, boolean modified) implements Sampler {
    /// Plain Gibbs sampling around a kernel: `new DiscreteHMCGibbs(new NUTS(() -> model(y)))`.
    public DiscreteHMCGibbs(AdaptiveSampler<?> inner) {
        this(inner, false, false);
    }

    /// A copy with another [#randomWalk()].
    public DiscreteHMCGibbs randomWalk(boolean v) {
        return new DiscreteHMCGibbs(inner, v, modified);
    }

    /// A copy with another [#modified()].
    public DiscreteHMCGibbs modified(boolean v) {
        return new DiscreteHMCGibbs(inner, randomWalk, v);
    }

    @Override
    public Target target() {
        return inner.target();
    }

    @Override
    public String description() {
        return GibbsChain.KERNEL + ": randomWalk=" + randomWalk + ", modified=" + modified + ", " + inner.description();
    }

    @Override
    public PosteriorDensity density(Model model, PRNGKey key) {
        return PosteriorDensity.withDiscrete(model, key);
    }

    /// As the inner kernel, but no energies: they change with the discrete variables.
    @Override
    public Set<Statistic> reported() {
        return Set.of(Statistic.DIVERGING);
    }

    @Override
    public Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        return GibbsChain.start(this, discrete(density), initialPosition, seed, numWarmup);
    }

    @Override
    public Chain resume(LogDensity density, ChainState state) {
        return GibbsChain.resume(this, discrete(density), state);
    }

    private static DiscreteDensity discrete(LogDensity density) {
        return DiscreteDensity.in(density).orElseThrow(() -> new IllegalArgumentException(
                new Diagnosis("DiscreteHMCGibbs", "the density does not say which coordinates are discrete")
                        .expected("a model, or a kiln.infer.DiscreteDensity")
                        .got(density.getClass().getName())
                        .message()));
    }
}
