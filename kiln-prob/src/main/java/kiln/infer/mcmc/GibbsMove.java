package kiln.infer.mcmc;

/// How the last coordinates of a [kiln.infer.SplitDensity] move while the first stand still; belongs to one chain.
sealed interface GibbsMove permits DiscreteSweep, GibbsDraw, RowMove {
    /// One transition that leaves the target invariant.
    ///
    /// @param position   all coordinates, of which the last are replaced
    /// @param logDensity the log density at the position
    void move(double[] position, double logDensity, ChainRandom random);

    /// {@return the mean acceptance probability of the latest transition, in [0, 1]}
    double acceptProb();
}
