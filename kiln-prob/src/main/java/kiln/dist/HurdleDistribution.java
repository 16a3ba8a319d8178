package kiln.dist;

import kiln.array.NDArray;

/// Makes the hurdle distribution of a base with either parameter of the gate, as NumPyro's function of this name.
public final class HurdleDistribution {
    private HurdleDistribution() {}

    /// {@return the distribution with the probability of 0}
    ///
    /// @param gate in [0, 1]
    public static HurdleProbs of(Distribution baseDist, Number gate) {
        return new HurdleProbs(baseDist, NDArray.as(gate));
    }

    /// {@return the distribution with the log odds of 0}
    ///
    /// @param gateLogits any finite value
    public static HurdleLogits logits(Distribution baseDist, Number gateLogits) {
        return new HurdleLogits(baseDist, NDArray.as(gateLogits));
    }
}
