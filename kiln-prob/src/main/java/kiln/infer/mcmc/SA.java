package kiln.infer.mcmc;

import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// Sample adaptive MCMC: a chain whose state is a population of points; a new point from their normal fit replaces one of them.
///
/// ```
/// new SA(() -> model(x, y)).adaptStateSize(50)
/// ```
///
/// One evaluation per iteration and no gradient, and there is nothing to tune; it needs a long warm-up, because one point of the
/// population changes at a time, and suits densities of few dimensions that look roughly normal. A draw is a point of the population,
/// chosen at random.
///
/// Source: Zhu, *Sample adaptive MCMC* (2019), algorithm 1.
///
/// @param target         what is sampled
/// @param adaptStateSize number of points of the population, > `d + 1` if dense, ≥ 2; 0: `max(2 d, d + 2)`
/// @param denseMass      whether the fit has a full covariance or a diagonal one; default true
public record SA(Target target, int adaptStateSize, boolean denseMass) implements Sampler {
    /// @throws IllegalArgumentException if `adaptStateSize` is 1 or negative
    public SA {
        HMCSettings.require(adaptStateSize == 0 || adaptStateSize >= 2, "adaptStateSize must be ≥ 2, or 0 for the default", adaptStateSize);
    }

    /// The defaults, for the posterior of a model.
    public SA(Model model) {
        this(new Target.Posterior(model), 0, true);
    }

    /// The defaults, for a density that the user wrote.
    public SA(LogDensity density) {
        this(new Target.Density(density), 0, true);
    }

    /// The defaults, for use through [Sampler#start].
    public SA() {
        this(new Target.Open(), 0, true);
    }

    /// A copy with another [#adaptStateSize()].
    public SA adaptStateSize(int v) {
        return new SA(target, v, denseMass);
    }

    /// A copy with another [#denseMass()].
    public SA denseMass(boolean v) {
        return new SA(target, adaptStateSize, v);
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    @Override
    public String description() {
        return "SA adaptStateSize " + adaptStateSize + ", denseMass " + denseMass;
    }

    @Override
    public Chain start(LogDensity density, double[] initialPosition, long seed, int numWarmup) {
        return new PopulationChain(density, populationSize(density.dimension()), denseMass, initialPosition, seed, numWarmup);
    }

    @Override
    public Chain resume(LogDensity density, ChainState state) {
        return new PopulationChain(density, denseMass, state);
    }

    private int populationSize(int d) {
        int n = adaptStateSize == 0 ? Math.max(2 * d, d + 2) : adaptStateSize;
        if (denseMass && n < d + 2) {
            throw new IllegalArgumentException("SA: the population is too small for a full covariance.\n  Expected: adaptStateSize ≥ " + (d + 2)
                    + " for " + d + " dimensions\n  Got:      " + n + "\n  Fix:      leave adaptStateSize out, or set denseMass(false).");
        }
        return n;
    }
}
