package kiln.dist;

import kiln.array.NDArray;

/// Makes the zero-inflated distribution of a base with either parameter of the gate, as NumPyro's function of this name.
public final class ZeroInflatedDistribution {
    private ZeroInflatedDistribution() {}

    /// {@return the distribution with the probability of an additional 0}
    ///
    /// @param gate in [0, 1]
    public static ZeroInflatedProbs of(Distribution baseDist, Number gate) {
        return new ZeroInflatedProbs(baseDist, NDArray.as(gate));
    }

    /// {@return the distribution with the log odds of an additional 0}
    ///
    /// @param gateLogits any finite value
    public static ZeroInflatedLogits logits(Distribution baseDist, Number gateLogits) {
        return new ZeroInflatedLogits(baseDist, NDArray.as(gateLogits));
    }
}
