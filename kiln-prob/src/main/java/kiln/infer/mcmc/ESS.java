package kiln.infer.mcmc;

import java.util.Map;
import kiln.infer.LogDensity;
import kiln.infer.store.ChainState;
import kiln.model.Model;

/// Ensemble slice sampling: every walker takes a slice sample along a direction that the other walkers suggest; needs no gradient.
///
/// ```
/// new MCMC(new ESS(() -> model(x, y))).numChains(40)
/// new ESS(() -> model(x, y)).moves(Map.of(new ESS.DifferentialMove(), 0.8, new ESS.RandomMove(), 0.2))
/// ```
///
/// Every iteration moves, at the cost of about five evaluations per walker, so it mixes faster than [AIES]. The number of chains is
/// even, at least 4, and had better be twice the dimension.
///
/// Source: Karamanis and Beutler, *Ensemble slice sampling* (2021), algorithms 1 to 4; Neal, *Slice sampling* (2003).
///
/// @param target         what is sampled
/// @param weights        how often each move is chosen
/// @param randomizeSplit whether the halves that move in turn are drawn anew at every iteration; default true
/// @param maxSteps       most widths that a slice may be stepped out; ≥ 1; default 10,000
/// @param maxIter        most evaluations in search of a point of the slice, after which the walker stays; ≥ 1; default 10,000
/// @param initMu         scale of the directions to begin with; > 0; default 1
/// @param tuneMu         whether the warm-up tunes it until expansions and contractions are equally frequent; default true
public record ESS(
        Target target, Map<ESS.Move, Double> weights, boolean randomizeSplit, int maxSteps, int maxIter, double initMu, boolean tuneMu)
        implements EnsembleSampler {
    /// Where the direction of a slice comes from; `μ` is the tuned scale.
    public sealed interface Move {}

    /// `η = 2μ (a − b)` for two walkers of the other half: good for most targets.
    public record DifferentialMove() implements Move {}

    /// `η = 2μ z / |z|` with a standard normal `z`: the walkers do not interact; for comparing.
    public record RandomMove() implements Move {}

    /// `η = 2μ z`, `z` normal with the covariance of the other half: for targets that are nearly normal.
    public record GaussianMove() implements Move {}

    /// `η = 2μ (a − b)` for two draws from a kernel density estimate of the other half: for several modes and many walkers.
    ///
    /// @param bandwidth width of the kernel relative to the covariance; > 0, or 0 for Scott's rule `m^(−1/(d+4))`
    public record KDEMove(double bandwidth) implements Move {
        /// @throws IllegalArgumentException if the bandwidth is negative
        public KDEMove {
            HMCSettings.require(bandwidth >= 0 && Double.isFinite(bandwidth), "KDEMove: bandwidth must be finite and ≥ 0", bandwidth);
        }

        /// Scott's rule.
        public KDEMove() {
            this(0);
        }
    }

    /// @throws IllegalArgumentException if a value is outside its domain
    public ESS {
        weights = Map.copyOf(weights);
        WeightedMoves.of("ESS", weights);
        HMCSettings.require(maxSteps >= 1, "maxSteps must be ≥ 1", maxSteps);
        HMCSettings.require(maxIter >= 1, "maxIter must be ≥ 1", maxIter);
        HMCSettings.require(initMu > 0 && Double.isFinite(initMu), "initMu must be finite and > 0", initMu);
    }

    private ESS(Target target) {
        this(target, Map.of(new DifferentialMove(), 1.0), true, 10_000, 10_000, 1, true);
    }

    /// The defaults, for the posterior of a model: differential moves.
    public ESS(Model model) {
        this(new Target.Posterior(model));
    }

    /// The defaults, for a density that the user wrote.
    public ESS(LogDensity density) {
        this(new Target.Density(density));
    }

    /// The defaults, for use through [EnsembleSampler#start].
    public ESS() {
        this(new Target.Open());
    }

    /// A copy with other moves, chosen in proportion to their weights.
    public ESS moves(Map<Move, Double> v) {
        return new ESS(target, v, randomizeSplit, maxSteps, maxIter, initMu, tuneMu);
    }

    /// A copy with another [#randomizeSplit()].
    public ESS randomizeSplit(boolean v) {
        return new ESS(target, weights, v, maxSteps, maxIter, initMu, tuneMu);
    }

    /// A copy with another [#maxSteps()].
    public ESS maxSteps(int v) {
        return new ESS(target, weights, randomizeSplit, v, maxIter, initMu, tuneMu);
    }

    /// A copy with another [#maxIter()].
    public ESS maxIter(int v) {
        return new ESS(target, weights, randomizeSplit, maxSteps, v, initMu, tuneMu);
    }

    /// A copy with another [#initMu()].
    public ESS initMu(double v) {
        return new ESS(target, weights, randomizeSplit, maxSteps, maxIter, v, tuneMu);
    }

    /// A copy with another [#tuneMu()].
    public ESS tuneMu(boolean v) {
        return new ESS(target, weights, randomizeSplit, maxSteps, maxIter, initMu, v);
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    @Override
    public String description() {
        return "ESS " + WeightedMoves.of("ESS", weights) + ", randomizeSplit " + randomizeSplit + ", maxSteps " + maxSteps + ", maxIter "
                + maxIter + ", initMu " + initMu + ", tuneMu " + tuneMu;
    }

    @Override
    public Ensemble start(LogDensity density, double[][] initialPositions, long seed, int numWarmup) {
        return new SliceWalkers(this, density, initialPositions, seed, numWarmup);
    }

    @Override
    public Ensemble resume(LogDensity density, ChainState state) {
        return new SliceWalkers(this, density, state);
    }
}
