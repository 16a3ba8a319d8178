package kiln.infer.mcmc;

import kiln.infer.store.ChainState;

/// Draws and their scores since some iteration, and the metric that follows from them.
///
/// With positions `x`, scores `g = ∇L(x)`, and a whitening `x = m + W y`, `S = W Wᵀ`, the score of `y` is `Wᵀ g`. It would be `−y` if `y` were
/// standard normal. The metric minimises the mean of `|Wᵀ g + y|²` over the draws, the sample's Fisher divergence from the normal:
///
/// ```
/// diagonal   s_i = √(Var x_i / Var g_i)
/// full       S Cov(g) S = Cov(x),   the geometric mean of Cov(x) and Cov(g)⁻¹
/// ```
///
/// Either is exact for a normal posterior as soon as there are more draws than unknowns in a row, since then `g = −Σ⁻¹ (x − μ)` without noise,
/// where a sample covariance has errors of the order `√(d/n)`. Elsewhere it lies between the posterior covariance and the inverse mean
/// curvature, which is what limits the step size.
///
/// Source: Seyboldt, Carlson and Carpenter (2026), section 3.
sealed interface FisherEstimate permits ScoreMoments, ScorePairs, BlockMoments {
    /// The fewest draws a metric is made from.
    int LEAST = 3;

    /// The largest dimension in which the covariances of all pairs of coordinates are kept without being asked for.
    int DENSE_UP_TO = 200;

    /// An estimate without draws, of the kind the settings ask for.
    ///
    /// @param blocks groups of coordinates that are to have a full matrix each, and the others a diagonal
    static FisherEstimate of(HMCSettings settings, DenseBlocks blocks, int dimension) {
        return blocks.isEmpty() ? of(settings, dimension) : new BlockMoments(dimension, blocks);
    }

    /// The same without blocks.
    static FisherEstimate of(HMCSettings settings, int dimension) {
        boolean isOfAllPairs = isOfAllPairs(settings, dimension);
        return isOfAllPairs || settings.metricAdaptation() == MetricAdaptation.FISHER_DIAGONAL
                ? new ScoreMoments(dimension, isOfAllPairs)
                : new ScorePairs(dimension);
    }

    /// {@return whether an estimate without blocks keeps the covariances of all pairs of coordinates}
    static boolean isOfAllPairs(HMCSettings settings, int dimension) {
        return settings.denseMass() || (settings.metricAdaptation() == MetricAdaptation.FISHER && dimension <= DENSE_UP_TO);
    }

    /// Takes in a draw.
    ///
    /// @param position `x`, length `d`
    /// @param score    `∇L(x)`, length `d`
    void add(double[] position, double[] score);

    /// {@return the number of draws since [#clear]}
    long count();

    /// Forgets all draws.
    void clear();

    /// Saves everything under names that begin with a given one.
    void save(ChainState.Builder state, String name);

    /// Restores what [#save] saved.
    void restore(ChainState state, String name);

    /// The metric of the draws since [#clear], [#LEAST] at least.
    ///
    /// @param old what stays where no estimate can be made: for a coordinate whose variances are not finite and positive, or wholly
    Metric metric(Metric old);
}
