package kiln.infer.mcmc;

import java.util.Map;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// Affine-invariant ensemble sampling: many chains, each proposing from the places of the others; needs no gradient and no tuning.
///
/// ```
/// new MCMC(new AIES(() -> model(x, y))).numChains(40)
/// new AIES(() -> model(x, y)).moves(Map.of(new AIES.DEMove(), 0.8, new AIES.StretchMove(), 0.2))
/// ```
///
/// For densities of few dimensions whose gradient says little. The number of chains is even, at least 4, and had better be twice the
/// dimension. One acceptance per walker and iteration, so many iterations are needed; in more than about 20 dimensions NUTS wins by far.
///
/// Source: Goodman and Weare (2010); Nelson, Ford and Payne (2014); Foreman-Mackey et al. (2013).
///
/// @param target         what is sampled
/// @param weights        how often each move is chosen
/// @param randomizeSplit whether the halves that move in turn are drawn anew at every iteration; default false
public record AIES(Target target, Map<AIES.Move, Double> weights, boolean randomizeSplit) implements EnsembleSampler {
    /// How a walker moves.
    public sealed interface Move {}

    /// Differential evolution: `q' = q + γ (a − b)` for two other walkers, `γ ~ N(g₀, (g₀ σ)²)`.
    ///
    /// @param sigma relative spread of γ; ≥ 0; default 1e-5
    /// @param g0    mean of γ; > 0, or 0 for `2.38 / √(2 d)`
    public record DEMove(double sigma, double g0) implements Move {
        /// @throws IllegalArgumentException if a value is outside its domain
        public DEMove {
            HMCSettings.require(sigma >= 0 && Double.isFinite(sigma), "DEMove: sigma must be finite and ≥ 0", sigma);
            HMCSettings.require(g0 >= 0 && Double.isFinite(g0), "DEMove: g0 must be finite and ≥ 0", g0);
        }

        /// The defaults.
        public DEMove() {
            this(1e-5, 0);
        }
    }

    /// Stretch: `q' = a + z (q − a)` for another walker, `z` of density ∝ `1/√z` on `[1/a, a]`.
    ///
    /// @param a largest stretch; > 1; default 2
    public record StretchMove(double a) implements Move {
        /// @throws IllegalArgumentException if `a` is not > 1
        public StretchMove {
            HMCSettings.require(a > 1 && Double.isFinite(a), "StretchMove: a must be finite and > 1", a);
        }

        /// The default.
        public StretchMove() {
            this(2);
        }
    }

    /// @throws IllegalArgumentException if the weights are negative or all 0
    public AIES {
        weights = Map.copyOf(weights);
        WeightedMoves.of("AIES", weights);
    }

    /// The defaults, for the posterior of a model: differential evolution.
    public AIES(Model model) {
        this(new Target.Posterior(model), Map.of(new DEMove(), 1.0), false);
    }

    /// The defaults, for a density that the user wrote.
    public AIES(LogDensity density) {
        this(new Target.Density(density), Map.of(new DEMove(), 1.0), false);
    }

    /// The defaults, for use through [EnsembleSampler#start].
    public AIES() {
        this(new Target.Open(), Map.of(new DEMove(), 1.0), false);
    }

    /// A copy with other moves, chosen in proportion to their weights.
    public AIES moves(Map<Move, Double> v) {
        return new AIES(target, v, randomizeSplit);
    }

    /// A copy with another [#randomizeSplit()].
    public AIES randomizeSplit(boolean v) {
        return new AIES(target, weights, v);
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    @Override
    public String description() {
        return "AIES " + WeightedMoves.of("AIES", weights) + ", randomizeSplit " + randomizeSplit;
    }

    @Override
    public Ensemble start(LogDensity density, double[][] initialPositions, long seed, int numWarmup) {
        return new AffineInvariantWalkers(this, density, initialPositions, seed, numWarmup);
    }

    @Override
    public Ensemble resume(LogDensity density, ChainState state) {
        return new AffineInvariantWalkers(this, density, state);
    }
}
