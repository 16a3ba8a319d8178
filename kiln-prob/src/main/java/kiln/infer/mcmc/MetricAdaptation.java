package kiln.infer.mcmc;

/// How the warm-up of NUTS and HMC estimates the metric.
public enum MetricAdaptation {
    /// From draws and scores (the gradients of the log density at the draws), in overlapping windows: the metric for which the whitened
    /// posterior looks most like a standard normal. It picks its shape itself: a diagonal for the first draws, then a full matrix
    /// in up to 200 dimensions and a diagonal with some directions of its own beyond; with `denseMass` the estimate of a full matrix in any dimension.
    /// The warm-up takes more care where steps diverge, see [HMCSettings#targetAcceptProb()].
    /// The default of the Hamiltonian samplers: several times the effective draws per gradient where coordinates are correlated. See
    /// `docs/warmup.md` for formulas and figures.
    FISHER,

    /// As [#FISHER], but always a diagonal.
    FISHER_DIAGONAL,

    /// Stan's and NumPyro's, and the default of [BarkerMH] and [RandomWalkMetropolis]: the posterior variances, with `denseMass` the covariances, in the windows of [WarmupSchedule].
    VARIANCE
}
